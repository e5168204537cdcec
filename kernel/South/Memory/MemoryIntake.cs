using LiteBox.South.Handover;

namespace LiteBox.South.Memory;

/// <summary>
/// Takes possession of the machine's memory: checks what firmware says there is, gives every frame of RAM its record, and puts into the allocator
/// what is nobody's. Once, at boot, before anything else of South's memory is used.
/// </summary>
internal static unsafe class MemoryIntake
{
    /// <summary>Frames below 1 MiB are kept for starting other processors, which begin in real mode.</summary>
    private const ulong FirstFrame = (1 << 20) >> PageSize.Shift;

    private const int KeptCount = 8;

    private static FirmwareMemoryMap map;
    private static Kept kept;

    /// <summary>Null, or why this memory cannot be used.</summary>
    // SAFETY: the boot loader's tables map all RAM at the direct map; what is named in the structure is nobody else's.
    public static string? TryRun(in BootInformation information, int physicalBits)
    {
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

        if (!TryBeginEarly() || !TryMapRecords() || !TryPrepareRegions())
        {
            return "There is not enough memory for the kernel's own tables.";
        }

        Donate();
        return null;
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

    /// <summary>Bytes of RAM from an address to the end of its range in the memory map; 0 where there is none.</summary>
    public static ulong RamFrom(ulong address)
    {
        ulong frame = address >> PageSize.Shift;
        for (int i = 0; i < map.Count; i++)
        {
            if (EfiMemoryDescriptor.IsRam(map[i].Type) && map[i].Contains(frame, frame + 1))
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
        MemoryRange best = default;
        for (int i = 0; i < map.Count; i++)
        {
            MemoryRange range = map[i];
            if (range.Type == EfiMemoryType.Conventional && range.Start >= FirstFrame && range.End - range.Start > best.End - best.Start)
            {
                best = range;
            }
        }

        KernelFrames.BeginEarly(best.Start, best.End);
        return best.End != 0;
    }

    private static bool TryMapRecords()
    {
        long frames = 0;
        uint end = 0;
        for (int i = 0; i < map.Count; i++)
        {
            MemoryRange range = map[i];
            if (!EfiMemoryDescriptor.IsRam(range.Type))
            {
                continue;
            }

            frames += (long)(range.End - range.Start);
            end = (uint)range.End;
            if (!TryMapRecords((ulong)PhysicalMemory.FrameRecords, range.Start, range.End, FrameRecord.Shift)
                || !TryMapRecords((ulong)PhysicalMemory.BlockRecords, range.Start >> 9, ((range.End - 1) >> 9) + 1, BlockRecord.Shift))
            {
                return false;
            }
        }

        FrameDatabase.SetExtent(frames, end);
        return true;
    }

    /// <summary>Maps the pages that hold the records from one index to another, where they are not mapped yet.</summary>
    private static bool TryMapRecords(ulong records, ulong first, ulong end, int shift)
    {
        ulong stop = records + (end << shift);
        for (ulong page = (records + (first << shift)) & ~PageSize.Mask; page < stop; page += PageSize.Bytes)
        {
            if (!PhysicalMemory.TryMapRecordPage(page))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryPrepareRegions()
    {
        bool success = KernelPageTable.TryPrepareRegion(AddressSpaceLayout.Heap)
            && KernelPageTable.TryPrepareRegion(AddressSpaceLayout.Stacks)
            && KernelPageTable.TryPrepareRegion(AddressSpaceLayout.Devices);
        KernelPageTable.Share();
        return success;
    }

    // SAFETY: kept ranges and what was taken early are passed over.
    private static void Donate()
    {
        ulong earlyStart = FindEarlyStart();
        ulong earlyNext = KernelFrames.EarlyNext;
        KernelFrames.EndEarly();
        Mark(earlyStart, earlyNext, FrameKind.Kernel);
        for (int i = 0; i < KeptCount; i++)
        {
            Mark(kept.Starts[i], kept.Ends[i], i == 2 ? FrameKind.PageTable : FrameKind.Kernel);
        }

        for (int i = 0; i < map.Count; i++)
        {
            MemoryRange range = map[i];
            if (EfiMemoryDescriptor.IsFreeAfterBoot(range.Type))
            {
                ulong start = range.Start == earlyStart ? earlyNext : range.Start;
                DonateUnkept(start < FirstFrame ? FirstFrame : start, range.End);
            }
        }
    }

    /// <summary>The start of the range that early frames came from.</summary>
    private static ulong FindEarlyStart()
    {
        for (int i = 0; i < map.Count; i++)
        {
            if (map[i].Start < KernelFrames.EarlyNext && KernelFrames.EarlyNext <= map[i].End)
            {
                return map[i].Start;
            }
        }

        return 0;
    }

    private static void Mark(ulong start, ulong end, FrameKind kind)
    {
        for (ulong frame = start; frame < end; frame++)
        {
            FrameDatabase.Mark((uint)frame, kind);
        }
    }

    /// <summary>Gives a range to the allocator but for what is kept.</summary>
    // SAFETY: indices are below KeptCount.
    private static void DonateUnkept(ulong start, ulong end)
    {
        while (start < end)
        {
            ulong stop = end;
            ulong resume = end;
            for (int i = 0; i < KeptCount; i++)
            {
                if (kept.Starts[i] < stop && kept.Ends[i] > start)
                {
                    stop = kept.Starts[i] < start ? start : kept.Starts[i];
                    resume = kept.Ends[i];
                }
            }

            DonateRange(start, stop);
            start = resume;
        }
    }

    private static void DonateRange(ulong start, ulong end)
    {
        const ulong BlockMask = PageSize.FramesPerLarge - 1;
        ulong frame = start;
        while (frame < end)
        {
            if ((frame & BlockMask) == 0 && end - frame > BlockMask)
            {
                FrameDatabase.DonateBlock((uint)frame);
                frame += PageSize.FramesPerLarge;
            }
            else
            {
                FrameDatabase.Donate((uint)frame, FrameKind.Reserved);
                frame++;
            }
        }
    }

    private struct Kept
    {
        public fixed ulong Starts[KeptCount];
        public fixed ulong Ends[KeptCount];
    }
}
