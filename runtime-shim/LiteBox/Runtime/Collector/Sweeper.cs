using Internal.Runtime;
using System;
using System.Runtime.CompilerServices;

namespace LiteBox.Runtime;

/// <summary>Makes free cells of what was not marked, and free blocks of what is empty.</summary>
internal static unsafe class Sweeper
{
    /// <summary>Bytes that were alive after the last collection.</summary>
    internal static nuint LiveBytes { get; private set; }

    // Where the next free cell of a class is to be linked.
    private static Ends s_ends;

    /// <summary>
    /// Free cells come onto the lists in the order of their addresses. So <c>new</c> fills the lowest blocks that have room, what lives long gathers
    /// there, and the blocks above become empty.
    /// </summary>
    internal static void Sweep()
    {
        FreeLists.Forget();
        Blocks.StartOver();
        for (int i = 0; i < SizeClasses.Count; i++)
        {
            s_ends[i] = (nuint)(FreeLists.OfClasses + i);
        }

        LiveBytes = 0;
        for (int i = 0; i < Regions.Count; i++)
        {
            Region* region = Regions.At(i);
            for (int index = 0; index < region->BlockCount; index++)
            {
                Block* block = region->Blocks + index;
                if (block->Kind == BlockKind.Cells)
                {
                    SweepCells(region, index, block->SizeClass);
                }
                else if (block->Kind == BlockKind.LargeStart)
                {
                    SweepLarge(region, index, block);
                }
            }
        }
    }

    // SAFETY: a block of cells is divided into cells of its class from its first byte on.
    private static void SweepCells(Region* region, int index, int sizeClass)
    {
        nuint cellBytes = SizeClasses.CellBytes(sizeClass);
        byte* block = region->BlockAddress(index);
        byte* end = block + Blocks.Bytes - cellBytes;
        uint epoch = Marker.Epoch;
        nuint* before = (nuint*)s_ends[sizeClass];
        nuint* link = before;
        nuint live = 0;
        for (byte* cell = block; cell <= end; cell += cellBytes)
        {
            nuint* word = (nuint*)(cell + FreeLists.HeaderBytes);
            if ((*word & FreeLists.FreeBit) == 0)
            {
                if ((*(uint*)cell & Marker.MarkMask) == epoch)
                {
                    live += cellBytes;
                    continue;
                }

                FreeLists.CheckRedZone(cell, AlignedSizeOf(word));
                FreeLists.Clear(cell, cellBytes);
            }

            *link = (nuint)word + FreeLists.FreeBit;
            link = word;
        }

        if (live == 0)
        {
            *before = FreeLists.FreeBit;
            Blocks.GiveBack(region, index);
            return;
        }

        LiveBytes += live;
        *link = FreeLists.FreeBit;
        s_ends[sizeClass] = (nuint)link;
    }

    private static void SweepLarge(Region* region, int index, Block* block)
    {
        byte* start = region->BlockAddress(index);
        if ((*(uint*)start & Marker.MarkMask) == Marker.Epoch)
        {
            LiveBytes += (nuint)block->Blocks << Blocks.Shift;
            return;
        }

        FreeLists.CheckRedZone(start, AlignedSizeOf((nuint*)(start + FreeLists.HeaderBytes)));
        Blocks.GiveBack(region, index);
    }

    /// <summary>Adds what every block holds to the size classes' counts; the last count is that of large objects.</summary>
    internal static void Measure(Span<HeapClassStatistics> classes)
    {
        for (int i = 0; i < Regions.Count; i++)
        {
            Region* region = Regions.At(i);
            for (int index = 0; index < region->BlockCount; index++)
            {
                Block* block = region->Blocks + index;
                if (block->Kind == BlockKind.Cells)
                {
                    nuint cellBytes = SizeClasses.CellBytes(block->SizeClass);
                    ref HeapClassStatistics count = ref classes[block->SizeClass];
                    nuint taken = CountTaken(region->BlockAddress(index), cellBytes);
                    count.Objects += taken;
                    count.BytesInUse += taken * cellBytes;
                    count.Blocks++;
                }
                else if (block->Kind == BlockKind.LargeStart)
                {
                    ref HeapClassStatistics count = ref classes[SizeClasses.Count];
                    count.Objects++;
                    count.BytesInUse += (nuint)block->Blocks << Blocks.Shift;
                    count.Blocks += (nuint)block->Blocks;
                }
            }
        }
    }

    private static nuint CountTaken(byte* block, nuint cellBytes)
    {
        nuint taken = 0;
        for (nuint cell = 0; cell + cellBytes <= Blocks.Bytes; cell += cellBytes)
        {
            taken += (*(nuint*)(block + cell + FreeLists.HeaderBytes) & FreeLists.FreeBit) == 0 ? 1u : 0u;
        }

        return taken;
    }

    internal static void Verify()
    {
        int free = 0;
        for (int i = 0; i < Regions.Count; i++)
        {
            Region* region = Regions.At(i);
            int freeHere = 0;
            int absentHere = 0;
            for (int index = 0; index < region->BlockCount; index++)
            {
                Block* block = region->Blocks + index;
                switch (block->Kind)
                {
                    case BlockKind.Free:
                        freeHere++;
                        break;
                    case BlockKind.Absent:
                        absentHere++;
                        break;
                    case BlockKind.Cells:
                        VerifyCells(region->BlockAddress(index), SizeClasses.CellBytes(block->SizeClass));
                        break;
                    case BlockKind.LargeStart:
                        VerifyObject(region->BlockAddress(index), (nuint)block->Blocks << Blocks.Shift);
                        break;
                }
            }

            Require(freeHere == region->FreeBlocks, "A region miscounts its free blocks.");
            Require(absentHere == region->AbsentBlocks, "A region miscounts its absent blocks.");
            free += freeHere;
        }

        Require(free == Blocks.FreeCount, "The heap miscounts its free blocks.");
    }

    private static void VerifyCells(byte* block, nuint cellBytes)
    {
        for (nuint cell = 0; cell + cellBytes <= Blocks.Bytes; cell += cellBytes)
        {
            byte* start = block + cell;
            nuint word = *(nuint*)(start + FreeLists.HeaderBytes);
            if ((word & FreeLists.FreeBit) == 0)
            {
                VerifyObject(start, cellBytes);
            }
            else
            {
                Require(word == FreeLists.FreeBit || Regions.Find(word - FreeLists.FreeBit) != null, "A free cell's link leaves the heap.");
            }
        }
    }

    private static void VerifyObject(byte* cell, nuint room)
    {
        nuint* word = (nuint*)(cell + FreeLists.HeaderBytes);
        Require(*word != 0 && Regions.Find(*word) == null, "An object has no method table.");
        nuint bytes = AlignedSizeOf(word);
        Require(bytes + FreeLists.RedZoneBytes <= room, "An object is larger than its cell.");
        FreeLists.CheckRedZone(cell, bytes);
    }

    private static nuint AlignedSizeOf(nuint* word) => (Marker.SizeOf((MethodTable**)word, *(MethodTable**)word) + 7) & ~(nuint)7;

    private static void Require(bool holds, string rule)
    {
        if (!holds)
        {
            FailFast.Stop("The heap is broken.", rule);
        }
    }

    [InlineArray(SizeClasses.Count)]
    private struct Ends
    {
        private nuint _first;
    }
}
