using System.Runtime.CompilerServices;

namespace LiteBox.North.Signals;

/// <summary>Signals sent and not yet taken: of one task, or of a process for whichever of its tasks comes first.</summary>
internal sealed class PendingSignals
{
    private QueuedSignal? first;
    private QueuedSignal? last;

    /// <summary>A bit for each pending signal, SIGHUP (1) in bit 0, as sigset_t has them.</summary>
    public ulong Mask { get; private set; }

    /// <summary>
    /// Adds a signal. A standard signal that is pending already stays as it is; real-time signals queue. Without an entry (null), only the
    /// fact is kept.
    /// </summary>
    public void Add(int signal, QueuedSignal? entry)
    {
        Mask |= SignalMask.Of(signal);
        if (entry is null)
        {
            return;
        }

        entry.Next = null;
        if (last is null)
        {
            first = entry;
        }
        else
        {
            last.Next = entry;
        }

        last = entry;
    }

    /// <summary>True where the signal is pending.</summary>
    public bool Contains(int signal) => (Mask & SignalMask.Of(signal)) != 0;

    /// <summary>Takes the oldest instance of a pending signal out.</summary>
    public void Take(int signal, SignalPool pool, out SignalInfo info)
    {
        QueuedSignal? previous = null;
        QueuedSignal? found = first;
        while (found is not null && found.Info.Signal != signal)
        {
            previous = found;
            found = found.Next;
        }

        if (found is null)
        {
            Mask &= ~SignalMask.Of(signal);
            info = SignalInfo.FromProcess(signal, SignalInfo.SI_USER, 0, 0); // the sender found no entry to tell more
            return;
        }

        info = found.Info;
        Unlink(previous, found);
        pool.Return(found);
        if (!QueueHolds(signal))
        {
            Mask &= ~SignalMask.Of(signal);
        }
    }

    /// <summary>Throws all instances of the signals in the mask away.</summary>
    public void Discard(ulong mask, SignalPool pool)
    {
        if ((Mask & mask) == 0)
        {
            return;
        }

        Mask &= ~mask;
        QueuedSignal? previous = null;
        QueuedSignal? entry = first;
        while (entry is not null)
        {
            QueuedSignal? next = entry.Next;
            if ((SignalMask.Of(entry.Info.Signal) & mask) != 0)
            {
                Unlink(previous, entry);
                pool.Return(entry);
            }
            else
            {
                previous = entry;
            }

            entry = next;
        }
    }

    private void Unlink(QueuedSignal? previous, QueuedSignal entry)
    {
        if (previous is null)
        {
            first = entry.Next;
        }
        else
        {
            previous.Next = entry.Next;
        }

        if (last == entry)
        {
            last = previous;
        }

        entry.Next = null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool QueueHolds(int signal)
    {
        for (QueuedSignal? entry = first; entry is not null; entry = entry.Next)
        {
            if (entry.Info.Signal == signal)
            {
                return true;
            }
        }

        return false;
    }
}
