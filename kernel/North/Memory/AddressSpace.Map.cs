using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Memory;

// Making and removing areas: mmap, munmap, brk.
internal sealed partial class AddressSpace
{
    /// <summary>MAP_32BIT: the second gigabyte, as Linux has it (mmap(2)).</summary>
    private const ulong LowStart = 0x4000_0000;
    private const ulong LowEnd = 0x8000_0000;

    // Mappings without an address go below mappingTop, downwards. All holes between searchTop and mappingTop are at most largestHoleAbove long,
    // so a search for more begins at searchTop.
    private UserAddress mappingTop = new(UserAddress.Limit);
    private UserAddress searchTop = new(UserAddress.Limit);
    private ulong largestHoleAbove;

    private UserAddress heapStart;
    private UserAddress heapEnd;

    /// <summary>Where mappings without an address begin, going down: execve chooses it below the stack, at random.</summary>
    public UserAddress MappingTop
    {
        get => mappingTop;
        set
        {
            mappingTop = value;
            searchTop = value;
            largestHoleAbove = 0;
        }
    }

    /// <summary>Where the heap begins; it is empty there. execve calls it.</summary>
    public void SetHeap(UserAddress start)
    {
        heapStart = start;
        heapEnd = start;
    }

    /// <summary>The first address of the heap (/proc/PID/stat's start_brk).</summary>
    public UserAddress HeapStart => heapStart;

    /// <summary>One past the last byte of the heap.</summary>
    public UserAddress HeapEnd => heapEnd;

    /// <summary>Heap bytes that the next change of areas can take.</summary>
    public int GrowthBytes => areas.GrowthBytes;

    /// <summary>Makes a mapping; the result is its address.</summary>
    public Result Map(in MapRequest request)
    {
        Errno error = Place(request, out UserAddress start);
        if (error != Errno.None)
        {
            return error;
        }

        UserAddress end = start + request.Length;
        if (request.Placement == MapPlacement.Fixed)
        {
            error = Unmap(start, request.Length);
            if (error != Errno.None)
            {
                return error;
            }
        }

        if (areas.Count >= MaximumAreas || ExceedsLimits(request.Length, request.Protection, request.Flags))
        {
            return Errno.ENOMEM;
        }

        var area = new MemoryArea(start, end, request.Protection, request.Flags)
        {
            Object = request.Object,
            ObjectPage = request.ObjectPage,
            File = request.File,
            IsNeverWritable = request.IsNeverWritable,
        };
        area.Hold();
        Insert(area);
        return Result.FromAddress(start.Value);
    }

    /// <summary>Finds room for a mapping of this many bytes without making one.</summary>
    public bool TryFindSpaceFor(ulong length, out UserAddress start) => TryFindSpace(RoundUp(new UserAddress(length)).Value, out start);

    /// <summary>munmap(2): removes whatever is mapped in the range.</summary>
    public Errno Unmap(UserAddress start, ulong length)
    {
        UserAddress end = start + length;
        int index = areas.IndexOfFirstEndingAbove(start);
        if (index == areas.Count || areas[index].Start >= end)
        {
            return Errno.None;
        }

        bool cutsMiddle = areas[index].Start < start && areas[index].End > end;
        if (cutsMiddle && areas.Count >= MaximumAreas)
        {
            return Errno.ENOMEM;
        }

        index = SplitAt(index, start);
        int last = index;
        while (last < areas.Count && areas[last].Start < end)
        {
            SplitAt(last, end);
            MemoryArea area = areas[last];
            PageTable.Unmap(area.Start, area.PageCount);
            MappedBytes -= area.Length;
            if ((area.Flags & AreaFlags.Locked) != 0)
            {
                LockedBytes -= area.Length;
            }

            area.Drop();
            last++;
        }

        areas.RemoveRange(index, last - index);
        Generation++;
        UserAddress holeTop = index < areas.Count ? areas[index].Start : mappingTop;
        if (holeTop > searchTop)
        {
            searchTop = holeTop < mappingTop ? holeTop : mappingTop;
        }

        return Errno.None;
    }

    /// <summary>brk(2): moves the end of the heap and answers the end as it is then; a refusal is the old one.</summary>
    public UserAddress SetHeapEnd(UserAddress wanted)
    {
        if (wanted < heapStart || !wanted.IsRangeInUserHalf(0))
        {
            return heapEnd;
        }

        UserAddress oldEnd = RoundUp(heapEnd);
        UserAddress newEnd = RoundUp(wanted);
        if (newEnd < oldEnd)
        {
            if (Unmap(newEnd, oldEnd - newEnd) != Errno.None)
            {
                return heapEnd;
            }
        }
        else if (newEnd > oldEnd && !TryGrowHeap(oldEnd, newEnd))
        {
            return heapEnd;
        }

        heapEnd = wanted;
        return wanted;
    }

    /// <summary>The address rounded up to a page.</summary>
    internal static UserAddress RoundUp(UserAddress address) => new((address.Value + (UserAddress.PageSize - 1)) & ~(ulong)(UserAddress.PageSize - 1));

    private bool TryGrowHeap(UserAddress from, UserAddress to)
    {
        const PageProtection protection = PageProtection.Read | PageProtection.Write;
        if (to - heapStart > limits[Resource.Data].Current || to.Value > UserAddress.Limit || !IsFree(from, to) || areas.Count >= MaximumAreas
            || ExceedsLimits(to - from, protection, AreaFlags.None))
        {
            return false;
        }

        Insert(new MemoryArea(from, to, protection, AreaFlags.Heap));
        return true;
    }

    private Errno Place(in MapRequest request, out UserAddress start)
    {
        start = request.Address;
        if (!start.IsRangeInUserHalf(request.Length) && request.Placement != MapPlacement.Hint)
        {
            return Errno.ENOMEM;
        }

        switch (request.Placement)
        {
            case MapPlacement.Fixed:
                return start.Value < LowestAddress ? Errno.EPERM : Errno.None;

            case MapPlacement.FixedIfFree:
                return start.Value < LowestAddress ? Errno.EPERM : IsFree(start, start + request.Length) ? Errno.None : Errno.EEXIST;

            case MapPlacement.Low:
                return TryFindHole(new UserAddress(LowStart), new UserAddress(LowEnd), request.Length, out start) ? Errno.None : Errno.ENOMEM;

            default:
                if (start.Value >= LowestAddress && start.IsRangeInUserHalf(request.Length) && IsFree(start, start + request.Length))
                {
                    return Errno.None;
                }

                return TryFindSpace(request.Length, out start) ? Errno.None : Errno.ENOMEM;
        }
    }

    private bool IsFree(UserAddress start, UserAddress end)
    {
        int index = areas.IndexOfFirstEndingAbove(start);
        return index == areas.Count || areas[index].Start - start >= end - start && areas[index].Start > start;
    }

    private bool TryFindSpace(ulong length, out UserAddress start)
    {
        if (length <= largestHoleAbove)
        {
            searchTop = mappingTop;
            largestHoleAbove = 0;
        }

        var lowest = new UserAddress(LowestAddress);
        if (TryFindHoleBelowSearchTop(lowest, length, out start))
        {
            return true;
        }

        // The part above the usual top is the last resort, as in Linux.
        return TryFindHole(mappingTop, new UserAddress(UserAddress.Limit), length, out start);
    }

    private bool TryFindHoleBelowSearchTop(UserAddress lowest, ulong length, out UserAddress start)
    {
        UserAddress top = searchTop;
        int index = areas.IndexOfFirstEndingAbove(top - 1);
        if (index < areas.Count && areas[index].Start < top)
        {
            top = areas[index].Start;
        }

        while (top > lowest)
        {
            UserAddress bottom = index == 0 || areas[index - 1].End < lowest ? lowest : areas[index - 1].End;
            ulong hole = top > bottom ? top - bottom : 0;
            if (hole >= length && KeepsStackGap(index, top, length, bottom))
            {
                start = top - length;
                searchTop = top;
                return true;
            }

            largestHoleAbove = hole > largestHoleAbove ? hole : largestHoleAbove;
            if (index == 0)
            {
                break;
            }

            index--;
            top = areas[index].Start;
            searchTop = top;
        }

        start = default;
        return false;
    }

    // A mapping right below a stack would end its growth: keep the gap.
    private bool KeepsStackGap(int indexAbove, UserAddress top, ulong length, UserAddress bottom) =>
        indexAbove >= areas.Count || areas[indexAbove].Start != top || (areas[indexAbove].Flags & AreaFlags.GrowsDown) == 0
        || top - bottom >= length + StackGuardGap;

    private bool TryFindHole(UserAddress from, UserAddress to, ulong length, out UserAddress start)
    {
        start = from;
        for (int index = areas.IndexOfFirstEndingAbove(from); start.Value + length <= to.Value; index++)
        {
            if (index == areas.Count || areas[index].Start - start >= length && areas[index].Start > start)
            {
                return true;
            }

            start = areas[index].End;
        }

        return false;
    }

    private bool ExceedsLimits(ulong length, PageProtection protection, AreaFlags flags)
    {
        ulong maximum = limits[Resource.AddressSpace].Current;
        if (length > maximum || MappedBytes > maximum - length)
        {
            return true;
        }

        const PageProtection data = PageProtection.Write;
        return (flags & (AreaFlags.Shared | AreaFlags.GrowsDown)) == 0 && (protection & data) != 0
            && limits[Resource.Data].Current != ResourceLimits.Infinity && length > limits[Resource.Data].Current;
    }

    // Puts an area into its place, joined with its neighbours where they are alike.
    private void Insert(MemoryArea area)
    {
        MappedBytes += area.Length;
        if ((area.Flags & AreaFlags.Locked) != 0)
        {
            LockedBytes += area.Length;
        }

        Generation++;
        int index = areas.IndexOfFirstEndingAbove(area.Start);
        areas.Insert(index, area);
        MergeAround(index, index);
    }

    /// <summary>Splits the area at an index where the address lies inside it. The result is the index of the area that begins at or above the address.</summary>
    private int SplitAt(int index, UserAddress address)
    {
        MemoryArea area = areas[index];
        if (address <= area.Start)
        {
            return index;
        }

        if (address >= area.End)
        {
            return index + 1;
        }

        areas.Insert(index + 1, area.CopyPart(address, area.End));
        area.End = address;
        Generation++;
        return index + 1;
    }

    // Joins areas that are alike, from the one before the first index to the one after the last.
    private void MergeAround(int first, int last)
    {
        int index = first > 0 ? first - 1 : first;
        int end = last + 1;
        while (index < end && index + 1 < areas.Count)
        {
            MemoryArea area = areas[index];
            MemoryArea next = areas[index + 1];
            if (!area.CanMergeWith(next))
            {
                index++;
                continue;
            }

            area.End = next.End;
            area.HasOwnPages |= next.HasOwnPages;
            next.Drop();
            areas.RemoveRange(index + 1, 1);
            end--;
        }
    }
}
