using System;

namespace LiteBox.Platform;

/// <summary>
/// A place in one wait queue. Notify runs when the queue is woken, on whatever thread wakes it: it must not wait, allocate or wake other queues
/// in a cycle. An entry is in at most one queue at a time.
/// </summary>
public abstract class WaitEntry
{
    internal WaitQueue? Queue;
    internal WaitEntry? Previous;
    internal WaitEntry? Next;

    /// <summary>The queue was woken. The entry stays in the queue until its owner removes it.</summary>
    public abstract void Notify();

    /// <summary>Leaves its queue, if it is in one.</summary>
    public void Leave() => Queue?.Remove(this);
}

/// <summary>
/// Those who wait for something to become true. The kernel is not preempted, so nothing can slip in between a check of the condition and the
/// wait: <c>while (!condition) if (scheduler.Wait(queue) is not WaitResult.Woken) ...</c> loses no wake-up. A woken waiter checks again.
/// </summary>
public sealed class WaitQueue
{
    private WaitEntry? first;
    private WaitEntry? last;

    /// <summary>True where nobody waits.</summary>
    public bool IsEmpty => first is null;

    /// <summary>Joins the entry at the end.</summary>
    public void Add(WaitEntry entry)
    {
        if (entry.Queue is not null)
        {
            throw new InvalidOperationException("The wait entry is in a queue already.");
        }

        entry.Queue = this;
        entry.Previous = last;
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

    /// <summary>Takes the entry out.</summary>
    public void Remove(WaitEntry entry)
    {
        if (entry.Queue != this)
        {
            throw new InvalidOperationException("The wait entry is not in this queue.");
        }

        if (entry.Previous is null)
        {
            first = entry.Next;
        }
        else
        {
            entry.Previous.Next = entry.Next;
        }

        if (entry.Next is null)
        {
            last = entry.Previous;
        }
        else
        {
            entry.Next.Previous = entry.Previous;
        }

        entry.Queue = null;
        entry.Previous = null;
        entry.Next = null;
    }

    /// <summary>Notifies everybody, in the order in which they came.</summary>
    public void WakeAll()
    {
        WaitEntry? entry = first;
        while (entry is not null)
        {
            WaitEntry? next = entry.Next; // Notify may take the entry out
            entry.Notify();
            entry = next;
        }
    }

    /// <summary>Notifies the first one and takes it out of the queue. False where nobody waits.</summary>
    public bool WakeOne()
    {
        WaitEntry? entry = first;
        if (entry is null)
        {
            return false;
        }

        Remove(entry);
        entry.Notify();
        return true;
    }
}
