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
        nuint blocks = (start + bytes - alignedStart - (nuint)sizeof(Region) - 64) / (Blocks.Bytes + (nuint)sizeof(Block));
        Region* region = (Region*)alignedStart;
        *region = new Region
        {
            Start = start,
            Bytes = bytes,
            FirstBlock = (alignedStart + (nuint)sizeof(Region) + (blocks * (nuint)sizeof(Block)) + 63) & ~(nuint)63,
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

    /// <summary>Gives back regions that hold nothing, but keeps as many free blocks as the reservation needs.</summary>
    internal static void ReleaseEmpty(delegate*<nuint, nuint, void> release)
    {
        if (release == null)
        {
            return;
        }

        int kept = 0;
        for (int i = 0; i < s_count; i++)
        {
            Region* region = s_table[i];
            bool isEmpty = region->FreeBlocks == region->BlockCount;
            if (isEmpty && Blocks.FreeCount - region->BlockCount >= Blocks.KeptFree)
            {
                Blocks.ForgetRegion(region);
                TotalBytes -= region->Bytes;
                release(region->Start, region->Bytes);
            }
            else
            {
                s_table[kept++] = region;
            }
        }

        s_count = kept;
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
