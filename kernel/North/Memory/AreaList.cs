using System;
using LiteBox.Platform;

namespace LiteBox.North.Memory;

/// <summary>
/// The areas of an address space in order of address, none overlapping. Finding is a binary search behind a look at the last find; inserting
/// moves the references above, which for the few areas of most programs is less than any tree costs.
/// </summary>
internal sealed class AreaList
{
    private const int InitialCapacity = 16;

    private MemoryArea[] areas;
    private int lastFound;

    public AreaList(int capacity = InitialCapacity) => areas = new MemoryArea[Math.Max(capacity, InitialCapacity)];

    public int Count { get; private set; }

    /// <summary>Heap bytes that adding two areas can take: a split adds two at most.</summary>
    public int GrowthBytes => Count + 2 > areas.Length ? (areas.Length * 2 * sizeof(ulong)) + 64 : 0;

    public MemoryArea this[int index] => areas[index];

    /// <summary>The area that holds the address, or null.</summary>
    public MemoryArea? Find(UserAddress address)
    {
        int last = lastFound;
        if (last < Count)
        {
            MemoryArea area = areas[last];
            if (area.Start <= address && address < area.End)
            {
                return area;
            }
        }

        int index = IndexOfFirstEndingAbove(address);
        if (index == Count || address < areas[index].Start)
        {
            return null;
        }

        lastFound = index;
        return areas[index];
    }

    /// <summary>The index of the first area whose end lies above the address: the one that holds it or the next one; <see cref="Count"/> if there is none.</summary>
    public int IndexOfFirstEndingAbove(UserAddress address)
    {
        int low = 0;
        int high = Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (areas[middle].End <= address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>Puts an area in at an index.</summary>
    public void Insert(int index, MemoryArea area)
    {
        if (Count == areas.Length)
        {
            var larger = new MemoryArea[areas.Length * 2];
            Array.Copy(areas, larger, Count);
            areas = larger;
        }

        Array.Copy(areas, index, areas, index + 1, Count - index);
        areas[index] = area;
        Count++;
    }

    /// <summary>Takes areas out.</summary>
    public void RemoveRange(int index, int count)
    {
        Array.Copy(areas, index + count, areas, index, Count - index - count);
        Array.Clear(areas, Count - count, count);
        Count -= count;
    }
}
