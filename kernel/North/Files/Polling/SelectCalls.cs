using System;
using System.Buffers.Binary;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>select(2) and pselect6(2): bit sets turned into a <see cref="PollSet"/> and back.</summary>
internal static class SelectCalls
{
    /// <summary>The most descriptors: those that a table can have. glibc's sets end at 1024.</summary>
    private const int Heap = 64 << 10;
    private const int BitsPerWord = 64;
    private const long NanosecondsPerMicrosecond = 1000;
    private const long MicrosecondsPerSecond = 1_000_000;

    public static void AddTo(SystemCallTable table)
    {
        table.Add(SystemCallNumber.select, Select, heapBytes: Heap);
        table.Add(SystemCallNumber.pselect6, SelectWithMask, heapBytes: Heap);
    }

    private static Result Select(Task task, in SystemCallArguments a)
    {
        ulong deadline = Scheduler.Never;
        if (a.A4 != 0)
        {
            Span<byte> bytes = stackalloc byte[16];
            if (!task.UserMemory.TryRead(new UserAddress(a.A4), bytes))
            {
                return Errno.EFAULT;
            }

            long seconds = BinaryPrimitives.ReadInt64LittleEndian(bytes);
            long microseconds = BinaryPrimitives.ReadInt64LittleEndian(bytes.Slice(8));
            if (seconds < 0 || microseconds < 0)
            {
                return Errno.EINVAL;
            }

            seconds = seconds > long.MaxValue / 4 ? seconds : seconds + (microseconds / MicrosecondsPerSecond);
            Errno error = WaitTime.TryMakeDeadline(task, seconds, microseconds % MicrosecondsPerSecond * NanosecondsPerMicrosecond, out deadline);
            if (error != Errno.None)
            {
                return error;
            }
        }

        Result result = Wait(task, a, deadline);
        if (a.A4 != 0)
        {
            ulong left = WaitTime.Left(task, deadline) / (ulong)NanosecondsPerMicrosecond;
            Span<byte> bytes = stackalloc byte[16];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, left / (ulong)MicrosecondsPerSecond);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.Slice(8), left % (ulong)MicrosecondsPerSecond);
            task.UserMemory.TryWrite(new UserAddress(a.A4), bytes);
        }

        return result.Error == Errno.ERESTARTSYS ? Errno.ERESTARTNOHAND : result;
    }

    private static Result SelectWithMask(Task task, in SystemCallArguments a)
    {
        Errno error = WaitTime.TryRead(task, a.A4, out ulong deadline);
        if (error != Errno.None)
        {
            return error;
        }

        if (a.A5 != 0)
        {
            // The sixth argument leads to the mask's address and size.
            if (!UserWords.TryReadInt64(task, a.A5, out long maskAddress) || !UserWords.TryReadInt64(task, a.A5 + 8, out long maskSize))
            {
                return Errno.EFAULT;
            }

            error = TemporaryMask.Apply(task, (ulong)maskAddress, (ulong)maskSize);
            if (error != Errno.None)
            {
                return error;
            }
        }

        Result result = Wait(task, a, deadline);
        if (result.Error == Errno.ERESTARTSYS)
        {
            result = Errno.ERESTARTNOHAND;
        }
        else
        {
            task.RestoreMask();
        }

        WaitTime.StoreRest(task, a.A4, deadline);
        return result;
    }

    private static Result Wait(Task task, in SystemCallArguments a, ulong deadline)
    {
        int count = a.Int0;
        if (count < 0)
        {
            return Errno.EINVAL;
        }

        count = Math.Min(count, task.Files.Capacity);
        int setLength = (count + BitsPerWord - 1) / BitsPerWord * 8;
        if (!task.Kernel.Machine.Heap.TryReserve(Heap + (count * 256)))
        {
            return Errno.ENOMEM;
        }

        Span<byte> sets = setLength <= 128 ? stackalloc byte[3 * 128] : new byte[3 * setLength];
        sets = sets.Slice(0, 3 * setLength);
        sets.Clear();
        Span<byte> reads = sets.Slice(0, setLength);
        Span<byte> writes = sets.Slice(setLength, setLength);
        Span<byte> exceptions = sets.Slice(2 * setLength, setLength);
        bool isRead = (a.A1 == 0 || task.UserMemory.TryRead(new UserAddress(a.A1), reads))
            && (a.A2 == 0 || task.UserMemory.TryRead(new UserAddress(a.A2), writes))
            && (a.A3 == 0 || task.UserMemory.TryRead(new UserAddress(a.A3), exceptions));
        if (!isRead)
        {
            return Errno.EFAULT;
        }

        int entryCount = CountEntries(sets, setLength, count);
        Span<byte> entries = entryCount <= PollSet.SmallCount
            ? stackalloc byte[PollSet.SmallCount * PollSet.EntrySize]
            : new byte[entryCount * PollSet.EntrySize];
        entries = entries.Slice(0, entryCount * PollSet.EntrySize);
        if (!TryFillEntries(task, sets, setLength, count, entries))
        {
            return Errno.EBADF;
        }

        PollSet set = new(task, entries);
        Errno error = set.Wait(deadline);
        if (error != Errno.None)
        {
            return error;
        }

        int bits = StoreBits(sets, setLength, entries);
        bool isStored = (a.A1 == 0 || task.UserMemory.TryWrite(new UserAddress(a.A1), reads))
            && (a.A2 == 0 || task.UserMemory.TryWrite(new UserAddress(a.A2), writes))
            && (a.A3 == 0 || task.UserMemory.TryWrite(new UserAddress(a.A3), exceptions));
        return isStored ? bits : Errno.EFAULT;
    }

    private static bool IsSet(ReadOnlySpan<byte> set, int bit) => (set[bit >> 3] >> (bit & 7) & 1) != 0;

    private static int CountEntries(ReadOnlySpan<byte> sets, int setLength, int count)
    {
        int entries = 0;
        for (int descriptor = 0; descriptor < count; descriptor++)
        {
            if (IsSet(sets, descriptor) || IsSet(sets.Slice(setLength), descriptor) || IsSet(sets.Slice(2 * setLength), descriptor))
            {
                entries++;
            }
        }

        return entries;
    }

    private static bool TryFillEntries(Task task, ReadOnlySpan<byte> sets, int setLength, int count, Span<byte> entries)
    {
        int position = 0;
        for (int descriptor = 0; descriptor < count; descriptor++)
        {
            uint wanted = (IsSet(sets, descriptor) ? PollEvents.SelectRead : 0)
                | (IsSet(sets.Slice(setLength), descriptor) ? PollEvents.SelectWrite : 0)
                | (IsSet(sets.Slice(2 * setLength), descriptor) ? PollEvents.Priority : 0);
            if (wanted == 0)
            {
                continue;
            }

            if (!task.Files.TryGet(descriptor, out _))
            {
                return false;
            }

            BinaryPrimitives.WriteInt32LittleEndian(entries.Slice(position), descriptor);
            BinaryPrimitives.WriteUInt16LittleEndian(entries.Slice(position + 4), (ushort)wanted);
            position += PollSet.EntrySize;
        }

        return true;
    }

    /// <summary>Leaves in the sets the bits of what was found; the result is their number.</summary>
    private static int StoreBits(Span<byte> sets, int setLength, ReadOnlySpan<byte> entries)
    {
        int bits = 0;
        for (int i = 0; i < entries.Length; i += PollSet.EntrySize)
        {
            int descriptor = BinaryPrimitives.ReadInt32LittleEndian(entries.Slice(i));
            uint found = BinaryPrimitives.ReadUInt16LittleEndian(entries.Slice(i + 6));
            bits += Keep(sets, descriptor, (found & PollEvents.SelectRead) != 0);
            bits += Keep(sets.Slice(setLength), descriptor, (found & PollEvents.SelectWrite) != 0);
            bits += Keep(sets.Slice(2 * setLength), descriptor, (found & PollEvents.Priority) != 0);
        }

        return bits;
    }

    private static int Keep(Span<byte> set, int descriptor, bool isReady)
    {
        if (!IsSet(set, descriptor))
        {
            return 0;
        }

        if (!isReady)
        {
            set[descriptor >> 3] &= (byte)~(1 << (descriptor & 7));
            return 0;
        }

        return 1;
    }
}
