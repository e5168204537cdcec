using LiteBox.Platform;

namespace LiteBox.North.Futexes;

/// <summary>A task that waits on a word. Each task has one, made at its first wait.</summary>
internal sealed class FutexWaiter
{
    /// <summary>Only the task itself waits here.</summary>
    public WaitQueue Queue { get; } = new();

    public FutexWaiter? Next { get; set; }

    public FutexWaiter? Previous { get; set; }

    /// <summary>What the word belongs to: an address space or a memory object. Null while not queued.</summary>
    public object? Owner { get; set; }

    /// <summary>Where in it.</summary>
    public ulong Offset { get; set; }

    /// <summary>The set of bits to be woken by (FUTEX_WAIT_BITSET).</summary>
    public uint Bits { get; set; }

    /// <summary>False once a wake-up chose it.</summary>
    public bool IsQueued { get; set; }
}
