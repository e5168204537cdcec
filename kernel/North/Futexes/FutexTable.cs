using System.Runtime.CompilerServices;
using LiteBox.Abi;
using LiteBox.North.Memory;
using LiteBox.North.Processes;
using LiteBox.Platform;

namespace LiteBox.North.Futexes;

/// <summary>
/// Who waits on which word (futex(2)). A word is named by its address space and address, or, where it lies in a shared mapping, by the object and
/// the offset there.
/// </summary>
internal sealed class FutexTable
{
    private const int BucketCount = 256;

    private readonly FutexWaiter?[] first = new FutexWaiter?[BucketCount];
    private readonly FutexWaiter?[] last = new FutexWaiter?[BucketCount];

    /// <summary>
    /// Waits until a wake-up whose set of bits meets <paramref name="bits"/>, while the word holds <paramref name="expected"/>. EAGAIN: it does not.
    /// ETIMEDOUT, ERESTARTSYS.
    /// </summary>
    public Errno Wait(Task task, UserAddress address, bool isPrivate, uint expected, ulong deadline, uint bits)
    {
        if (!task.TryGetFutexWaiter(out FutexWaiter? waiter))
        {
            return Errno.ENOMEM;
        }

        Errno error = Locate(task, address, isPrivate, out object? owner, out ulong offset);
        if (error != Errno.None)
        {
            return error;
        }

        // Nothing runs between this look and the wait but what a page fault of the look itself lets run, so no wake-up is lost.
        if (!task.UserMemory.TryReadUInt32(address, out uint value))
        {
            return Errno.EFAULT;
        }

        if (value != expected)
        {
            return Errno.EAGAIN;
        }

        waiter.Owner = owner;
        waiter.Offset = offset;
        waiter.Bits = bits;
        Enqueue(waiter);
        while (waiter.IsQueued)
        {
            Errno result = task.Wait(waiter.Queue, deadline);
            if (result != Errno.None && waiter.IsQueued)
            {
                Dequeue(waiter);
                return result;
            }
        }

        return Errno.None;
    }

    /// <summary>Wakes at most <paramref name="count"/> waiters. The result is how many, or an error as a negative number.</summary>
    public int Wake(Task task, UserAddress address, bool isPrivate, int count, uint bits)
    {
        Errno error = Locate(task, address, isPrivate, out object? owner, out ulong offset);
        if (error != Errno.None)
        {
            return -(int)error;
        }

        return first[BucketOf(offset)] is null ? 0 : WakeAt(owner!, offset, count, bits);
    }

    /// <summary>Wakes some waiters and lets the others wait for another word. The result counts both kinds, or is an error as a negative number.</summary>
    public int Requeue(Task task, UserAddress from, UserAddress to, bool isPrivate, int wakeCount, int moveCount, uint? expected)
    {
        Errno error = Locate(task, from, isPrivate, out object? fromOwner, out ulong fromOffset);
        if (error == Errno.None)
        {
            error = Locate(task, to, isPrivate, out object? toOwner, out ulong toOffset);
            if (error == Errno.None && expected is { } value)
            {
                error = !task.UserMemory.TryReadUInt32(from, out uint found) ? Errno.EFAULT : found != value ? Errno.EAGAIN : Errno.None;
            }

            if (error == Errno.None)
            {
                int woken = WakeAt(fromOwner!, fromOffset, wakeCount, uint.MaxValue);
                int moved = Move(fromOwner!, fromOffset, toOwner!, toOffset, moveCount);
                return expected is null ? woken : woken + moved;
            }
        }

        return -(int)error;
    }

    private static int BucketOf(ulong offset) => (int)((offset >> 2) ^ (offset >> 12)) & (BucketCount - 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Errno Locate(Task task, UserAddress address, bool isPrivate, out object? owner, out ulong offset)
    {
        AddressSpace memory = task.Process.Memory!;
        owner = memory;
        offset = address.Value;
        if ((address.Value & 3) != 0)
        {
            return Errno.EINVAL;
        }

        if (!address.IsRangeInUserHalf(sizeof(uint)))
        {
            return Errno.EFAULT;
        }

        return isPrivate ? Errno.None : LocateShared(memory, address, ref owner, ref offset);
    }

    private static Errno LocateShared(AddressSpace memory, UserAddress address, ref object? owner, ref ulong offset)
    {
        MemoryArea? area = memory.Areas.Find(address);
        if (area is null)
        {
            return Errno.EFAULT;
        }

        if (area.IsShared)
        {
            owner = area.Object!;
            offset = (area.ObjectPageOf(address.PageStart) << UserAddress.PageShift) + (ulong)address.PageOffset;
        }

        return Errno.None;
    }

    private int WakeAt(object owner, ulong offset, int count, uint bits)
    {
        int woken = 0;
        FutexWaiter? waiter = first[BucketOf(offset)];
        while (waiter is not null && woken < count)
        {
            FutexWaiter? next = waiter.Next;
            if (waiter.Offset == offset && waiter.Owner == owner && (waiter.Bits & bits) != 0)
            {
                Dequeue(waiter);
                waiter.Queue.WakeAll();
                woken++;
            }

            waiter = next;
        }

        return woken;
    }

    private int Move(object fromOwner, ulong fromOffset, object toOwner, ulong toOffset, int count)
    {
        int moved = 0;
        FutexWaiter? waiter = first[BucketOf(fromOffset)];
        while (waiter is not null && moved < count)
        {
            FutexWaiter? next = waiter.Next;
            if (waiter.Offset == fromOffset && waiter.Owner == fromOwner)
            {
                moved++;
                if (fromOwner != toOwner || fromOffset != toOffset)
                {
                    Dequeue(waiter);
                    waiter.Owner = toOwner;
                    waiter.Offset = toOffset;
                    Enqueue(waiter);
                }
            }

            waiter = next;
        }

        return moved;
    }

    private void Enqueue(FutexWaiter waiter)
    {
        int bucket = BucketOf(waiter.Offset);
        waiter.IsQueued = true;
        waiter.Next = null;
        waiter.Previous = last[bucket];
        if (waiter.Previous is null)
        {
            first[bucket] = waiter;
        }
        else
        {
            waiter.Previous.Next = waiter;
        }

        last[bucket] = waiter;
    }

    private void Dequeue(FutexWaiter waiter)
    {
        int bucket = BucketOf(waiter.Offset);
        if (waiter.Previous is null)
        {
            first[bucket] = waiter.Next;
        }
        else
        {
            waiter.Previous.Next = waiter.Next;
        }

        if (waiter.Next is null)
        {
            last[bucket] = waiter.Previous;
        }
        else
        {
            waiter.Next.Previous = waiter.Previous;
        }

        waiter.Next = null;
        waiter.Previous = null;
        waiter.Owner = null;
        waiter.IsQueued = false;
    }
}
