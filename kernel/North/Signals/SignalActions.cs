using System;
using System.Runtime.CompilerServices;

namespace LiteBox.North.Signals;

/// <summary>The actions of one process for all signals. Threads share it; fork copies it.</summary>
internal sealed class SignalActions
{
    private readonly SignalAction[] actions = new SignalAction[SignalNumber.Maximum];

    /// <summary>The action for a signal, 1 to 64.</summary>
    public SignalAction this[int signal]
    {
        get => actions[signal - 1];
        set => actions[signal - 1] = value;
    }

    /// <summary>True where the signal would do nothing at all: ignored, or default and harmless.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsIgnored(int signal)
    {
        ulong handler = actions[signal - 1].Handler;
        return handler == SignalAction.Ignore || (handler == SignalAction.Default && (SignalMask.IgnoredByDefault & SignalMask.Of(signal)) != 0);
    }

    /// <summary>fork: a table of its own with the same actions.</summary>
    public SignalActions Copy()
    {
        var copy = new SignalActions();
        actions.AsSpan().CopyTo(copy.actions);
        return copy;
    }

    /// <summary>execve: handlers are gone with the old program; ignored signals stay ignored.</summary>
    public void ResetHandlers()
    {
        for (int i = 0; i < actions.Length; i++)
        {
            actions[i] = new SignalAction(actions[i].Handler == SignalAction.Ignore ? SignalAction.Ignore : SignalAction.Default, 0, 0, 0);
        }
    }
}
