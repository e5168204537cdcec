using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;

namespace LiteBox.North.Files;

/// <summary>chmod(2), chown(2), truncate(2), fallocate(2) and their kin.</summary>
internal static class AttributeCalls
{
    private const int AllocateHeap = 64 << 10;

    public static void AddTo(SystemCallTable table)
    {
        table.Add(SystemCallNumber.chmod, (Task task, in SystemCallArguments a) => ChangeMode(task, PathCall.WorkingDirectory, a.A0, (uint)a.A1));
        table.Add(SystemCallNumber.fchmodat, (Task task, in SystemCallArguments a) => ChangeMode(task, a.Int0, a.A1, (uint)a.A2));
        table.Add(SystemCallNumber.fchmod, ChangeModeByDescriptor);
        table.Add(SystemCallNumber.chown, (Task task, in SystemCallArguments a) => ChangeOwner(task, PathCall.WorkingDirectory, a.A0, (uint)a.A1, (uint)a.A2, 0));
        table.Add(
            SystemCallNumber.lchown,
            (Task task, in SystemCallArguments a) => ChangeOwner(task, PathCall.WorkingDirectory, a.A0, (uint)a.A1, (uint)a.A2, PathCall.NoFollow));
        table.Add(SystemCallNumber.fchownat, (Task task, in SystemCallArguments a) => ChangeOwner(task, a.Int0, a.A1, (uint)a.A2, (uint)a.A3, (int)a.A4));
        table.Add(SystemCallNumber.fchown, ChangeOwnerByDescriptor);
        table.Add(SystemCallNumber.truncate, Truncate);
        table.Add(SystemCallNumber.ftruncate, TruncateByDescriptor);
        table.Add(SystemCallNumber.fallocate, Allocate, SystemCallSupport.Partial, AllocateHeap, "modes 0, KEEP_SIZE and PUNCH_HOLE");
    }

    private static Result ChangeMode(Task task, int descriptor, ulong path, uint mode)
    {
        Errno error = PathCall.Find(task, descriptor, path, LookupFlags.Follow, out Location found);
        return error != Errno.None ? error : ChangeMode(task, found, mode);
    }

    private static Result ChangeModeByDescriptor(Task task, in SystemCallArguments a)
    {
        using FileUse use = FileUse.Of(task, a.Int0);
        return use.File is { } file ? ChangeMode(task, file.Location, (uint)a.A1) : Errno.EBADF;
    }

    private static Result ChangeMode(Task task, in Location location, uint mode)
    {
        Inode inode = location.Inode;
        if (location.Mount.IsReadOnly)
        {
            return Errno.EROFS;
        }

        if (!Access.IsOwner(task.Credentials, inode))
        {
            return Errno.EPERM;
        }

        Errno error = inode.BeforeAttributeChange();
        if (error != Errno.None)
        {
            return error;
        }

        mode &= FileMode.PermissionMask;
        if (!task.Credentials.IsInGroup(inode.GroupId) && !task.Credentials.Has(Capability.KeepSetId))
        {
            mode &= ~FileMode.SetGroupId;
        }

        inode.Mode = (inode.Mode & FileMode.TypeMask) | mode;
        inode.ChangeTime = inode.FileSystem.Now;
        return Result.Success;
    }

    private static Result ChangeOwner(Task task, int descriptor, ulong path, uint user, uint group, int flags)
    {
        if ((flags & ~(PathCall.NoFollow | PathCall.EmptyPath)) != 0)
        {
            return Errno.EINVAL;
        }

        Errno error = PathCall.Find(task, descriptor, path, PathCall.ToLookup(flags), out Location found);
        return error != Errno.None ? error : ChangeOwner(task, found, user, group);
    }

    private static Result ChangeOwnerByDescriptor(Task task, in SystemCallArguments a)
    {
        using FileUse use = FileUse.Of(task, a.Int0);
        return use.File is { } file ? ChangeOwner(task, file.Location, (uint)a.A1, (uint)a.A2) : Errno.EBADF;
    }

    private static Result ChangeOwner(Task task, in Location location, uint user, uint group)
    {
        const uint Unchanged = uint.MaxValue;
        Inode inode = location.Inode;
        Credentials credentials = task.Credentials;
        if (location.Mount.IsReadOnly)
        {
            return Errno.EROFS;
        }

        if (!credentials.Has(Capability.ChangeOwner))
        {
            bool ownsIt = inode.UserId == credentials.FileUserId;
            bool mayUser = user == Unchanged || (ownsIt && user == inode.UserId);
            bool mayGroup = group == Unchanged || (ownsIt && (group == inode.GroupId || credentials.IsInGroup(group)));
            if (!mayUser || !mayGroup)
            {
                return Errno.EPERM;
            }
        }

        Errno error = inode.BeforeAttributeChange();
        if (error != Errno.None)
        {
            return error;
        }

        if (!inode.IsDirectory)
        {
            SetIdBits.Remove(inode);
        }

        if (user != Unchanged)
        {
            inode.UserId = user;
        }

        if (group != Unchanged)
        {
            inode.GroupId = group;
        }

        inode.ChangeTime = inode.FileSystem.Now;
        return Result.Success;
    }

    private static Result Truncate(Task task, in SystemCallArguments a)
    {
        long size = (long)a.A1;
        if (size < 0)
        {
            return Errno.EINVAL;
        }

        Errno error = PathCall.Find(task, PathCall.WorkingDirectory, a.A0, LookupFlags.Follow, out Location found);
        if (error != Errno.None)
        {
            return error;
        }

        if (found.Inode.IsDirectory)
        {
            return Errno.EISDIR;
        }

        if (!found.Inode.IsRegular)
        {
            return Errno.EINVAL;
        }

        error = Access.Check(task.Credentials, found, Access.Write);
        if (error != Errno.None)
        {
            return error;
        }

        return found.Inode.ExecutorCount > 0 ? Errno.ETXTBSY : Resize(task, found.Inode, size);
    }

    private static Result TruncateByDescriptor(Task task, in SystemCallArguments a)
    {
        long size = (long)a.A1;
        if (size < 0)
        {
            return Errno.EINVAL;
        }

        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.File is not { } file)
        {
            return Errno.EBADF;
        }

        return file.Inode.IsRegular && file.IsWritable ? Resize(task, file.Inode, size) : Errno.EINVAL;
    }

    private static Result Resize(Task task, Inode inode, long size)
    {
        if (size > inode.Size && size > FileSizeLimit.Of(task))
        {
            return FileSizeLimit.Exceeded(task);
        }

        Errno error = inode.Truncate(size);
        if (error == Errno.None)
        {
            SetIdBits.RemoveAfterWrite(task, inode);
        }

        return error;
    }

    private static Result Allocate(Task task, in SystemCallArguments a)
    {
        long offset = (long)a.A2;
        long length = (long)a.A3;
        if (offset < 0 || length <= 0)
        {
            return Errno.EINVAL;
        }

        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.File is not { } file)
        {
            return Errno.EBADF;
        }

        if (!file.IsWritable)
        {
            return Errno.EBADF;
        }

        if (file.Inode.IsDirectory)
        {
            return Errno.EISDIR;
        }

        if (file is PipeEnd)
        {
            return Errno.ESPIPE;
        }

        if (length > long.MaxValue - offset)
        {
            return Errno.EFBIG;
        }

        if (offset + length > FileSizeLimit.Of(task) && (a.Int1 & 1) == 0)
        {
            return FileSizeLimit.Exceeded(task);
        }

        // A table of 2 KiB for each 2 MiB: more than the machine has is ENOSPC before the heap is asked.
        long machineBytes = task.Kernel.Machine.Frames.TotalCount * 4096;
        bool makesPages = (a.Int1 & 2) == 0;
        if (makesPages && length > machineBytes)
        {
            return Errno.ENOSPC;
        }

        if (makesPages && !task.Kernel.Machine.Heap.TryReserve(AllocateHeap + (int)(length / 512)))
        {
            return Errno.ENOMEM;
        }

        return file.Allocate(a.Int1, offset, length);
    }
}
