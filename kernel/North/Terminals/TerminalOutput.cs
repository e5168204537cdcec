using System;
using LiteBox.Platform;

namespace LiteBox.North.Terminals;

/// <summary>Where a terminal's output goes: a serial line, or the master side of a pseudo-terminal.</summary>
internal abstract class TerminalOutput
{
    /// <summary>Takes as many bytes as there is room for, and says how many. Never waits.</summary>
    public abstract int TryWrite(ReadOnlySpan<byte> bytes);

    /// <summary>Woken when room has come.</summary>
    public abstract WaitQueue Ready { get; }

    /// <summary>Bytes taken and not yet sent.</summary>
    public abstract int Pending { get; }
}
