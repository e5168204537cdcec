using LiteBox.Abi;

namespace LiteBox.North.SystemCalls;

/// <summary>One row of the system call table.</summary>
internal sealed class SystemCallEntry
{
    public SystemCallEntry(int number, SystemCallHandler handler, SystemCallSupport support, int heapBytes, string notes)
    {
        Number = number;
        Handler = handler;
        Support = support;
        HeapBytes = heapBytes;
        Notes = notes;
    }

    public int Number { get; }

    /// <summary>Linux's name, or null for a number that has none.</summary>
    public string? Name => SystemCallNames.Of(Number);

    public SystemCallHandler Handler { get; }

    public SystemCallSupport Support { get; }

    /// <summary>The most heap that one call allocates, in bytes: reserved before it begins, so that it cannot run out inside.</summary>
    public int HeapBytes { get; }

    /// <summary>Flags and cases that are missing, for docs/syscalls.md.</summary>
    public string Notes { get; }

    /// <summary>True once the log has a line about a program that asked for this call in vain.</summary>
    public bool IsReported { get; set; }
}
