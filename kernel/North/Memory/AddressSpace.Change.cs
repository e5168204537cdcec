using System;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Memory;

// Changing what is mapped: mprotect, mremap, madvise, mlock, mincore. Ranges are page-aligned and in the user half; the callers check that.
internal sealed partial class AddressSpace
{
    /// <summary>mprotect(2). ENOMEM: a hole in the range (what lies before it is changed already, as in Linux); EACCES: a file that may not be written.</summary>
    public Errno Protect(UserAddress start, ulong length, PageProtection protection)
    {
        UserAddress end = start + length;
        int index = areas.IndexOfFirstEndingAbove(start);
        if (index == areas.Count || areas[index].Start > start)
        {
            return Errno.ENOMEM;
        }

        if (areas.Count + 2 > MaximumAreas)
        {
            return Errno.ENOMEM;
        }

        int first = SplitAt(index, start);
        UserAddress expected = start;
        Errno error = Errno.None;
        for (index = first; expected < end; index++)
        {
            if (index == areas.Count || areas[index].Start != expected)
            {
                error = Errno.ENOMEM;
                break;
            }

            MemoryArea area = areas[index];
            if (area.IsNeverWritable && (protection & PageProtection.Write) != 0)
            {
                error = Errno.EACCES;
                break;
            }

            SplitAt(index, end);
            expected = area.End;
            if (area.Protection != protection)
            {
                area.Protection = protection;
                PageTable.Protect(area.Start, area.PageCount, protection, area.Sharing);
                Generation++;
            }
        }

        MergeAround(first, index);
        return error;
    }

    /// <summary>
    /// mremap(2): gives the mapping at <paramref name="address"/> another length, moving it where it may and must. The result is its address.
    /// <paramref name="target"/> is the wanted address (MREMAP_FIXED) or null.
    /// </summary>
    public Result Remap(UserAddress address, ulong oldLength, ulong newLength, bool mayMove, UserAddress? target, bool keepsOld)
    {
        MemoryArea? area = areas.Find(address);
        if (area is null)
        {
            return Errno.EFAULT;
        }

        if (target is not null || keepsOld)
        {
            if (target is { } there)
            {
                Errno error = Unmap(there, newLength);
                if (error != Errno.None)
                {
                    return error;
                }
            }

            if (oldLength > newLength)
            {
                Unmap(address + newLength, oldLength - newLength);
                oldLength = newLength;
            }

            area = areas.Find(address);
            return area is null || area.End < address + oldLength ? Errno.EFAULT : Move(area, address, oldLength, newLength, target, keepsOld);
        }

        if (newLength <= oldLength)
        {
            if (newLength < oldLength)
            {
                Errno error = Unmap(address + newLength, oldLength - newLength);
                if (error != Errno.None)
                {
                    return error;
                }
            }

            return Result.FromAddress(address.Value);
        }

        if (area.End < address + oldLength)
        {
            return Errno.EFAULT;
        }

        if (oldLength != 0 && area.End == address + oldLength && TryExtend(area, newLength - oldLength))
        {
            return Result.FromAddress(address.Value);
        }

        return mayMove ? Move(area, address, oldLength, newLength, null, false) : Errno.ENOMEM;
    }

    /// <summary>madvise(2) MADV_DONTNEED and MADV_FREE: private pages read as zero or as the file again. ENOMEM: a hole in the range.</summary>
    public Errno Discard(UserAddress start, ulong length)
    {
        UserAddress end = start + length;
        UserAddress expected = start;
        Errno error = Errno.None;
        for (int index = areas.IndexOfFirstEndingAbove(start); index < areas.Count && areas[index].Start < end; index++)
        {
            MemoryArea area = areas[index];
            if ((area.Flags & AreaFlags.Locked) != 0)
            {
                return Errno.EINVAL;
            }

            if (area.Start > expected)
            {
                error = Errno.ENOMEM;
            }

            UserAddress from = area.Start > start ? area.Start : start;
            expected = area.End < end ? area.End : end;
            PageTable.Unmap(from, (expected - from) >> UserAddress.PageShift);
        }

        return expected < end ? Errno.ENOMEM : error;
    }

    /// <summary>Sets and clears flags of all areas in the range. ENOMEM: a hole in it.</summary>
    public Errno SetFlags(UserAddress start, ulong length, AreaFlags set, AreaFlags clear)
    {
        UserAddress end = start + length;
        UserAddress expected = start;
        Errno error = Errno.None;
        int index = areas.IndexOfFirstEndingAbove(start);
        if (index == areas.Count || areas[index].Start >= end)
        {
            return Errno.ENOMEM;
        }

        if (areas.Count + 2 > MaximumAreas)
        {
            return Errno.ENOMEM;
        }

        int first = SplitAt(index, start);
        for (index = first; index < areas.Count && areas[index].Start < end; index++)
        {
            SplitAt(index, end);
            MemoryArea area = areas[index];
            error = area.Start > expected ? Errno.ENOMEM : error;
            expected = area.End;
            CountLocked(area, area.Flags & ~clear | set);
            area.Flags = area.Flags & ~clear | set;
        }

        MergeAround(first, index);
        return expected < end ? Errno.ENOMEM : error;
    }

    /// <summary>Bytes of the range that are not locked yet, for the check of RLIMIT_MEMLOCK.</summary>
    public ulong CountUnlocked(UserAddress start, ulong length)
    {
        UserAddress end = start + length;
        ulong count = 0;
        for (int index = areas.IndexOfFirstEndingAbove(start); index < areas.Count && areas[index].Start < end; index++)
        {
            MemoryArea area = areas[index];
            if ((area.Flags & AreaFlags.Locked) == 0)
            {
                count += Math.Min(area.End.Value, end.Value) - Math.Max(area.Start.Value, start.Value);
            }
        }

        return count;
    }

    /// <summary>munlockall(2), and what mlockall(2) does to what is mapped.</summary>
    public void SetAllLocked(bool locked)
    {
        for (int i = 0; i < areas.Count; i++)
        {
            AreaFlags flags = locked ? areas[i].Flags | AreaFlags.Locked : areas[i].Flags & ~AreaFlags.Locked;
            CountLocked(areas[i], flags);
            areas[i].Flags = flags;
        }
    }

    /// <summary>Faults the pages of a range in (MAP_POPULATE, mlock, MADV_POPULATE_*). Stops at the first that cannot be.</summary>
    public FaultResult Populate(UserAddress start, ulong length, PageAccess? access = null)
    {
        UserAddress end = start + length;
        for (UserAddress page = start; page < end; page += UserAddress.PageSize)
        {
            MemoryArea? area = areas.Find(page);
            if (area is null)
            {
                return FaultResult.NotMapped;
            }

            PageAccess wanted = access ?? ((area.Protection & PageProtection.Write) != 0 && !area.IsShared ? PageAccess.Write : PageAccess.Read);
            if (access is null && area.Protection == PageProtection.None)
            {
                return FaultResult.NotAllowed;
            }

            PageProtection needed = wanted == PageAccess.Write ? PageProtection.Write : PageProtection.Read;
            if (PageTable.TryLookup(page, out _, out PageProtection protection) && (protection & needed) != 0)
            {
                continue;
            }

            FaultResult result = Resolve(page, wanted);
            if (result != FaultResult.Resolved)
            {
                return result;
            }
        }

        return FaultResult.Resolved;
    }

    /// <summary>True where every page of the range belongs to an area.</summary>
    public bool IsMapped(UserAddress start, ulong length)
    {
        UserAddress end = start + length;
        UserAddress expected = start;
        for (int index = areas.IndexOfFirstEndingAbove(start); expected < end; index++)
        {
            if (index == areas.Count || areas[index].Start > expected)
            {
                return false;
            }

            expected = areas[index].End;
        }

        return true;
    }

    /// <summary>mincore(2): true where the page is in memory.</summary>
    public bool IsResident(UserAddress page)
    {
        if (PageTable.TryLookup(page, out _, out _))
        {
            return true;
        }

        MemoryArea? area = areas.Find(page);
        if (area?.Object is null || !area.Object.TryGetPresentPage(area.ObjectPageOf(page), out Frame frame))
        {
            return false;
        }

        frames.Release(frame);
        return true;
    }

    private void CountLocked(MemoryArea area, AreaFlags flags)
    {
        bool was = (area.Flags & AreaFlags.Locked) != 0;
        bool becomes = (flags & AreaFlags.Locked) != 0;
        if (becomes && !was)
        {
            LockedBytes += area.Length;
        }
        else if (was && !becomes)
        {
            LockedBytes -= area.Length;
        }
    }

    private bool TryExtend(MemoryArea area, ulong growth)
    {
        if (!area.End.IsRangeInUserHalf(growth) || !IsFree(area.End, area.End + growth) || ExceedsLimits(growth, area.Protection, area.Flags))
        {
            return false;
        }

        area.End += growth;
        MappedBytes += growth;
        if ((area.Flags & AreaFlags.Locked) != 0)
        {
            LockedBytes += growth;
        }

        Generation++;
        int index = areas.IndexOfFirstEndingAbove(area.Start);
        MergeAround(index, index);
        return true;
    }

    private Result Move(MemoryArea area, UserAddress address, ulong oldLength, ulong newLength, UserAddress? target, bool keepsOld)
    {
        if (areas.Count + 3 > MaximumAreas || ExceedsLimits(newLength, area.Protection, area.Flags))
        {
            return Errno.ENOMEM;
        }

        UserAddress there;
        if (target is { } wanted)
        {
            there = wanted;
        }
        else if (!TryFindSpace(newLength, out there))
        {
            return Errno.ENOMEM;
        }

        if (oldLength != 0 && !PageTable.TryMove(address, there, oldLength >> UserAddress.PageShift))
        {
            return Errno.ENOMEM;
        }

        var moved = new MemoryArea(there, there + newLength, area.Protection, area.Flags & ~AreaFlags.Heap)
        {
            Object = area.Object,
            ObjectPage = area.Object is null ? 0 : area.ObjectPageOf(address),
            File = area.File,
            IsNeverWritable = area.IsNeverWritable,
            HasOwnPages = area.HasOwnPages,
        };
        moved.Hold();
        if (oldLength != 0 && !keepsOld)
        {
            Unmap(address, oldLength);
        }

        Insert(moved);
        return Result.FromAddress(there.Value);
    }
}
