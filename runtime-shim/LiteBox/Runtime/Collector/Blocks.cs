using System;

namespace LiteBox.Runtime;

/// <summary>Blocks taken from regions and given back.</summary>
internal static unsafe class Blocks
{
    internal const int Shift = 13;
    internal const nuint Bytes = 1 << Shift;

    // A reservation assumes the worst: that each size class needs a new block, and each block is filled to half.
    private const int ForClasses = SizeClasses.Count;

    private static int s_region;

    // So many free blocks were found side by side since a block was last taken.
    private static int s_knownRun;

    /// <summary>Free blocks that the heap does not give back, so that the next reservation is quick.</summary>
    internal const int KeptFree = 2 * ForClasses;

    /// <summary>Blocks that nothing is in.</summary>
    internal static int FreeCount { get; set; }

    /// <summary>Bytes of blocks taken since the last collection.</summary>
    internal static nuint TakenBytes { get; set; }

    /// <summary>
    /// Whether objects of so many bytes together are sure to find room. Small ones need free blocks anywhere. If there may be a large one, the blocks
    /// must lie side by side, so that it finds its run whatever else is taken from them first.
    /// </summary>
    internal static bool CanReserve(nuint bytes) =>
        FreeCount >= CountToReserve(bytes) && (bytes <= SizeClasses.Largest || HasRun(CountToReserve(bytes)));

    /// <summary>Bytes of blocks that a reservation needs.</summary>
    internal static nuint BytesToReserve(nuint bytes) => (nuint)CountToReserve(bytes) << Shift;

    private static int CountToReserve(nuint bytes) => ForClasses + 1 + (int)(bytes >> (Shift - 1));

    /// <summary>Takes a block for cells and clears it; null if there is none and none to be had.</summary>
    internal static byte* TakeForCells(int sizeClass) => Take(1, BlockKind.Cells, sizeClass);

    /// <summary>Takes blocks for one large object and clears them; null if there are none and none to be had.</summary>
    internal static byte* TakeForLarge(nuint bytes) => Take(RunFor(bytes), BlockKind.LargeStart, 0);

    /// <summary>Takes blocks of a region for a table of the collector.</summary>
    internal static byte* TakePermanent(Region* region, nuint bytes)
    {
        int count = RunFor(bytes);
        int index = region->FreeBlocks >= count ? FindRun(region, count) : -1;
        if (index < 0)
        {
            FailFast.Stop("OutOfMemoryException", "A region is too small for the collector's tables.");
        }

        return Claim(region, index, count, BlockKind.Permanent, 0);
    }

    /// <summary>Gives back the run of blocks that starts at an address.</summary>
    internal static void GiveBack(byte* start)
    {
        Region* region = Regions.Find((nuint)start);
        int index = (int)(((nuint)start - region->FirstBlock) >> Shift);
        GiveBack(region, index);
    }

    internal static void GiveBack(Region* region, int index)
    {
        Block* block = region->Blocks + index;
        int count = block->Kind == BlockKind.Cells ? 1 : block->Blocks;
        for (int i = 0; i < count; i++)
        {
            block[i] = default;
        }

        region->FreeBlocks += count;
        FreeCount += count;
        region->Cursor = Math.Min(region->Cursor, index);
    }

    /// <summary>Blocks that an object of so many bytes takes.</summary>
    internal static int RunFor(nuint bytes) => (int)((bytes + Bytes - 1) >> Shift);

    /// <summary>After a sweep: blocks are taken from the lowest region again.</summary>
    internal static void StartOver() => s_region = 0;

    /// <summary>A region in which nothing is leaves the heap.</summary>
    internal static void ForgetRegion(Region* region)
    {
        s_knownRun = 0;
        FreeCount -= region->FreeBlocks;
    }

    /// <summary>So many free blocks have no memory any more; fewer than none: have memory again.</summary>
    internal static void CountAbsent(int blocks)
    {
        s_knownRun = 0;
        FreeCount -= blocks;
    }

    private static byte* Take(int count, BlockKind kind, int sizeClass)
    {
        byte* memory = TakeFromRegions(count, kind, sizeClass);
        if (memory == null && Heap.CanGrow((nuint)count << Shift))
        {
            memory = TakeFromRegions(count, kind, sizeClass);
        }

        return memory;
    }

    // SAFETY: s_region is a hint only; every use is bounded by the number of regions.
    private static byte* TakeFromRegions(int count, BlockKind kind, int sizeClass)
    {
        int regions = Regions.Count;
        for (int i = 0; i < regions; i++)
        {
            int number = s_region + i;
            number = number < regions ? number : number % regions;
            Region* region = Regions.At(number);
            if (region->FreeBlocks >= count)
            {
                int index = FindRun(region, count);
                if (index >= 0)
                {
                    s_region = number;
                    return Claim(region, index, count, kind, sizeClass);
                }
            }
        }

        return null;
    }

    private static byte* Claim(Region* region, int index, int count, BlockKind kind, int sizeClass)
    {
        Block* block = region->Blocks + index;
        *block = new Block { Kind = kind, SizeClass = (byte)sizeClass, Blocks = count };
        for (int i = 1; i < count; i++)
        {
            block[i] = new Block { Kind = BlockKind.LargeRest, Blocks = i };
        }

        s_knownRun = 0;
        region->FreeBlocks -= count;
        FreeCount -= count;
        TakenBytes += (nuint)count << Shift;
        if (region->Cursor == index)
        {
            region->Cursor = index + count;
        }

        byte* memory = region->BlockAddress(index);
        Buffer.Zero(ref *memory, (nuint)count << Shift);
        return memory;
    }

    private static int FindRun(Region* region, int count)
    {
        int run = 0;
        for (int i = region->Cursor; i < region->BlockCount; i++)
        {
            bool isFree = region->Blocks[i].Kind == BlockKind.Free;
            if (!isFree && run == 0 && i == region->Cursor)
            {
                region->Cursor++;
            }

            run = isFree ? run + 1 : 0;
            if (run == count)
            {
                return i - count + 1;
            }
        }

        return -1;
    }

    private static bool HasRun(int count)
    {
        if (count <= s_knownRun)
        {
            return true;
        }

        for (int i = 0; i < Regions.Count; i++)
        {
            Region* region = Regions.At(i);
            if (region->FreeBlocks >= count && FindRun(region, count) >= 0)
            {
                s_knownRun = count;
                return true;
            }
        }

        return false;
    }
}
