using Internal.Runtime;
using System.Runtime.CompilerServices;

namespace LiteBox.Runtime;

/// <summary>What a block is used for.</summary>
internal enum BlockKind : byte
{
    Free = 0,

    /// <summary>Cells of one size class.</summary>
    Cells,

    /// <summary>The first block of a large object.</summary>
    LargeStart,

    /// <summary>A further block of a large object.</summary>
    LargeRest,

    /// <summary>The collector's own tables.</summary>
    Permanent,

    /// <summary>Free, and without memory: see <see cref="AbsentBlocks"/>.</summary>
    Absent,
}

/// <summary>What is known of one block.</summary>
internal struct Block
{
    internal BlockKind Kind;
    internal byte SizeClass;

    /// <summary>Of a large object: at its first block the number of blocks, at the others the distance back to the first.</summary>
    internal int Blocks;
}

/// <summary>The head of a region. Behind it lie the descriptions of its blocks, then the blocks.</summary>
internal unsafe struct Region
{
    internal nuint Start;
    internal nuint Bytes;
    internal nuint FirstBlock;
    internal int BlockCount;
    internal int FreeBlocks;
    internal int AbsentBlocks;

    /// <summary>No block before this one is free.</summary>
    internal int Cursor;

    // SAFETY: Regions.Add left room for them.
    internal Block* Blocks => (Block*)((byte*)Unsafe.AsPointer(ref this) + sizeof(Region));

    internal readonly byte* BlockAddress(int index) => (byte*)FirstBlock + ((nuint)index << LiteBox.Runtime.Blocks.Shift);
}

/// <summary>The memory of the heap, in order of address.</summary>
internal static unsafe class Regions
{
    private const int FirstCapacity = 32;
    private const nuint LeastRegion = 256 << 10;

    // Blocks begin at multiples of a page, so that the memory of each can go back on its own.
    private const nuint Alignment = 4096;

    private static FirstTable s_firstTable;
    private static Region** s_table;
    private static int s_capacity;
    private static int s_count;

    internal static int Count => s_count;

    internal static Region* At(int index) => s_table[index];

    internal static nuint TotalBytes { get; private set; }

    /// <summary>How large a region must be for an object of so many bytes.</summary>
    internal static nuint BytesFor(nuint bytes)
    {
        nuint needed = bytes + (bytes >> 4) + (4 * Blocks.Bytes);
        return needed > LeastRegion ? needed : LeastRegion;
    }

    /// <summary>How large a region is asked for first: a part of what is there, so that there are never many regions.</summary>
    internal static nuint PreferredBytesFor(nuint bytes)
    {
        nuint least = BytesFor(bytes);
        return least > TotalBytes >> 2 ? least : TotalBytes >> 2;
    }

    // SAFETY: the caller owns the memory and gives it up; the head, the descriptions and the blocks fit into it.
    internal static void Add(nuint start, nuint bytes)
    {
        SizeClasses.Initialize();
        nuint alignedStart = (start + 63) & ~(nuint)63;
        nuint blocks = (start + bytes - alignedStart - (nuint)sizeof(Region) - Alignment) / (Blocks.Bytes + (nuint)sizeof(Block));
        Region* region = (Region*)alignedStart;
        *region = new Region
        {
            Start = start,
            Bytes = bytes,
            FirstBlock = (alignedStart + (nuint)sizeof(Region) + (blocks * (nuint)sizeof(Block)) + Alignment - 1) & ~(Alignment - 1),
            BlockCount = (int)blocks,
            FreeBlocks = (int)blocks,
        };
        for (int i = 0; i < region->BlockCount; i++)
        {
            region->Blocks[i] = default;
        }

        TotalBytes += bytes;
        Blocks.FreeCount += region->BlockCount;
        EnsureTable(region);
        Insert(region);
        Marker.EnsureStack();
    }

    /// <summary>So many free blocks of a region have no memory any more; fewer than none: have memory again.</summary>
    internal static void CountAbsent(Region* region, int blocks)
    {
        region->AbsentBlocks += blocks;
        region->FreeBlocks -= blocks;
        Blocks.CountAbsent(blocks);
        TotalBytes -= (nuint)(blocks << Blocks.Shift);
    }

    /// <summary>Finds the region whose blocks an address lies in; null for an address outside the heap.</summary>
    internal static Region* Find(nuint address)
    {
        int low = 0;
        int high = s_count - 1;
        while (low <= high)
        {
            int middle = (low + high) >> 1;
            Region* region = s_table[middle];
            if (address < region->FirstBlock)
            {
                high = middle - 1;
            }
            else if (address >= region->FirstBlock + ((nuint)region->BlockCount << Blocks.Shift))
            {
                low = middle + 1;
            }
            else
            {
                return region;
            }
        }

        return null;
    }

    /// <summary>Gives back regions that hold nothing, the highest first, as long as so many free blocks remain.</summary>
    internal static void ReleaseEmpty(delegate*<nuint, nuint, void> release, int keptFree)
    {
        if (release == null)
        {
            return;
        }

        for (int i = s_count - 1; i >= 0; i--)
        {
            Region* region = s_table[i];
            bool isEmpty = region->FreeBlocks + region->AbsentBlocks == region->BlockCount;
            if (isEmpty && Blocks.FreeCount - region->FreeBlocks >= keptFree)
            {
                Remove(i);
                Blocks.ForgetRegion(region);
                TotalBytes -= region->Bytes - ((nuint)region->AbsentBlocks << Blocks.Shift);
                release(region->Start, region->Bytes);
            }
        }
    }

    private static void Remove(int index)
    {
        s_count--;
        for (int i = index; i < s_count; i++)
        {
            s_table[i] = s_table[i + 1];
        }
    }

    private static void Insert(Region* region)
    {
        int at = s_count;
        for (; at > 0 && s_table[at - 1] > region; at--)
        {
            s_table[at] = s_table[at - 1];
        }

        s_table[at] = region;
        s_count++;
    }

    // The table has room for one more: a larger one lies in the region that is being added, which then stays.
    private static void EnsureTable(Region* region)
    {
        if (s_table == null)
        {
            s_table = (Region**)Unsafe.AsPointer(ref s_firstTable);
            s_capacity = FirstCapacity;
        }

        if (s_count < s_capacity)
        {
            return;
        }

        Region** old = s_table;
        Region** larger = (Region**)Blocks.TakePermanent(region, (nuint)(2 * s_capacity) * (nuint)sizeof(Region*));
        for (int i = 0; i < s_count; i++)
        {
            larger[i] = old[i];
        }

        if (old != (Region**)Unsafe.AsPointer(ref s_firstTable))
        {
            Blocks.GiveBack((byte*)old);
        }

        s_table = larger;
        s_capacity *= 2;
    }

    [InlineArray(FirstCapacity)]
    private struct FirstTable
    {
        private nint _first;
    }
}
