namespace LiteBox.North.Signals;

/// <summary>
/// Entries for queued signals, made at boot so that a terminal or a timer can send without allocating. When none is left, a standard signal
/// still arrives, without its details, and a real-time signal is refused (EAGAIN): the rule of Linux for RLIMIT_SIGPENDING.
/// </summary>
internal sealed class SignalPool
{
    private QueuedSignal? free;

    /// <summary>Makes a pool of <paramref name="count"/> entries.</summary>
    public SignalPool(int count)
    {
        Capacity = count;
        for (int i = 0; i < count; i++)
        {
            Return(new QueuedSignal());
        }
    }

    /// <summary>Entries in all.</summary>
    public int Capacity { get; }

    /// <summary>Entries not in use.</summary>
    public int FreeCount { get; private set; }

    /// <summary>Takes an entry, or null when none is left.</summary>
    public QueuedSignal? Take(in SignalInfo info)
    {
        QueuedSignal? entry = free;
        if (entry is not null)
        {
            free = entry.Next;
            entry.Next = null;
            entry.Info = info;
            FreeCount--;
        }

        return entry;
    }

    /// <summary>Gives an entry back.</summary>
    public void Return(QueuedSignal entry)
    {
        entry.Next = free;
        free = entry;
        FreeCount++;
    }
}
