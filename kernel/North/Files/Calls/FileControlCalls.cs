using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>fcntl(2) and flock(2).</summary>
internal static class FileControlCalls
{
    private const int Heap = 8 << 10;

    public static void AddTo(SystemCallTable table)
    {
        table.Add(SystemCallNumber.fcntl, Control, SystemCallSupport.Partial, Heap, "no leases, no directory notification");
        table.Add(SystemCallNumber.flock, Flock, heapBytes: Heap);
    }

    // Commands of include/uapi/asm-generic/fcntl.h and include/uapi/linux/fcntl.h.
    private static Result Control(Task task, in SystemCallArguments a)
    {
        using FileUse use = FileUse.OfAny(task, a.Int0);
        if (use.File is not { } file)
        {
            return Errno.EBADF;
        }

        int command = a.Int1;
        switch (command)
        {
            case 0: // F_DUPFD
                return Duplicate(task, file, a.A2, false);
            case 1030: // F_DUPFD_CLOEXEC
                return Duplicate(task, file, a.A2, true);
            case 1: // F_GETFD
                return task.Files.IsCloseOnExec(a.Int0) ? 1 : 0;
            case 2: // F_SETFD
                task.Files.SetCloseOnExec(a.Int0, (a.A2 & 1) != 0);
                return Result.Success;
            case 3: // F_GETFL
                return file.StatusFlags;
        }

        return (file.StatusFlags & OpenFlags.PathOnly) != 0 ? Errno.EBADF : ControlOpen(task, file, command, a.A2);
    }

    private static Result ControlOpen(Task task, OpenFile file, int command, ulong argument)
    {
        switch (command)
        {
            case 4: // F_SETFL
                return SetFlags(task, file, (int)argument);
            case 5: // F_GETLK
                return TestLock(task, file, argument, task.Files, task.Process.Id);
            case 36: // F_OFD_GETLK
                return TestLock(task, file, argument, file, -1);
            case 6 or 7: // F_SETLK, F_SETLKW
                return SetLock(task, file, argument, task.Files, task.Process.Id, command == 7);
            case 37 or 38: // F_OFD_SETLK, F_OFD_SETLKW
                return SetLock(task, file, argument, file, -1, command == 38);
            case 8: // F_SETOWN
                return Result.Success;
            case 9: // F_GETOWN
                return 0;
            case 10: // F_SETSIG
                return argument > 64 ? Errno.EINVAL : Result.Success;
            case 11: // F_GETSIG
                return 0;
            case 1031: // F_SETPIPE_SZ
                return file is PipeEnd pipeEnd ? pipeEnd.Pipe.SetCapacity(task, (uint)argument) : Errno.EBADF;
            case 1032: // F_GETPIPE_SZ
                return file is PipeEnd end ? end.Pipe.Capacity : Errno.EBADF;
            case 1033: // F_ADD_SEALS
                return AddSeals(file, (int)argument);
            case 1034: // F_GET_SEALS
                return file.Inode is TemporaryFile sealedFile ? sealedFile.Seals : Errno.EINVAL;
            default:
                return Errno.EINVAL;
        }
    }

    private static Result Duplicate(Task task, OpenFile file, ulong minimum, bool closeOnExec)
    {
        int limit = DescriptorLimit.Of(task);
        if (minimum >= (ulong)limit)
        {
            return Errno.EINVAL;
        }

        file.AddOwner();
        Result result = task.Files.Add(file, closeOnExec, limit, (int)minimum);
        if (result.IsError)
        {
            file.Release(task);
        }

        return result;
    }

    private static Result SetFlags(Task task, OpenFile file, int flags)
    {
        bool changesAccessTime = (flags & ~file.StatusFlags & OpenFlags.NoAccessTime) != 0;
        if (changesAccessTime && !Access.IsOwner(task.Credentials, file.Inode))
        {
            return Errno.EPERM;
        }

        file.StatusFlags = (file.StatusFlags & ~OpenFlags.Settable) | (flags & OpenFlags.Settable);
        return Result.Success;
    }

    private static Result AddSeals(OpenFile file, int seals)
    {
        if (!file.IsWritable)
        {
            return Errno.EPERM;
        }

        if ((seals & ~FileSeals.All) != 0 || file.Inode is not TemporaryFile inode)
        {
            return Errno.EINVAL;
        }

        if ((inode.Seals & FileSeals.NoMoreSeals) != 0)
        {
            return Errno.EPERM;
        }

        if ((seals & FileSeals.NoWriting) != 0 && inode.Pages.IsMapped)
        {
            return Errno.EBUSY;
        }

        inode.Seals |= seals;
        return Result.Success;
    }

    private static Result TestLock(Task task, OpenFile file, ulong address, object owner, int processId)
    {
        UserPointer<RecordLock> pointer = new(address);
        if (!pointer.TryRead(task.UserMemory, out RecordLock request))
        {
            return Errno.EFAULT;
        }

        if (request.Kind is not (RecordLock.Shared or RecordLock.Exclusive) || (processId < 0 && request.ProcessId != 0))
        {
            return Errno.EINVAL;
        }

        Errno error = TryDescribe(file, request, owner, processId, out FileLock? wanted);
        if (error != Errno.None)
        {
            return error;
        }

        FileLock? conflict = file.Inode.Locks?.FindConflict(wanted!);
        if (conflict is null)
        {
            request.Kind = RecordLock.None;
        }
        else
        {
            request.Kind = conflict.IsExclusive ? RecordLock.Exclusive : RecordLock.Shared;
            request.Whence = SeekOrigins.Set;
            request.Start = conflict.Start;
            request.Length = conflict.End == long.MaxValue ? 0 : conflict.End - conflict.Start + 1;
            request.ProcessId = conflict.ProcessId;
        }

        return pointer.TryWrite(task.UserMemory, request) ? Result.Success : Errno.EFAULT;
    }

    private static Result SetLock(Task task, OpenFile file, ulong address, object owner, int processId, bool wait)
    {
        if (!new UserPointer<RecordLock>(address).TryRead(task.UserMemory, out RecordLock request))
        {
            return Errno.EFAULT;
        }

        if (processId < 0 && request.ProcessId != 0)
        {
            return Errno.EINVAL;
        }

        Errno error = TryDescribe(file, request, owner, processId, out FileLock? wanted);
        if (error != Errno.None)
        {
            return error;
        }

        switch (request.Kind)
        {
            case RecordLock.None:
                file.Inode.Locks?.Drop(owner, false, wanted!.Start, wanted.End);
                return Result.Success;
            case RecordLock.Shared when !file.IsReadable:
            case RecordLock.Exclusive when !file.IsWritable:
                return Errno.EBADF;
            case RecordLock.Shared or RecordLock.Exclusive:
                file.Inode.Locks ??= new FileLocks();
                return file.Inode.Locks.Take(task, wanted!, wait);
            default:
                return Errno.EINVAL;
        }
    }

    /// <summary>The bytes that a request means (flock_to_posix_lock). EINVAL, EOVERFLOW.</summary>
    private static Errno TryDescribe(OpenFile file, in RecordLock request, object owner, int processId, out FileLock? description)
    {
        description = null;
        long origin;
        switch (request.Whence)
        {
            case SeekOrigins.Set:
                origin = 0;
                break;
            case SeekOrigins.Current:
                origin = file.Position;
                break;
            case SeekOrigins.End:
                origin = file.Inode.Size;
                break;
            default:
                return Errno.EINVAL;
        }

        if (request.Start > long.MaxValue - origin)
        {
            return Errno.EOVERFLOW;
        }

        long start = origin + request.Start;
        if (start < 0)
        {
            return Errno.EINVAL;
        }

        long end = long.MaxValue;
        if (request.Length > 0)
        {
            if (request.Length - 1 > long.MaxValue - start)
            {
                return Errno.EOVERFLOW;
            }

            end = start + request.Length - 1;
        }
        else if (request.Length < 0)
        {
            end = start - 1;
            start += request.Length;
            if (start < 0)
            {
                return Errno.EINVAL;
            }
        }

        description = new FileLock(owner, processId, false, request.Kind == RecordLock.Exclusive, start, end);
        return Errno.None;
    }

    private static Result Flock(Task task, in SystemCallArguments a)
    {
        const int Shared = 1; // LOCK_SH
        const int Exclusive = 2; // LOCK_EX
        const int NonBlocking = 4; // LOCK_NB
        const int Unlock = 8; // LOCK_UN
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.File is not { } file)
        {
            return Errno.EBADF;
        }

        int operation = a.Int1 & ~NonBlocking;
        switch (operation)
        {
            case Unlock:
                file.Inode.Locks?.Drop(file, true, 0, long.MaxValue);
                return Result.Success;
            case Shared or Exclusive:
                file.Inode.Locks ??= new FileLocks();
                FileLock wanted = new(file, task.Process.Id, true, operation == Exclusive, 0, long.MaxValue);
                return file.Inode.Locks.Take(task, wanted, (a.Int1 & NonBlocking) == 0);
            default:
                return Errno.EINVAL;
        }
    }
}
