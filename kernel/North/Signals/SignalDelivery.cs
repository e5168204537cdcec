using System.Numerics;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.Platform;

namespace LiteBox.North.Signals;

/// <summary>Takes pending signals on the way to user mode and does what their actions say.</summary>
internal static class SignalDelivery
{
    /// <summary>Takes one signal that the task does not block and acts on it; there may be none.</summary>
    public static void DeliverOne(Task task, ref UserRegisters registers)
    {
        if (!TryTake(task, ~task.BlockedSignals, out SignalInfo info))
        {
            return;
        }

        SignalAction action = task.Process.Actions[info.Signal];
        if (action.IsHandler)
        {
            RunHandler(task, info, action, ref registers);
        }
        else if (action.Handler == SignalAction.Default)
        {
            ActByDefault(task, info.Signal);
        }

        task.IsFaulting = false;
    }

    /// <summary>Takes a pending signal of the set: the task's own before the process's, faults before others, low numbers before high ones.</summary>
    public static bool TryTake(Task task, ulong set, out SignalInfo info)
    {
        ulong own = task.PendingSignals.Mask & set;
        ulong shared = task.Process.PendingSignals.Mask & set;
        if ((own | shared) == 0)
        {
            info = default;
            return false;
        }

        if (own != 0)
        {
            ulong first = (own & SignalMask.Synchronous) != 0 ? own & SignalMask.Synchronous : own;
            task.PendingSignals.Take(BitOperations.TrailingZeroCount(first) + 1, task.Kernel.SignalPool, out info);
        }
        else
        {
            task.Process.PendingSignals.Take(BitOperations.TrailingZeroCount(shared) + 1, task.Kernel.SignalPool, out info);
        }

        return true;
    }

    private static void RunHandler(Task task, in SignalInfo info, in SignalAction action, ref UserRegisters registers)
    {
        SystemCallRestart.BeforeHandler(ref registers, action.Has(SignalAction.SA_RESTART));
        if (!SignalFrame.TryPush(task, info, action, ref registers))
        {
            // No room for the frame: what Linux calls a forced SIGSEGV, which no handler can help.
            task.Process.BeginEnd(WaitStatuses.Killed(SignalNumber.SIGSEGV));
            return;
        }

        ulong blocked = task.BlockedSignals | action.Mask;
        if (!action.Has(SignalAction.SA_NODEFER))
        {
            blocked |= SignalMask.Of(info.Signal);
        }

        task.BlockedSignals = blocked & ~SignalMask.Unblockable;
        if (action.Has(SignalAction.SA_RESETHAND))
        {
            task.Process.Actions[info.Signal] = new SignalAction(SignalAction.Default, action.Flags, action.Restorer, action.Mask);
        }
    }

    private static void ActByDefault(Task task, int signal)
    {
        Process process = task.Process;
        ulong mask = SignalMask.Of(signal);
        bool isImmune = process.IsInit && !task.IsFaulting; // what was blocked when it came is of no effect on the first process either
        if ((mask & SignalMask.IgnoredByDefault) != 0 || isImmune)
        {
            return;
        }

        if ((mask & SignalMask.Stopping) == 0)
        {
            process.BeginEnd(WaitStatuses.Killed(signal));
        }
        else if (signal == SignalNumber.SIGSTOP || !process.Group.IsOrphaned)
        {
            process.Stop(signal);
        }
    }
}
