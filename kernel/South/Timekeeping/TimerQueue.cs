using System;
using LiteBox.Platform;

namespace LiteBox.South.Timekeeping;

/// <summary>
/// Armed timers in a binary heap by deadline. Each timer knows its place, so that disarming one does not search. Timers with equal deadlines expire in
/// no particular order.
/// </summary>
internal sealed class TimerQueue
{
    private KernelTimer[] heap = new KernelTimer[64];

    /// <summary>Armed timers.</summary>
    internal int Count { get; private set; }

    /// <summary>The earliest deadline, or the highest number where no timer is armed.</summary>
    internal ulong NextDeadline => Count == 0 ? ulong.MaxValue : heap[0].Deadline;

    /// <summary>Arms a timer, or moves one that is armed.</summary>
    internal void Arm(KernelTimer timer, ulong deadline)
    {
        if (!timer.IsArmed)
        {
            if (Count == heap.Length)
            {
                KernelTimer[] larger = new KernelTimer[heap.Length * 2];
                heap.AsSpan().CopyTo(larger);
                heap = larger;
            }

            timer.QueueIndex = Count;
            heap[Count] = timer;
            Count++;
        }

        timer.Deadline = deadline;
        Settle(timer);
    }

    /// <summary>Disarms a timer; nothing happens where it is not armed.</summary>
    internal void Cancel(KernelTimer timer)
    {
        if (!timer.IsArmed)
        {
            return;
        }

        int hole = timer.QueueIndex;
        timer.QueueIndex = -1;
        Count--;
        KernelTimer last = heap[Count];
        heap[Count] = null!;
        if (last != timer)
        {
            last.QueueIndex = hole;
            heap[hole] = last;
            Settle(last);
        }
    }

    /// <summary>Takes out a timer whose deadline has come, or null.</summary>
    internal KernelTimer? TakeExpired(ulong now)
    {
        if (Count == 0 || heap[0].Deadline > now)
        {
            return null;
        }

        KernelTimer timer = heap[0];
        Cancel(timer);
        return timer;
    }

    /// <summary>Moves a timer up or down to where its deadline belongs.</summary>
    private void Settle(KernelTimer timer)
    {
        int index = timer.QueueIndex;
        while (index > 0)
        {
            int parent = (index - 1) / 2;
            if (heap[parent].Deadline <= timer.Deadline)
            {
                break;
            }

            Place(heap[parent], index);
            index = parent;
        }

        while (true)
        {
            int child = (2 * index) + 1;
            if (child >= Count)
            {
                break;
            }

            if (child + 1 < Count && heap[child + 1].Deadline < heap[child].Deadline)
            {
                child++;
            }

            if (heap[child].Deadline >= timer.Deadline)
            {
                break;
            }

            Place(heap[child], index);
            index = child;
        }

        Place(timer, index);
    }

    private void Place(KernelTimer timer, int index)
    {
        heap[index] = timer;
        timer.QueueIndex = index;
    }
}
