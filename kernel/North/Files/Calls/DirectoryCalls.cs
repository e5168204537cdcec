using System;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>Listing directories, the working directory, the root and the umask.</summary>
internal static class DirectoryCalls
{
    private const int Heap = 16 << 10;

    public static void AddTo(SystemCallTable table)
    {
        table.Add(SystemCallNumber.getdents64, (Task task, in SystemCallArguments a) => List(task, a.Int0, a.A1, (uint)a.A2, false), heapBytes: Heap);
        table.Add(SystemCallNumber.getdents, (Task task, in SystemCallArguments a) => List(task, a.Int0, a.A1, (uint)a.A2, true), heapBytes: Heap);
        table.Add(SystemCallNumber.chdir, ChangeDirectory);
        table.Add(SystemCallNumber.fchdir, ChangeDirectoryByDescriptor);
        table.Add(SystemCallNumber.getcwd, GetWorkingDirectory, heapBytes: Heap);
        table.Add(SystemCallNumber.chroot, ChangeRoot);
        table.Add(SystemCallNumber.umask, SetUmask);
    }

    private static Result List(Task task, int descriptor, ulong buffer, uint length, bool hasOldLayout)
    {
        using FileUse use = FileUse.Of(task, descriptor);
        if (use.File is not { } file)
        {
            return Errno.EBADF;
        }

        DirectoryWriter writer = new(task.UserMemory, new UserAddress(buffer), (int)Math.Min(length, ReadWriteCalls.MaximumLength), hasOldLayout);
        Errno error = file.List(task, ref writer);
        if (error != Errno.None)
        {
            return error;
        }

        if (writer.Count == 0)
        {
            if (writer.HasFaulted)
            {
                return Errno.EFAULT;
            }

            if (writer.IsFull)
            {
                return Errno.EINVAL;
            }
        }

        return writer.Count;
    }

    private static Result ChangeDirectory(Task task, in SystemCallArguments a)
    {
        Errno error = PathCall.Find(task, PathCall.WorkingDirectory, a.A0, LookupFlags.Follow | LookupFlags.Directory, out Location found);
        if (error != Errno.None)
        {
            return error;
        }

        if (!Access.MaySearch(task.Credentials, found.Inode))
        {
            return Errno.EACCES;
        }

        task.FileSystemContext.WorkingDirectory = found;
        return Result.Success;
    }

    private static Result ChangeDirectoryByDescriptor(Task task, in SystemCallArguments a)
    {
        if (!task.Files.TryGet(a.Int0, out OpenFile? file))
        {
            return Errno.EBADF;
        }

        if (!file.Inode.IsDirectory)
        {
            return Errno.ENOTDIR;
        }

        if (!Access.MaySearch(task.Credentials, file.Inode))
        {
            return Errno.EACCES;
        }

        task.FileSystemContext.WorkingDirectory = file.Location;
        return Result.Success;
    }

    private static Result ChangeRoot(Task task, in SystemCallArguments a)
    {
        Errno error = PathCall.Find(task, PathCall.WorkingDirectory, a.A0, LookupFlags.Follow | LookupFlags.Directory, out Location found);
        if (error != Errno.None)
        {
            return error;
        }

        if (!Access.MaySearch(task.Credentials, found.Inode))
        {
            return Errno.EACCES;
        }

        if (!task.Credentials.Has(Capability.ChangeRoot))
        {
            return Errno.EPERM;
        }

        task.FileSystemContext.Root = found;
        return Result.Success;
    }

    private static Result GetWorkingDirectory(Task task, in SystemCallArguments a)
    {
        Location directory = task.FileSystemContext.WorkingDirectory;
        if (directory.Dentry.IsRemoved)
        {
            return Errno.ENOENT;
        }

        byte[] buffer = task.FileSystemContext.VirtualFileSystem.PathBuffers.Rent();
        Result result = Store(task, directory, buffer, a.A0, a.A1);
        task.FileSystemContext.VirtualFileSystem.PathBuffers.Return(buffer);
        return result;
    }

    private static Result Store(Task task, in Location directory, byte[] buffer, ulong address, ulong size)
    {
        buffer[^1] = 0;
        if (!LocationText.TryWrite(directory, task.FileSystemContext.Root, buffer.AsSpan(0, buffer.Length - 1), out ReadOnlySpan<byte> path))
        {
            return Errno.ENAMETOOLONG;
        }

        // The path stands at the end of the buffer, before the zero.
        ReadOnlySpan<byte> withZero = buffer.AsSpan(buffer.Length - 1 - path.Length);
        if ((ulong)withZero.Length > size)
        {
            return Errno.ERANGE;
        }

        return task.UserMemory.TryWrite(new UserAddress(address), withZero) ? withZero.Length : Errno.EFAULT;
    }

    private static Result SetUmask(Task task, in SystemCallArguments a)
    {
        uint previous = task.FileSystemContext.Umask;
        task.FileSystemContext.Umask = (uint)a.A0 & FileMode.AccessMask;
        return (long)previous;
    }
}
