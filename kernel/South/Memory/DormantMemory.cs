namespace LiteBox.South.Memory;

/// <summary>
/// RAM that is nobody's and has no frame records yet, in whole blocks of 2 MiB: most of it, so that the boot costs the same whatever the size of memory. The
/// frame database wakes a block when it has nothing else. Memory that firmware left unaccepted sleeps here too and is accepted as it wakes, so the allocator
/// can never hand out what is not accepted (T30): it has no record to hand out.
/// </summary>
internal static unsafe class DormantMemory
{
    /// <summary>Ranges at most: far more than firmware leaves.</summary>
    private const int Capacity = 128;

    /// <summary>Log2 of the frames whose block records fill a page. Records are mapped for as many at once, from the first of their blocks that wakes.</summary>
    private const int GroupShift = 14;

    private const ulong BlockMask = PageSize.FramesPerLarge - 1;

    /// <summary>Pages that hold the frame records of one block.</summary>
    private const ulong RecordPagesPerBlock = (ulong)PageSize.FramesPerLarge << FrameRecord.Shift >> PageSize.Shift;

    private static Ranges ranges;
    private static int count;
    private static ulong lastGroup = ulong.MaxValue;
    private static MemoryAcceptor? acceptor;

    /// <summary>Frames that will be free when all has woken that can.</summary>
    public static long FrameCount { get; private set; }

    /// <summary>Frames that firmware left unaccepted and that are so still.</summary>
    public static long UnacceptedCount { get; private set; }

    /// <summary>
    /// Adds frames, in ascending order: whole blocks without records, or a part of one block whose records are mapped. False when there are too many ranges.
    /// </summary>
    // SAFETY: the index is below Capacity.
    public static bool TryAdd(ulong start, ulong end, bool isAccepted)
    {
        if (start >= end)
        {
            return true;
        }

        if (count == Capacity)
        {
            return false;
        }

        ranges.Starts[count] = start;
        ranges.Ends[count] = end;
        ranges.Accepted[count++] = isAccepted;
        FrameCount += (long)(end - start - RecordPages(start, end));
        UnacceptedCount += isAccepted ? 0 : (long)(end - start);
        return true;
    }

    /// <summary>From now on unaccepted memory can wake.</summary>
    // SAFETY: the index is below count.
    public static void AcceptBy(MemoryAcceptor machine)
    {
        acceptor = machine;
        for (int i = 0; i < count; i++)
        {
            if (!ranges.Accepted[i])
            {
                machine.Expect(ranges.Starts[i], ranges.Ends[i]);
            }
        }
    }

    /// <summary>Gives one more block, or what there is of it, to the frame database. False when nothing sleeps any more. Accepted memory comes first.</summary>
    public static bool TryWake() => TryWake(true) || TryWake(false);

    /// <summary>The same with memory that has to be accepted, for idle time.</summary>
    public static bool TryWakeUnaccepted() => UnacceptedCount != 0 && TryWake(false);

    /// <summary>Forgets everything: for tests.</summary>
    public static void Reset()
    {
        count = 0;
        lastGroup = ulong.MaxValue;
        acceptor = null;
        FrameCount = 0;
        UnacceptedCount = 0;
    }

    // SAFETY: the index is below count.
    private static bool TryWake(bool isAccepted)
    {
        for (int i = 0; i < count && (isAccepted || acceptor is not null); i++)
        {
            if (ranges.Accepted[i] == isAccepted && ranges.Starts[i] < ranges.Ends[i])
            {
                ulong start = ranges.Starts[i];
                ulong end = ranges.Ends[i];
                ulong stop = (start | BlockMask) + 1 < end ? (start | BlockMask) + 1 : end;
                ranges.Starts[i] = stop; // first: nothing below may come here again
                Wake(start, stop, end, isAccepted);
                return true;
            }
        }

        return false;
    }

    private static void Wake(ulong start, ulong stop, ulong rangeEnd, bool isAccepted)
    {
        FrameCount -= (long)(stop - start);
        if (!isAccepted)
        {
            UnacceptedCount -= (long)(stop - start);
            acceptor!.Accept((uint)start, (uint)(stop - start), rangeEnd);
        }

        ulong first = HasRecords(start) ? start : MapRecords(start, stop, rangeEnd);
        FrameCount += (long)(first - start);
        FrameDatabase.DonateRange(first, stop);
    }

    /// <summary>
    /// Maps the records of the blocks from here to the end of their group, with frames of the first block itself: whoever wakes it may be out of all others.
    /// </summary>
    private static ulong MapRecords(ulong start, ulong stop, ulong rangeEnd)
    {
        ulong groupEnd = ((start >> GroupShift) + 1) << GroupShift;
        KernelFrames.BeginEarly(start, stop);
        bool success = PhysicalMemory.TryMapRecords(start, groupEnd < rangeEnd ? groupEnd : rangeEnd);
        ulong first = KernelFrames.EarlyNext;
        KernelFrames.EndEarly();
        if (!success)
        {
            Invariant.Broken("A block of memory does not hold the records of its group.");
        }

        for (ulong frame = start; frame < first; frame++)
        {
            FrameDatabase.Mark((uint)frame, FrameKind.Kernel);
        }

        return first;
    }

    // SAFETY: only the record's address is taken.
    private static bool HasRecords(ulong frame) => PhysicalMemory.HasRecordPage((ulong)(PhysicalMemory.FrameRecords + frame) & ~PageSize.Mask);

    /// <summary>Pages that <see cref="MapRecords"/> will take for a range.</summary>
    // SAFETY: as above.
    private static ulong RecordPages(ulong start, ulong end)
    {
        if (HasRecords(start))
        {
            return 0;
        }

        ulong pages = (end - start) / PageSize.FramesPerLarge * RecordPagesPerBlock;
        for (ulong group = start >> GroupShift; group <= (end - 1) >> GroupShift; group++)
        {
            ulong page = (ulong)PhysicalMemory.BlockRecords + (group << PageSize.Shift);
            pages += group == lastGroup || PhysicalMemory.HasRecordPage(page) ? 0UL : 1UL;
            lastGroup = group;
        }

        return pages;
    }

    private struct Ranges
    {
        public fixed ulong Starts[Capacity];
        public fixed ulong Ends[Capacity];
        public fixed bool Accepted[Capacity];
    }
}
