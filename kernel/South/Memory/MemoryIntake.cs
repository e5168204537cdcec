using LiteBox.South.Handover;

namespace LiteBox.South.Memory;

/// <summary>
/// Takes possession of the machine's memory: checks what firmware says there is, gives every frame of RAM that is in use its record, and puts into the
/// allocator what is nobody's, asleep where it can be. Once, at boot, before anything else of South's memory is used.
/// </summary>
internal static unsafe class MemoryIntake
{
    /// <summary>Frames below 1 MiB are kept for starting other processors, which begin in real mode.</summary>
    private const ulong FirstFrame = (1 << 20) >> PageSize.Shift;

    private const ulong BlockMask = PageSize.FramesPerLarge - 1;
    private const int KeptCount = 8;

    private static FirmwareMemoryMap map;
    private static Kept kept;
    private static MemoryRange early;
    private static ulong earlyFirst;
    private static ulong earlyLast;
    private static bool usesUnaccepted;

    /// <summary>Null, or why this memory cannot be used.</summary>
    /// <param name="information">The boot loader's.</param>
    /// <param name="physicalBits">Bits of a physical address.</param>
    /// <param name="acceptsMemory">Whether there will be a <see cref="MemoryAcceptor"/>; else unaccepted memory is not used.</param>
    // SAFETY: the boot loader's tables map all accepted RAM at the direct map; what is named in the structure is nobody else's.
    public static string? TryRun(in BootInformation information, int physicalBits, bool acceptsMemory)
    {
        usesUnaccepted = acceptsMemory;
        early = default;
        byte* descriptors = (byte*)(PhysicalMemory.Base + information.MemoryMap.Start);
        string? problem = FirmwareMemoryMap.TryTake(
            descriptors, information.MemoryMap.Length, information.MemoryDescriptorSize, physicalBits, out map);
        if (problem is not null)
        {
            return problem;
        }

        if (!TryKeep(information))
        {
            return "The memory map does not say that the kernel's memory is the loader's.";
        }

        if (!TryBeginEarly() || !TryMapRecords() || !TryPrepareRegions() || !TryMapEarlyRecords())
        {
            return "There is not enough memory for the kernel's own tables.";
        }

        return TryGiveOut() ? null : "Free memory lies in more places than the kernel can note.";
    }

    /// <summary>Gives whole pages of the boot loader's to the allocator, when their contents are not needed any more.</summary>
    // SAFETY: the caller uses the range no more.
    public static void Release(PhysicalRange range)
    {
        ulong end = (range.Start + range.Length + PageSize.Mask) >> PageSize.Shift;
        for (ulong frame = (range.Start + PageSize.Mask) >> PageSize.Shift; frame < end; frame++)
        {
            if (!IsKeptByAnother(range, frame))
            {
                FrameDatabase.Donate((uint)frame, FrameKind.Kernel);
            }
        }
    }

    /// <summary>True where a frame at the edge of a range holds bytes of another kept one too.</summary>
    // SAFETY: indices are below KeptCount.
    private static bool IsKeptByAnother(PhysicalRange range, ulong frame)
    {
        for (int i = 0; i < KeptCount; i++)
        {
            if (kept.Starts[i] != range.Start >> PageSize.Shift && kept.Starts[i] <= frame && frame < kept.Ends[i])
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True where the memory map has RAM, or anything firmware keeps, among these frames.</summary>
    public static bool HasRam(ulong start, ulong end)
    {
        for (int i = 0; i < map.Count; i++)
        {
            if (EfiMemoryDescriptor.IsRam(map[i].Type) && map[i].Start < end && start < map[i].End)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True where the memory map has anything that goes to the allocator among these frames.</summary>
    public static bool HasFree(ulong start, ulong end)
    {
        for (int i = 0; i < map.Count; i++)
        {
            if (CanSleep(map[i].Type) && map[i].Start < end && start < map[i].End)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Bytes of accepted RAM from an address to the end of its range in the memory map; 0 where there is none.</summary>
    public static ulong RamFrom(ulong address)
    {
        ulong frame = address >> PageSize.Shift;
        for (int i = 0; i < map.Count; i++)
        {
            if (EfiMemoryDescriptor.IsAcceptedRam(map[i].Type) && map[i].Contains(frame, frame + 1))
            {
                return (map[i].End << PageSize.Shift) - address;
            }
        }

        return 0;
    }

    /// <summary>Notes what must not go into the allocator. False where firmware thinks that it is something else.</summary>
    private static bool TryKeep(in BootInformation information)
    {
        kept = default;
        return TryKeep(0, information.Self)
            && TryKeep(1, information.Image)
            && TryKeep(2, information.PageTables)
            && TryKeep(3, information.Stack)
            && TryKeep(4, information.MemoryMap)
            && TryKeep(5, information.CommandLine)
            && TryKeep(6, information.Initrd)
            && TryKeep(7, information.Symbols);
    }

    // SAFETY: the index is one of TryKeep's constants.
    private static bool TryKeep(int index, PhysicalRange range)
    {
        if (range.Length == 0)
        {
            return true;
        }

        if (range.Start >= PhysicalAddress.Limit || range.Length > PhysicalAddress.Limit - range.Start)
        {
            return false;
        }

        kept.Starts[index] = range.Start >> PageSize.Shift;
        kept.Ends[index] = (range.Start + range.Length + PageSize.Mask) >> PageSize.Shift;
        return map.IsLoaders(kept.Starts[index], kept.Ends[index]);
    }

    /// <summary>The largest free range serves until the frame database stands.</summary>
    private static bool TryBeginEarly()
    {
        for (int i = 0; i < map.Count; i++)
        {
            MemoryRange range = map[i];
            if (range.Type == EfiMemoryType.Conventional && range.Start >= FirstFrame && range.End - range.Start > early.End - early.Start)
            {
                early = range;
            }
        }

        KernelFrames.BeginEarly(early.Start, early.End);
        return early.End != 0;
    }

    /// <summary>Maps the records of all frames but those that sleep, and the tables for the rest.</summary>
    private static bool TryMapRecords()
    {
        long frames = 0;
        uint end = 0;
        for (int i = 0; i < map.Count; i++)
        {
            MemoryRange range = map[i];
            if (!IsUsable(range.Type))
            {
                continue;
            }

            frames += (long)(range.End - range.Start);
            end = (uint)range.End;
            if (!PhysicalMemory.TryPrepareRecords(range.Start, range.End) || (range.Start != early.Start && !TryMapRecords(range)))
            {
                return false;
            }
        }

        FrameDatabase.SetExtent(frames, end);
        return true;
    }

    private static bool TryMapRecords(in MemoryRange range)
    {
        bool success = true;
        for (ulong start = range.Start; success && start < range.End;)
        {
            ulong stop = EndOfPiece(start, range.End, out bool isKept);
            Blocks(start, !isKept && CanSleep(range.Type) ? stop : start, out ulong first, out ulong last);
            success = PhysicalMemory.TryMapRecords(start, first) && PhysicalMemory.TryMapRecords(last, stop);
            start = stop;
        }

        return success;
    }

    /// <summary>
    /// The range that early frames come from, last of all: it is awake from its start to a block behind the last frame that was taken, which is room enough for the
    /// records of these few blocks.
    /// </summary>
    private static bool TryMapEarlyRecords()
    {
        ulong awake = (KernelFrames.EarlyNext + (2 * PageSize.FramesPerLarge) - 1) & ~BlockMask;
        Blocks(awake, early.End, out earlyFirst, out earlyLast);
        return PhysicalMemory.TryMapRecords(early.Start, earlyFirst) && PhysicalMemory.TryMapRecords(earlyLast, early.End);
    }

    private static bool TryPrepareRegions()
    {
        bool success = KernelPageTable.TryPrepareRegion(AddressSpaceLayout.Heap)
            && KernelPageTable.TryPrepareRegion(AddressSpaceLayout.Stacks)
            && KernelPageTable.TryPrepareRegion(AddressSpaceLayout.Devices);
        KernelPageTable.Share();
        return success;
    }

    /// <summary>Gives what is nobody's to the allocator, the greater part of it asleep. False when it lies in too many places.</summary>
    // SAFETY: kept ranges and what was taken early are passed over.
    private static bool TryGiveOut()
    {
        ulong earlyNext = KernelFrames.EarlyNext;
        KernelFrames.EndEarly();
        Mark(early.Start, earlyNext, FrameKind.Kernel);
        for (int i = 0; i < KeptCount; i++)
        {
            Mark(kept.Starts[i], kept.Ends[i], FrameKind.Kernel);
        }

        bool success = true;
        for (int i = 0; success && i < map.Count; i++)
        {
            MemoryRange range = map[i];
            if (range.Start == early.Start && range.End == early.End)
            {
                success = TryGiveOut(earlyNext, early.End, earlyFirst, earlyLast);
            }
            else if (CanSleep(range.Type))
            {
                success = TryGiveOut(range);
            }
        }

        return success;
    }

    private static bool TryGiveOut(in MemoryRange range)
    {
        bool success = true;
        for (ulong start = range.Start; success && start < range.End;)
        {
            ulong stop = EndOfPiece(start, range.End, out bool isKept);
            Blocks(start, stop, out ulong first, out ulong last);
            if (range.Type == EfiMemoryType.Unaccepted)
            {
                success = DormantMemory.TryAdd(start, first, false) && DormantMemory.TryAdd(first, last, false) && DormantMemory.TryAdd(last, stop, false);
            }
            else if (!isKept)
            {
                success = TryGiveOut(start < FirstFrame ? FirstFrame : start, stop, first, last);
            }

            start = stop;
        }

        return success;
    }

    /// <summary>Whole blocks sleep; what lies before and behind them is free at once.</summary>
    private static bool TryGiveOut(ulong start, ulong end, ulong first, ulong last)
    {
        FrameDatabase.DonateRange(start, first);
        FrameDatabase.DonateRange(last, end);
        return DormantMemory.TryAdd(first, last, true);
    }

    /// <summary>The end of what is kept at a place, or of what lies before the next such thing.</summary>
    // SAFETY: indices are below KeptCount.
    private static ulong EndOfPiece(ulong start, ulong end, out bool isKept)
    {
        ulong stop = end;
        isKept = false;
        for (int i = 0; i < KeptCount; i++)
        {
            if (kept.Starts[i] <= start && start < kept.Ends[i])
            {
                isKept = true;
                return kept.Ends[i] < end ? kept.Ends[i] : end;
            }

            if (kept.Starts[i] > start && kept.Starts[i] < stop)
            {
                stop = kept.Starts[i];
            }
        }

        return stop;
    }

    /// <summary>The whole blocks among frames at or above 1 MiB: where there are none, both limits are the end.</summary>
    private static void Blocks(ulong start, ulong end, out ulong first, out ulong last)
    {
        first = ((start < FirstFrame ? FirstFrame : start) + BlockMask) & ~BlockMask;
        last = end & ~BlockMask;
        if (first >= last)
        {
            first = end;
            last = end;
        }
    }

    private static bool IsUsable(EfiMemoryType type) => EfiMemoryDescriptor.IsRam(type) && (type != EfiMemoryType.Unaccepted || usesUnaccepted);

    private static bool CanSleep(EfiMemoryType type) => EfiMemoryDescriptor.IsFreeAfterBoot(type) || (type == EfiMemoryType.Unaccepted && usesUnaccepted);

    private static void Mark(ulong start, ulong end, FrameKind kind)
    {
        for (ulong frame = start; frame < end; frame++)
        {
            FrameDatabase.Mark((uint)frame, kind);
        }
    }

    private struct Kept
    {
        public fixed ulong Starts[KeptCount];
        public fixed ulong Ends[KeptCount];
    }
}
