using System;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.Platform;

namespace LiteBox.North.Memory;

// Page faults: what a touched page becomes.
internal sealed partial class AddressSpace
{
    /// <summary>Pages mapped around a file page that was read, in a naturally aligned window (Linux's fault_around_bytes is the same 64 KiB).</summary>
    private const ulong NeighbourPages = 16;

    /// <summary>A stack keeps this distance from the area below (Linux's stack_guard_gap).</summary>
    private const ulong StackGuardGap = 256 * UserAddress.PageSize;

    /// <summary>Makes an access possible that the page table did not allow.</summary>
    public FaultResult Resolve(UserAddress address, PageAccess access)
    {
        MemoryArea? area = areas.Find(address) ?? GrowStack(address);
        if (area is null)
        {
            return FaultResult.NotMapped;
        }

        if (!Allows(area.Protection, access))
        {
            return FaultResult.NotAllowed;
        }

        UserAddress page = address.PageStart;
        if (PageTable.TryLookup(page, out Frame frame, out PageProtection protection))
        {
            return access == PageAccess.Write && (protection & PageProtection.Write) == 0
                ? ResolveWriteToMapped(area, page, frame)
                : Restore(area, page);
        }

        return area.Object is null ? ResolveAnonymous(area, page, access) : ResolveObject(area, page, access);
    }

    /// <summary>The frame behind an address, faulted in for the access: the kernel's own way into an address space that need not be the running one.</summary>
    public bool TryGetFrame(UserAddress address, PageAccess access, out Frame frame)
    {
        PageProtection wanted = access == PageAccess.Write ? PageProtection.Write : PageProtection.Read;
        if (PageTable.TryLookup(address.PageStart, out frame, out PageProtection protection) && (protection & wanted) != 0)
        {
            return true;
        }

        return Resolve(address, access) == FaultResult.Resolved && PageTable.TryLookup(address.PageStart, out frame, out _);
    }

    /// <summary>Reads memory of a process that need not be the running one (/proc/PID/cmdline). False: EFAULT.</summary>
    public bool TryReadBytes(UserAddress source, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            if (!source.IsRangeInUserHalf(1) || !TryGetFrame(source, PageAccess.Read, out Frame frame))
            {
                return false;
            }

            ReadOnlySpan<byte> bytes = frames.Bytes(frame).Slice(source.PageOffset);
            int count = Math.Min(bytes.Length, destination.Length);
            bytes.Slice(0, count).CopyTo(destination);
            destination = destination.Slice(count);
            source += (ulong)count;
        }

        return true;
    }

    /// <summary>Writes memory of a process that need not be the running one (execve's new stack). False: EFAULT.</summary>
    public bool TryWriteBytes(UserAddress destination, ReadOnlySpan<byte> source)
    {
        while (!source.IsEmpty)
        {
            if (!destination.IsRangeInUserHalf(1) || !TryGetFrame(destination, PageAccess.Write, out Frame frame))
            {
                return false;
            }

            Span<byte> bytes = frames.Bytes(frame).Slice(destination.PageOffset);
            int count = Math.Min(bytes.Length, source.Length);
            source.Slice(0, count).CopyTo(bytes);
            source = source.Slice(count);
            destination += (ulong)count;
        }

        return true;
    }

    /// <summary>Zeros the bytes from an address to the end of its page: the start of a program's zeroed data. False: EFAULT.</summary>
    public bool TryClearToPageEnd(UserAddress address)
    {
        if (!TryGetFrame(address, PageAccess.Write, out Frame frame))
        {
            return false;
        }

        frames.Bytes(frame).Slice(address.PageOffset).Clear();
        return true;
    }

    private static bool Allows(PageProtection protection, PageAccess access) => access switch
    {
        PageAccess.Write => (protection & PageProtection.Write) != 0,
        PageAccess.Execute => (protection & PageProtection.Execute) != 0,

        // On x86 a page that may be written or executed may be read (APM volume 2, 5.6; no protection key is used).
        _ => protection != PageProtection.None,
    };

    private MemoryArea? GrowStack(UserAddress address)
    {
        int index = areas.IndexOfFirstEndingAbove(address);
        if (index == areas.Count)
        {
            return null;
        }

        MemoryArea area = areas[index];
        UserAddress start = address.PageStart;
        if ((area.Flags & AreaFlags.GrowsDown) == 0 || area.End - start > limits[Resource.Stack].Current)
        {
            return null;
        }

        UserAddress lowest = new(index == 0 ? LowestAddress : areas[index - 1].End.Value + StackGuardGap);
        ulong growth = area.Start - start;
        if (start < lowest || MappedBytes + growth > limits[Resource.AddressSpace].Current)
        {
            return null;
        }

        area.Start = start;
        MappedBytes += growth;
        Generation++;
        return area;
    }

    // A store to a page that is there for reading: the only owner may write, everybody else gets a copy.
    private FaultResult ResolveWriteToMapped(MemoryArea area, UserAddress page, Frame frame)
    {
        if (area.IsShared || (frames.OwnerCount(frame) == 1 && frame != frames.ZeroFrame))
        {
            return Restore(area, page);
        }

        bool isZero = frame == frames.ZeroFrame;
        if (!frames.TryAllocate(isZero ? FrameContents.Zeroed : FrameContents.Undefined, out Frame copy))
        {
            return FaultResult.OutOfMemory;
        }

        if (!isZero)
        {
            frames.Bytes(frame).CopyTo(frames.Bytes(copy));
        }

        return MapOwn(area, page, copy);
    }

    // The entry allows less than the area: mprotect widened the rights, or the last other owner is gone.
    private FaultResult Restore(MemoryArea area, UserAddress page)
    {
        PageTable.Protect(page, 1, area.Protection, area.Sharing);
        return FaultResult.Resolved;
    }

    private FaultResult ResolveAnonymous(MemoryArea area, UserAddress page, PageAccess access)
    {
        if (access != PageAccess.Write)
        {
            return PageTable.TryMap(page, frames.ZeroFrame, area.Protection & ~PageProtection.Write) ? FaultResult.Resolved : FaultResult.OutOfMemory;
        }

        return frames.TryAllocate(FrameContents.Zeroed, out Frame frame) ? MapOwn(area, page, frame) : FaultResult.OutOfMemory;
    }

    private FaultResult MapOwn(MemoryArea area, UserAddress page, Frame frame)
    {
        if (!PageTable.TryMapOwned(page, frame, area.Protection))
        {
            frames.Release(frame);
            return FaultResult.OutOfMemory;
        }

        area.HasOwnPages = true;
        return FaultResult.Resolved;
    }

    private FaultResult ResolveObject(MemoryArea area, UserAddress page, PageAccess access)
    {
        uint generation = Generation;
        Errno error = area.Object!.TryGetPage(area.ObjectPageOf(page), out Frame frame);
        if (error != Errno.None)
        {
            return error == Errno.ENOMEM ? FaultResult.OutOfMemory : FaultResult.BeyondEnd;
        }

        if (generation != Generation)
        {
            frames.Release(frame);
            return FaultResult.Resolved; // the areas changed while the object waited: the access faults again and finds what is true now
        }

        if (area.IsShared)
        {
            return MapFromObject(area, page, frame, area.Protection);
        }

        if (access == PageAccess.Write)
        {
            return CopyFromObject(area, page, frame);
        }

        FaultResult result = MapFromObject(area, page, frame, area.Protection & ~PageProtection.Write);
        if (result == FaultResult.Resolved)
        {
            MapNeighbours(area, page);
        }

        return result;
    }

    private FaultResult MapFromObject(MemoryArea area, UserAddress page, Frame frame, PageProtection protection)
    {
        if (PageTable.TryMapOwned(page, frame, protection))
        {
            return FaultResult.Resolved;
        }

        frames.Release(frame);
        return FaultResult.OutOfMemory;
    }

    private FaultResult CopyFromObject(MemoryArea area, UserAddress page, Frame source)
    {
        if (!frames.TryAllocate(FrameContents.Undefined, out Frame copy))
        {
            frames.Release(source);
            return FaultResult.OutOfMemory;
        }

        frames.Bytes(source).CopyTo(frames.Bytes(copy));
        frames.Release(source);
        return MapOwn(area, page, copy);
    }

    // A program that read one page of a file reads the next ones soon: map those that are in memory anyway.
    private void MapNeighbours(MemoryArea area, UserAddress page)
    {
        UserAddress window = new(page.Value & ~((NeighbourPages * UserAddress.PageSize) - 1));
        UserAddress end = window + (NeighbourPages * UserAddress.PageSize);
        if (window < area.Start)
        {
            window = area.Start;
        }

        if (end > area.End)
        {
            end = area.End;
        }

        PageProtection protection = area.Protection & ~PageProtection.Write;
        for (UserAddress next = window; next < end; next += UserAddress.PageSize)
        {
            if (next == page || PageTable.TryLookup(next, out _, out _) || !area.Object!.TryGetPresentPage(area.ObjectPageOf(next), out Frame frame))
            {
                continue;
            }

            if (MapFromObject(area, next, frame, protection) != FaultResult.Resolved)
            {
                return;
            }
        }
    }
}
