using System;
using LiteBox.Abi;
using LiteBox.North.Files;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;
using static LiteBox.Abi.SystemCallNumber;

namespace LiteBox.North.Memory;

/// <summary>mmap(2) and its family.</summary>
internal static class MemoryCalls
{
    private const ulong MAP_SHARED = 1;
    private const ulong MAP_PRIVATE = 2;
    private const ulong MAP_SHARED_VALIDATE = 3;
    private const ulong MAP_TYPE = 0xF;
    private const ulong MAP_FIXED = 0x10;
    private const ulong MAP_ANONYMOUS = 0x20;
    private const ulong MAP_32BIT = 0x40;
    private const ulong MAP_GROWSDOWN = 0x100;
    private const ulong MAP_LOCKED = 0x2000;
    private const ulong MAP_NORESERVE = 0x4000;
    private const ulong MAP_POPULATE = 0x8000;
    private const ulong MAP_NONBLOCK = 0x10000;
    private const ulong MAP_HUGETLB = 0x40000;
    private const ulong MAP_FIXED_NOREPLACE = 0x100000;

    // What MAP_SHARED_VALIDATE knows (LEGACY_MAP_MASK in include/linux/mman.h).
    private const ulong LegacyFlags = 0xF17F | MAP_NONBLOCK | 0x20000 | MAP_HUGETLB | 0xFC000000;

    private const ulong ProtectionMask = 7;
    private const ulong PROT_GROWSDOWN = 0x01000000;
    private const ulong PROT_GROWSUP = 0x02000000;

    private const ulong MREMAP_MAYMOVE = 1;
    private const ulong MREMAP_FIXED = 2;
    private const ulong MREMAP_DONTUNMAP = 4;

    private const ulong MS_ASYNC = 1;
    private const ulong MS_SYNC = 4;

    private const ulong MLOCK_ONFAULT = 1;
    private const ulong MCL_CURRENT = 1;
    private const ulong MCL_FUTURE = 2;
    private const ulong MCL_ONFAULT = 4;

    /// <summary>Heap for the areas that one call can make.</summary>
    private const int AreaBytes = 512;

    public static void AddTo(SystemCallTable table)
    {
        table.Add(mmap, Map, heapBytes: 1024, notes: "No huge pages (MAP_HUGETLB: ENOMEM); MAP_LOCKED populates; MCL_FUTURE is not kept.");
        table.Add(munmap, Unmap, heapBytes: AreaBytes);
        table.Add(mprotect, Protect, heapBytes: AreaBytes);
        table.Add(brk, SetBreak, heapBytes: AreaBytes);
        table.Add(mremap, Remap, heapBytes: AreaBytes);
        table.Add(madvise, Advise, SystemCallSupport.Partial, AreaBytes, "MADV_FREE acts as MADV_DONTNEED; MADV_REMOVE and poisoning are refused; hints are accepted.");
        table.Add(msync, Synchronize, notes: "Mappings show the page cache itself, so there is nothing to write.");
        table.Add(mincore, InCore);
        table.Add(mlock, Lock, heapBytes: AreaBytes, notes: "There is no swap: locking faults the pages in and counts.");
        table.Add(mlock2, Lock2, heapBytes: AreaBytes);
        table.Add(munlock, Unlock, heapBytes: AreaBytes);
        table.Add(mlockall, LockAll, SystemCallSupport.Partial, notes: "MCL_FUTURE is accepted and not kept.");
        table.Add(munlockall, UnlockAll);
    }

    private static Result Map(Task task, in SystemCallArguments arguments)
    {
        ulong flags = arguments.A3;
        ulong offset = arguments.A5;
        if ((offset & (UserAddress.PageSize - 1)) != 0)
        {
            return Errno.EINVAL;
        }

        OpenFile? file = null;
        if ((flags & MAP_ANONYMOUS) == 0)
        {
            if (!task.Files.TryGet((int)arguments.A4, out file) || file.IsPathOnly)
            {
                return Errno.EBADF;
            }
        }
        else if ((flags & MAP_HUGETLB) != 0)
        {
            return Errno.ENOMEM;
        }

        ulong length = arguments.A1;
        if (length == 0)
        {
            return Errno.EINVAL;
        }

        if (length > UserAddress.Limit)
        {
            return Errno.ENOMEM;
        }

        length = PagesUp(length);
        if (offset + length < offset)
        {
            return Errno.EOVERFLOW;
        }

        if (!HasRoomForAreas(task))
        {
            return Errno.ENOMEM;
        }

        Errno error = CheckType(flags, file, arguments.A2, out bool isShared, out bool isNeverWritable);
        if (error != Errno.None)
        {
            return error;
        }

        MemoryObject? memoryObject = null;
        if (file is not null)
        {
            memoryObject = file.MemoryObject;
            if (memoryObject is null)
            {
                return Errno.ENODEV;
            }
        }
        else if (isShared)
        {
            memoryObject = new SharedAnonymousMemory(task.Kernel.Machine.Frames, (long)length);
            offset = 0;
        }

        return Map(task, arguments, length, flags, offset, file, memoryObject, isShared, isNeverWritable);
    }

    private static Result Map(
        Task task, in SystemCallArguments arguments, ulong length, ulong flags, ulong offset, OpenFile? file, MemoryObject? memoryObject, bool isShared, bool isNeverWritable)
    {
        AddressSpace memory = task.Process.Memory!;
        var address = new UserAddress(arguments.A0);
        if (!address.IsPageAligned)
        {
            if ((flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) != 0)
            {
                return Errno.EINVAL;
            }

            address = address.PageStart;
        }

        Result result = memory.Map(new MapRequest
        {
            Address = address,
            Length = length,
            Protection = (PageProtection)(arguments.A2 & ProtectionMask),
            Flags = (isShared ? AreaFlags.Shared : 0)
                | ((flags & MAP_GROWSDOWN) != 0 && !isShared ? AreaFlags.GrowsDown : 0)
                | ((flags & MAP_LOCKED) != 0 ? AreaFlags.Locked : 0)
                | ((flags & MAP_NORESERVE) != 0 ? AreaFlags.NoReserve : 0),
            Placement = (flags & MAP_FIXED_NOREPLACE) != 0 ? MapPlacement.FixedIfFree
                : (flags & MAP_FIXED) != 0 ? MapPlacement.Fixed
                : (flags & MAP_32BIT) != 0 ? MapPlacement.Low : MapPlacement.Hint,
            Object = memoryObject,
            ObjectPage = offset >> UserAddress.PageShift,
            File = file,
            IsNeverWritable = isNeverWritable,
        });
        bool populates = (flags & MAP_LOCKED) != 0 || ((flags & MAP_POPULATE) != 0 && (flags & MAP_NONBLOCK) == 0);
        if (!result.IsError && populates)
        {
            memory.Populate(new UserAddress((ulong)result.Value), length);
        }

        return result;
    }

    private static Errno CheckType(ulong flags, OpenFile? file, ulong protection, out bool isShared, out bool isNeverWritable)
    {
        isShared = false;
        isNeverWritable = false;
        switch (flags & MAP_TYPE)
        {
            case MAP_PRIVATE:
                break;

            case MAP_SHARED_VALIDATE when (flags & ~LegacyFlags & ~MAP_FIXED_NOREPLACE) != 0:
                return Errno.EOPNOTSUPP;

            case MAP_SHARED_VALIDATE when file is null:
                return Errno.EINVAL;

            case MAP_SHARED or MAP_SHARED_VALIDATE:
                isShared = true;
                break;

            default:
                return Errno.EINVAL;
        }

        if (file is null)
        {
            return Errno.None;
        }

        if (!file.IsReadable)
        {
            return Errno.EACCES;
        }

        isNeverWritable = isShared && !file.IsWritable;
        if (isNeverWritable && (protection & (ulong)PageProtection.Write) != 0)
        {
            return Errno.EACCES;
        }

        return (protection & (ulong)PageProtection.Execute) != 0 && (file.Location.Mount.Flags & MountFlags.NoExecute) != 0 ? Errno.EPERM : Errno.None;
    }

    private static Result Unmap(Task task, in SystemCallArguments arguments)
    {
        var address = new UserAddress(arguments.A0);
        ulong length = PagesUp(arguments.A1);
        if (!address.IsPageAligned || arguments.A1 == 0 || length == 0 || !address.IsRangeInUserHalf(length))
        {
            return Errno.EINVAL;
        }

        return HasRoomForAreas(task) ? task.Process.Memory!.Unmap(address, length) : Errno.ENOMEM;
    }

    private static Result Protect(Task task, in SystemCallArguments arguments)
    {
        var address = new UserAddress(arguments.A0);
        ulong grows = arguments.A2 & (PROT_GROWSDOWN | PROT_GROWSUP);
        ulong protection = arguments.A2 & ~grows;
        if (!address.IsPageAligned || (protection & ~(ProtectionMask | 8)) != 0 || grows == (PROT_GROWSDOWN | PROT_GROWSUP))
        {
            return Errno.EINVAL;
        }

        if (arguments.A1 == 0)
        {
            return Result.Success;
        }

        ulong length = PagesUp(arguments.A1);
        if (length == 0 || !address.IsRangeInUserHalf(length) || !HasRoomForAreas(task))
        {
            return Errno.ENOMEM;
        }

        AddressSpace memory = task.Process.Memory!;
        if (grows == PROT_GROWSUP)
        {
            return Errno.EINVAL;
        }

        if (grows == PROT_GROWSDOWN)
        {
            MemoryArea? area = memory.Areas.Find(address);
            if (area is null)
            {
                return Errno.ENOMEM;
            }

            if ((area.Flags & AreaFlags.GrowsDown) == 0)
            {
                return Errno.EINVAL;
            }

            length += address - area.Start;
            address = area.Start;
        }

        return memory.Protect(address, length, (PageProtection)(protection & ProtectionMask));
    }

    private static Result SetBreak(Task task, in SystemCallArguments arguments)
    {
        AddressSpace memory = task.Process.Memory!;
        return Result.FromAddress(HasRoomForAreas(task) ? memory.SetHeapEnd(new UserAddress(arguments.A0)).Value : memory.HeapEnd.Value);
    }

    private static Result Remap(Task task, in SystemCallArguments arguments)
    {
        var address = new UserAddress(arguments.A0);
        ulong flags = arguments.A3;
        bool isFixed = (flags & MREMAP_FIXED) != 0;
        bool keepsOld = (flags & MREMAP_DONTUNMAP) != 0;
        bool mayMove = (flags & MREMAP_MAYMOVE) != 0;
        ulong oldLength = PagesUp(arguments.A1);
        ulong newLength = PagesUp(arguments.A2);
        if ((flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP)) != 0
            || ((isFixed || keepsOld) && !mayMove)
            || (keepsOld && oldLength != newLength)
            || !address.IsPageAligned || newLength == 0 || arguments.A2 > UserAddress.Limit || arguments.A1 > UserAddress.Limit)
        {
            return Errno.EINVAL;
        }

        UserAddress? target = null;
        if (isFixed)
        {
            var wanted = new UserAddress(arguments.A4);
            bool overlaps = address < wanted + newLength && wanted < address + oldLength;
            if (!wanted.IsPageAligned || !wanted.IsRangeInUserHalf(newLength) || overlaps)
            {
                return Errno.EINVAL;
            }

            target = wanted;
        }

        if (!address.IsRangeInUserHalf(oldLength))
        {
            return Errno.EFAULT;
        }

        AddressSpace memory = task.Process.Memory!;
        MemoryArea? area = memory.Areas.Find(address);
        if (oldLength == 0 && (area is null || !area.IsShared || !mayMove))
        {
            return area is null ? Errno.EFAULT : Errno.EINVAL; // only a shared mapping can be had twice
        }

        return HasRoomForAreas(task) ? memory.Remap(address, oldLength, newLength, mayMove, target, keepsOld) : Errno.ENOMEM;
    }

    private static Result Advise(Task task, in SystemCallArguments arguments)
    {
        var address = new UserAddress(arguments.A0);
        ulong length = PagesUp(arguments.A1);
        if (!address.IsPageAligned || (arguments.A1 != 0 && length == 0) || !address.IsRangeInUserHalf(length))
        {
            return Errno.EINVAL;
        }

        if (!HasRoomForAreas(task))
        {
            return Errno.ENOMEM;
        }

        AddressSpace memory = task.Process.Memory!;
        switch (arguments.Int2)
        {
            case 4 or 8: // MADV_DONTNEED, MADV_FREE
                return length == 0 ? Result.Success : memory.Discard(address, length);

            case 10: // MADV_DONTFORK
                return SetFlags(memory, address, length, AreaFlags.NotInChild, 0);

            case 11: // MADV_DOFORK
                return SetFlags(memory, address, length, 0, AreaFlags.NotInChild);

            case 16: // MADV_DONTDUMP
                return SetFlags(memory, address, length, AreaFlags.NotInDump, 0);

            case 17: // MADV_DODUMP
                return SetFlags(memory, address, length, 0, AreaFlags.NotInDump);

            case 18: // MADV_WIPEONFORK
                return SetFlags(memory, address, length, AreaFlags.EmptyInChild, 0);

            case 19: // MADV_KEEPONFORK
                return SetFlags(memory, address, length, 0, AreaFlags.EmptyInChild);

            case 22 or 23: // MADV_POPULATE_READ, MADV_POPULATE_WRITE
                return Populate(memory, address, length, arguments.Int2 == 22 ? PageAccess.Read : PageAccess.Write);

            case 0 or 1 or 2 or 3 or 12 or 13 or 14 or 15 or 20 or 21: // hints: NORMAL to WILLNEED, MERGEABLE to NOHUGEPAGE, COLD, PAGEOUT
                return length == 0 || memory.IsMapped(address, length) ? Result.Success : Errno.ENOMEM;

            default:
                return Errno.EINVAL;
        }
    }

    private static Result SetFlags(AddressSpace memory, UserAddress address, ulong length, AreaFlags set, AreaFlags clear) =>
        length == 0 ? Result.Success : memory.SetFlags(address, length, set, clear);

    private static Result Populate(AddressSpace memory, UserAddress address, ulong length, PageAccess access) =>
        memory.Populate(address, length, access) switch
        {
            FaultResult.Resolved => Errno.None,
            FaultResult.NotAllowed => Errno.EINVAL,
            FaultResult.BeyondEnd => Errno.EFAULT,
            _ => Errno.ENOMEM,
        };

    private static Result Synchronize(Task task, in SystemCallArguments arguments)
    {
        var address = new UserAddress(arguments.A0);
        ulong length = PagesUp(arguments.A1);
        if (!address.IsPageAligned || (arguments.A2 & ~7UL) != 0 || (arguments.A2 & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC))
        {
            return Errno.EINVAL;
        }

        return length == 0 ? arguments.A1 == 0 ? Result.Success : Errno.ENOMEM
            : address.IsRangeInUserHalf(length) && task.Process.Memory!.IsMapped(address, length) ? Result.Success : Errno.ENOMEM;
    }

    private static Result InCore(Task task, in SystemCallArguments arguments)
    {
        var address = new UserAddress(arguments.A0);
        ulong length = PagesUp(arguments.A1);
        if (!address.IsPageAligned)
        {
            return Errno.EINVAL;
        }

        AddressSpace memory = task.Process.Memory!;
        if (!address.IsRangeInUserHalf(length) || !memory.IsMapped(address, length))
        {
            return Errno.ENOMEM;
        }

        Span<byte> bytes = stackalloc byte[256];
        ulong pages = length >> UserAddress.PageShift;
        for (ulong done = 0; done < pages;)
        {
            int count = (int)Math.Min(pages - done, (ulong)bytes.Length);
            for (int i = 0; i < count; i++)
            {
                bytes[i] = memory.IsResident(address + ((done + (ulong)i) << UserAddress.PageShift)) ? (byte)1 : (byte)0;
            }

            if (!task.UserMemory.TryWrite(new UserAddress(arguments.A2) + done, bytes.Slice(0, count)))
            {
                return Errno.EFAULT;
            }

            done += (ulong)count;
        }

        return Result.Success;
    }

    private static Result Lock(Task task, in SystemCallArguments arguments) => Lock(task, arguments.A0, arguments.A1, populates: true);

    private static Result Lock2(Task task, in SystemCallArguments arguments) =>
        (arguments.A2 & ~MLOCK_ONFAULT) != 0 ? Errno.EINVAL : Lock(task, arguments.A0, arguments.A1, (arguments.A2 & MLOCK_ONFAULT) == 0);

    private static Result Lock(Task task, ulong start, ulong size, bool populates)
    {
        UserAddress address = new UserAddress(start).PageStart;
        ulong length = PagesUp(size + (start & (UserAddress.PageSize - 1)));
        if (size != 0 && (length == 0 || !address.IsRangeInUserHalf(length)))
        {
            return Errno.ENOMEM;
        }

        AddressSpace memory = task.Process.Memory!;
        if (!task.Credentials.Has(Capability.LockMemory))
        {
            ulong limit = task.Process.Limits[Resource.LockedMemory].Current;
            if (limit == 0)
            {
                return Errno.EPERM;
            }

            if (memory.LockedBytes + memory.CountUnlocked(address, length) > limit)
            {
                return Errno.ENOMEM;
            }
        }

        if (length == 0)
        {
            return Result.Success;
        }

        Errno error = HasRoomForAreas(task) ? memory.SetFlags(address, length, AreaFlags.Locked, 0) : Errno.ENOMEM;
        if (error == Errno.None && populates && memory.Populate(address, length) != FaultResult.Resolved)
        {
            error = Errno.ENOMEM;
        }

        return error;
    }

    private static Result Unlock(Task task, in SystemCallArguments arguments)
    {
        UserAddress address = new UserAddress(arguments.A0).PageStart;
        ulong length = PagesUp(arguments.A1 + (arguments.A0 & (UserAddress.PageSize - 1)));
        if (length == 0)
        {
            return arguments.A1 == 0 ? Result.Success : Errno.EINVAL;
        }

        return address.IsRangeInUserHalf(length) && HasRoomForAreas(task)
            ? task.Process.Memory!.SetFlags(address, length, 0, AreaFlags.Locked)
            : Errno.ENOMEM;
    }

    private static Result LockAll(Task task, in SystemCallArguments arguments)
    {
        ulong flags = arguments.A0;
        if (flags == 0 || (flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT)) != 0 || flags == MCL_ONFAULT)
        {
            return Errno.EINVAL;
        }

        AddressSpace memory = task.Process.Memory!;
        if (!task.Credentials.Has(Capability.LockMemory))
        {
            ulong limit = task.Process.Limits[Resource.LockedMemory].Current;
            if (limit == 0)
            {
                return Errno.EPERM;
            }

            if ((flags & MCL_CURRENT) != 0 && memory.MappedBytes > limit)
            {
                return Errno.ENOMEM;
            }
        }

        if ((flags & MCL_CURRENT) != 0)
        {
            memory.SetAllLocked(true);
        }

        return Result.Success;
    }

    private static Result UnlockAll(Task task, in SystemCallArguments arguments)
    {
        task.Process.Memory!.SetAllLocked(false);
        return Result.Success;
    }

    // The list of areas doubles when it is full: the one allocation here whose size no constant bounds.
    private static bool HasRoomForAreas(Task task)
    {
        int bytes = task.Process.Memory!.GrowthBytes;
        return bytes == 0 || task.Kernel.Machine.Heap.TryReserve(bytes + AreaBytes);
    }

    private static ulong PagesUp(ulong length) => unchecked(length + (UserAddress.PageSize - 1)) & ~(ulong)(UserAddress.PageSize - 1);
}
