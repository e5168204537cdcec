using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>poll(2) and ppoll(2).</summary>
internal static class PollCalls
{
    private const int Heap = 64 << 10;
    private const ulong NanosecondsPerMillisecond = 1_000_000;

    public static void AddTo(SystemCallTable table)
    {
        table.Add(SystemCallNumber.poll, Poll);
        table.Add(SystemCallNumber.ppoll, PollWithMask, heapBytes: Heap);
    }

    private static Result Poll(Task task, in SystemCallArguments a)
    {
        int milliseconds = a.Int2;
        ulong deadline = milliseconds switch
        {
            0 => 0,
            < 0 => Scheduler.Never,
            _ => task.Kernel.Machine.Clock.Monotonic + ((ulong)milliseconds * NanosecondsPerMillisecond),
        };
        return Poll(task, a, deadline);
    }

    private static Result Resume(Task task, in SystemCallArguments a) => Poll(task, a, task.RestartDeadline);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Result Poll(Task task, in SystemCallArguments a, ulong deadline)
    {
        Result result = Wait(task, a.A0, (uint)a.A1, deadline);
        return result.Error == Errno.ERESTARTSYS ? task.RestartWith(Resume, deadline) : result;
    }

    private static Result PollWithMask(Task task, in SystemCallArguments a)
    {
        Errno error = WaitTime.TryRead(task, a.A2, out ulong deadline);
        if (error != Errno.None)
        {
            return error;
        }

        error = TemporaryMask.Apply(task, a.A3, a.A4);
        if (error != Errno.None)
        {
            return error;
        }

        Result result = Wait(task, a.A0, (uint)a.A1, deadline);
        if (result.Error == Errno.ERESTARTSYS)
        {
            result = Errno.ERESTARTNOHAND;
        }
        else
        {
            task.RestoreMask();
        }

        WaitTime.StoreRest(task, a.A2, deadline);
        return result;
    }

    private static Result Wait(Task task, ulong address, uint count, ulong deadline)
    {
        if (count > (uint)DescriptorLimit.Of(task))
        {
            return Errno.EINVAL;
        }

        if (count > PollSet.SmallCount && !task.Kernel.Machine.Heap.TryReserve((int)count * PollSet.HeapPerEntry))
        {
            return Errno.ENOMEM;
        }

        Span<byte> entries = count <= PollSet.SmallCount ? stackalloc byte[PollSet.SmallCount * PollSet.EntrySize] : new byte[count * PollSet.EntrySize];
        entries = entries.Slice(0, (int)count * PollSet.EntrySize);
        if (!task.UserMemory.TryRead(new UserAddress(address), entries))
        {
            return Errno.EFAULT;
        }

        PollSet set = new(task, entries);
        Errno error = set.Wait(deadline);
        for (int i = 0; i < entries.Length; i += PollSet.EntrySize)
        {
            UserAddress found = new UserAddress(address) + (ulong)(i + 6);
            if (!task.UserMemory.TryWrite(found, entries.Slice(i + 6, 2)))
            {
                return Errno.EFAULT;
            }
        }

        return error != Errno.None ? error : set.ReadyCount;
    }
}

/// <summary>Relative time-outs as struct timespec: read at the start of a call, what is left written at its end (ppoll(2), pselect(2)).</summary>
internal static class WaitTime
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>The deadline for a time-out; no time-out: never; a time-out of 0: 0. EFAULT, EINVAL.</summary>
    public static Errno TryRead(Task task, ulong address, out ulong deadline)
    {
        deadline = Scheduler.Never;
        if (address == 0)
        {
            return Errno.None;
        }

        Span<byte> bytes = stackalloc byte[16];
        if (!task.UserMemory.TryRead(new UserAddress(address), bytes))
        {
            return Errno.EFAULT;
        }

        return TryMakeDeadline(task, BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadInt64LittleEndian(bytes.Slice(8)), out deadline);
    }

    /// <summary>The deadline for a relative time. EINVAL.</summary>
    public static Errno TryMakeDeadline(Task task, long seconds, long nanoseconds, out ulong deadline)
    {
        deadline = 0;
        if (seconds < 0 || (ulong)nanoseconds >= (ulong)NanosecondsPerSecond)
        {
            return Errno.EINVAL;
        }

        if (seconds > long.MaxValue / NanosecondsPerSecond / 2)
        {
            deadline = Scheduler.Never;
        }
        else if ((seconds | nanoseconds) != 0)
        {
            deadline = task.Kernel.Machine.Clock.Monotonic + ((ulong)(seconds * NanosecondsPerSecond)) + (ulong)nanoseconds;
        }

        return Errno.None;
    }

    /// <summary>Writes what is left of a time-out. A fault is nobody's business, as on Linux.</summary>
    public static void StoreRest(Task task, ulong address, ulong deadline)
    {
        if (address == 0)
        {
            return;
        }

        ulong left = Left(task, deadline);
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, left / (ulong)NanosecondsPerSecond);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.Slice(8), left % (ulong)NanosecondsPerSecond);
        task.UserMemory.TryWrite(new UserAddress(address), bytes);
    }

    /// <summary>Nanoseconds until a deadline; 0 when it is over.</summary>
    public static ulong Left(Task task, ulong deadline)
    {
        ulong now = task.Kernel.Machine.Clock.Monotonic;
        return deadline > now ? deadline - now : 0;
    }
}

/// <summary>The signal mask that ppoll(2) and pselect(2) put in force while they wait.</summary>
internal static class TemporaryMask
{
    private const ulong MaskSize = 8;

    /// <summary>Puts the mask at the address in force, if one is given. EFAULT, EINVAL for a wrong size.</summary>
    public static Errno Apply(Task task, ulong address, ulong size)
    {
        if (address == 0)
        {
            return Errno.None;
        }

        if (size != MaskSize)
        {
            return Errno.EINVAL;
        }

        if (!UserWords.TryReadInt64(task, address, out long mask))
        {
            return Errno.EFAULT;
        }

        task.ReplaceMask(unchecked((ulong)mask));
        return Errno.None;
    }
}
