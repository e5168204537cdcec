using System;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>The calls that make and remove names: mkdir, mknod, link, symlink, unlink, rmdir, and readlink.</summary>
internal static class NameCalls
{
    /// <summary>Heap for a new inode, its name and a larger directory table.</summary>
    private const int Heap = 32 << 10;

    public static void AddTo(SystemCallTable table)
    {
        table.Add(SystemCallNumber.mkdir, (Task task, in SystemCallArguments a) => MakeDirectory(task, PathCall.WorkingDirectory, a.A0, (uint)a.A1), heapBytes: Heap);
        table.Add(SystemCallNumber.mkdirat, (Task task, in SystemCallArguments a) => MakeDirectory(task, a.Int0, a.A1, (uint)a.A2), heapBytes: Heap);
        table.Add(SystemCallNumber.mknod, (Task task, in SystemCallArguments a) => MakeNode(task, PathCall.WorkingDirectory, a.A0, (uint)a.A1, (uint)a.A2), heapBytes: Heap);
        table.Add(SystemCallNumber.mknodat, (Task task, in SystemCallArguments a) => MakeNode(task, a.Int0, a.A1, (uint)a.A2, (uint)a.A3), heapBytes: Heap);
        table.Add(SystemCallNumber.unlink, (Task task, in SystemCallArguments a) => Unlink(task, PathCall.WorkingDirectory, a.A0));
        table.Add(SystemCallNumber.rmdir, (Task task, in SystemCallArguments a) => RemoveDirectory(task, PathCall.WorkingDirectory, a.A0));
        table.Add(SystemCallNumber.unlinkat, UnlinkAt);
        table.Add(SystemCallNumber.symlink, (Task task, in SystemCallArguments a) => MakeLink(task, a.A0, PathCall.WorkingDirectory, a.A1), heapBytes: Heap);
        table.Add(SystemCallNumber.symlinkat, (Task task, in SystemCallArguments a) => MakeLink(task, a.A0, a.Int1, a.A2), heapBytes: Heap);
        table.Add(
            SystemCallNumber.link,
            (Task task, in SystemCallArguments a) => LinkAt(task, PathCall.WorkingDirectory, a.A0, PathCall.WorkingDirectory, a.A1, 0),
            heapBytes: Heap);
        table.Add(SystemCallNumber.linkat, (Task task, in SystemCallArguments a) => LinkAt(task, a.Int0, a.A1, a.Int2, a.A3, (int)a.A4), heapBytes: Heap);
        table.Add(SystemCallNumber.readlink, (Task task, in SystemCallArguments a) => ReadLink(task, PathCall.WorkingDirectory, a.A0, a.A1, a.Int2), heapBytes: Heap);
        table.Add(SystemCallNumber.readlinkat, (Task task, in SystemCallArguments a) => ReadLink(task, a.Int0, a.A1, a.A2, a.Int3), heapBytes: Heap);
    }

    private static Result MakeDirectory(Task task, int descriptor, ulong address, uint mode)
    {
        Errno error = PathName.Read(task, address, out PathName path);
        if (error != Errno.None)
        {
            return error;
        }

        using (path)
        {
            error = PathCall.TryGetStart(task, descriptor, path, out Location start);
            if (error != Errno.None)
            {
                return error;
            }

            PathWalk walk = new(task, start);
            error = NameChange.PrepareNew(task, ref walk, path.Bytes, isDirectory: true);
            if (error != Errno.None)
            {
                return error;
            }

            Location parent = walk.Current;
            NewFile newFile = NameChange.Describe(task, parent.Inode, FileMode.Directory, mode & (FileMode.AccessMask | FileMode.Sticky));
            return ((DirectoryInode)parent.Inode).Create(parent.Dentry, walk.LastName, newFile, out _);
        }
    }

    private static Result MakeNode(Task task, int descriptor, ulong address, uint mode, uint device)
    {
        uint type = mode & FileMode.TypeMask;
        switch (type)
        {
            case 0:
                type = FileMode.Regular;
                break;
            case FileMode.Regular or FileMode.Fifo or FileMode.Socket:
                break;
            case FileMode.CharacterDevice or FileMode.BlockDevice:
                break;
            case FileMode.Directory:
                return Errno.EPERM;
            default:
                return Errno.EINVAL;
        }

        Errno error = PathName.Read(task, address, out PathName path);
        if (error != Errno.None)
        {
            return error;
        }

        using (path)
        {
            error = PathCall.TryGetStart(task, descriptor, path, out Location start);
            if (error != Errno.None)
            {
                return error;
            }

            PathWalk walk = new(task, start);
            error = NameChange.PrepareNew(task, ref walk, path.Bytes, isDirectory: false);
            if (error != Errno.None)
            {
                return error;
            }

            bool isDevice = type is FileMode.CharacterDevice or FileMode.BlockDevice;
            if (isDevice && !task.Credentials.Has(Capability.MakeNodes))
            {
                return Errno.EPERM;
            }

            Location parent = walk.Current;
            NewFile newFile = NameChange.Describe(task, parent.Inode, type, mode, isDevice ? device : 0);
            return ((DirectoryInode)parent.Inode).Create(parent.Dentry, walk.LastName, newFile, out _);
        }
    }

    private static Result UnlinkAt(Task task, in SystemCallArguments a)
    {
        if ((a.Int2 & ~PathCall.RemoveDirectory) != 0)
        {
            return Errno.EINVAL;
        }

        return (a.Int2 & PathCall.RemoveDirectory) != 0 ? RemoveDirectory(task, a.Int0, a.A1) : Unlink(task, a.Int0, a.A1);
    }

    private static Result Unlink(Task task, int descriptor, ulong address)
    {
        Errno error = PathName.Read(task, address, out PathName path);
        if (error != Errno.None)
        {
            return error;
        }

        using (path)
        {
            error = PathCall.TryGetStart(task, descriptor, path, out Location start);
            if (error != Errno.None)
            {
                return error;
            }

            PathWalk walk = new(task, start);
            error = path.IsEmpty ? Errno.ENOENT : walk.WalkToParent(path.Bytes);
            if (error != Errno.None)
            {
                return error;
            }

            if (walk.LastKind != LastComponent.Name)
            {
                return Errno.EISDIR;
            }

            error = walk.LookupLast(out Dentry? child);
            if (error != Errno.None)
            {
                return error;
            }

            if (walk.HasTrailingSlash)
            {
                return child!.Inode.IsDirectory ? Errno.EISDIR : Errno.ENOTDIR;
            }

            Location parent = walk.Current;
            error = Access.CheckRemoval(task.Credentials, parent, child!.Inode);
            if (error != Errno.None)
            {
                return error;
            }

            if (child.Inode.IsDirectory)
            {
                return Errno.EISDIR;
            }

            return child.MountCount != 0 ? Errno.EBUSY : ((DirectoryInode)parent.Inode).Remove(parent.Dentry, child);
        }
    }

    private static Result RemoveDirectory(Task task, int descriptor, ulong address)
    {
        Errno error = PathName.Read(task, address, out PathName path);
        if (error != Errno.None)
        {
            return error;
        }

        using (path)
        {
            error = PathCall.TryGetStart(task, descriptor, path, out Location start);
            if (error != Errno.None)
            {
                return error;
            }

            PathWalk walk = new(task, start);
            error = path.IsEmpty ? Errno.ENOENT : walk.WalkToParent(path.Bytes);
            if (error != Errno.None)
            {
                return error;
            }

            switch (walk.LastKind)
            {
                case LastComponent.Root:
                    return Errno.EBUSY;
                case LastComponent.Dot:
                    return Errno.EINVAL;
                case LastComponent.DotDot:
                    return Errno.ENOTEMPTY;
            }

            error = walk.LookupLast(out Dentry? child);
            if (error != Errno.None)
            {
                return error;
            }

            Location parent = walk.Current;
            error = Access.CheckRemoval(task.Credentials, parent, child!.Inode);
            if (error != Errno.None)
            {
                return error;
            }

            if (child.Inode is not DirectoryInode directory)
            {
                return Errno.ENOTDIR;
            }

            if (child.MountCount != 0)
            {
                return Errno.EBUSY;
            }

            return directory.IsEmpty ? ((DirectoryInode)parent.Inode).Remove(parent.Dentry, child) : Errno.ENOTEMPTY;
        }
    }

    private static Result MakeLink(Task task, ulong targetAddress, int descriptor, ulong address)
    {
        Errno error = PathName.Read(task, targetAddress, out PathName target);
        if (error != Errno.None)
        {
            return error;
        }

        using (target)
        {
            if (target.IsEmpty)
            {
                return Errno.ENOENT;
            }

            error = PathName.Read(task, address, out PathName path);
            if (error != Errno.None)
            {
                return error;
            }

            using (path)
            {
                error = PathCall.TryGetStart(task, descriptor, path, out Location start);
                if (error != Errno.None)
                {
                    return error;
                }

                PathWalk walk = new(task, start);
                error = NameChange.PrepareNew(task, ref walk, path.Bytes, isDirectory: false);
                if (error != Errno.None)
                {
                    return error;
                }

                Location parent = walk.Current;
                NewFile newFile = NameChange.Describe(task, parent.Inode, FileMode.SymbolicLink, 0);
                return ((DirectoryInode)parent.Inode).CreateLink(parent.Dentry, walk.LastName, target.Bytes, newFile, out _);
            }
        }
    }

    private static Result LinkAt(Task task, int oldDescriptor, ulong oldAddress, int newDescriptor, ulong newAddress, int flags)
    {
        if ((flags & ~(PathCall.Follow | PathCall.EmptyPath)) != 0)
        {
            return Errno.EINVAL;
        }

        LookupFlags lookup = ((flags & PathCall.Follow) != 0 ? LookupFlags.Follow : LookupFlags.None)
            | ((flags & PathCall.EmptyPath) != 0 ? LookupFlags.EmptyPath : LookupFlags.None);
        Errno error = PathCall.Find(task, oldDescriptor, oldAddress, lookup, out Location old);
        if (error != Errno.None)
        {
            return error;
        }

        error = PathName.Read(task, newAddress, out PathName path);
        if (error != Errno.None)
        {
            return error;
        }

        using (path)
        {
            error = PathCall.TryGetStart(task, newDescriptor, path, out Location start);
            if (error != Errno.None)
            {
                return error;
            }

            PathWalk walk = new(task, start);
            error = NameChange.PrepareNew(task, ref walk, path.Bytes, isDirectory: false);
            if (error != Errno.None)
            {
                return error;
            }

            Location parent = walk.Current;
            if (parent.Mount != old.Mount)
            {
                return Errno.EXDEV;
            }

            Inode inode = old.Inode;
            if (inode.IsDirectory)
            {
                return Errno.EPERM;
            }

            return inode.LinkCount == 0 && !old.Dentry.IsLinkable
                ? Errno.ENOENT
                : ((DirectoryInode)parent.Inode).AddLink(parent.Dentry, walk.LastName, inode);
        }
    }

    private static Result ReadLink(Task task, int descriptor, ulong address, ulong buffer, int size)
    {
        if (size <= 0)
        {
            return Errno.EINVAL;
        }

        Errno error = PathCall.Find(task, descriptor, address, LookupFlags.EmptyPath, out Location found);
        if (error != Errno.None)
        {
            return error;
        }

        if (!found.Inode.IsSymbolicLink)
        {
            // An empty path leads to what the descriptor is; Linux says ENOENT where that is no link.
            return IsEmptyPath(task, address) ? Errno.ENOENT : Errno.EINVAL;
        }

        error = found.Inode.ReadLink(task, out byte[]? target);
        if (error != Errno.None)
        {
            return error;
        }

        int length = Math.Min(size, target!.Length);
        return task.UserMemory.TryWrite(new UserAddress(buffer), new ReadOnlySpan<byte>(target, 0, length)) ? length : Errno.EFAULT;
    }

    private static bool IsEmptyPath(Task task, ulong address)
    {
        Span<byte> first = stackalloc byte[1];
        return task.UserMemory.TryRead(new UserAddress(address), first) && first[0] == 0;
    }
}
