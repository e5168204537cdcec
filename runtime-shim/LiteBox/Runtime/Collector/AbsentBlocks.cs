using System;

namespace LiteBox.Runtime;

/// <summary>
/// Blocks without memory. Objects do not move, so a region that holds a single one cannot go back; the memory of its free blocks can. Their
/// addresses stay with the region, and get memory again when the heap grows.
/// </summary>
// SAFETY (all members): nothing is in a free block; the heap's user answers for the functions.
internal static unsafe class AbsentBlocks
{
    private static delegate*<nuint, bool> s_supply;
    private static delegate*<nuint, void> s_withdraw;

    internal static void SetSource(delegate*<nuint, bool> supply, delegate*<nuint, void> withdraw)
    {
        s_supply = supply;
        s_withdraw = withdraw;
    }

    /// <summary>Gives back the memory of all free blocks.</summary>
    internal static void WithdrawFree()
    {
        for (int i = 0; s_withdraw != null && i < Regions.Count; i++)
        {
            Region* region = Regions.At(i);
            for (int index = 0; index < region->BlockCount; index++)
            {
                if (region->Blocks[index].Kind == BlockKind.Free)
                {
                    region->Blocks[index].Kind = BlockKind.Absent;
                    Regions.CountAbsent(region, 1);
                    s_withdraw((nuint)region->BlockAddress(index));
                }
            }
        }
    }

    /// <summary>Makes so many neighbouring blocks free in a region that has them. False: there is no such region, or no memory.</summary>
    internal static bool TrySupply(int count)
    {
        for (int i = 0; i < Regions.Count; i++)
        {
            Region* region = Regions.At(i);
            int first = region->AbsentBlocks != 0 ? FindRun(region, count) : -1;
            if (first >= 0)
            {
                return TrySupply(region, first, first + count);
            }
        }

        return false;
    }

    private static bool TrySupply(Region* region, int first, int end)
    {
        for (int index = first; index < end; index++)
        {
            if (region->Blocks[index].Kind == BlockKind.Absent)
            {
                if (!s_supply((nuint)region->BlockAddress(index)))
                {
                    return false;
                }

                region->Blocks[index].Kind = BlockKind.Free;
                region->Cursor = Math.Min(region->Cursor, index);
                Regions.CountAbsent(region, -1);
            }
        }

        return true;
    }

    private static int FindRun(Region* region, int count)
    {
        int run = 0;
        for (int index = 0; index < region->BlockCount; index++)
        {
            run = region->Blocks[index].Kind is BlockKind.Free or BlockKind.Absent ? run + 1 : 0;
            if (run == count)
            {
                return index - count + 1;
            }
        }

        return -1;
    }
}
