using System;

namespace LiteBox.North.Processes;

// What a process keeps for /proc.
internal sealed partial class Process
{
    /// <summary>The command name of a zombie, whose tasks are gone: 15 bytes and a zero.</summary>
    public byte[] EndedName { get; internal set; } = [];
}
