using System;
using LiteBox.Abi;
using LiteBox.North.Processes;

namespace LiteBox.North.Files;

/// <summary>What open(2) does with a path: finds or makes the file, checks permissions, truncates, opens.</summary>
internal static class FileOpening
{
    /// <summary>Opens a path. <paramref name="flags"/> are open(2)'s, made consistent; <paramref name="mode"/> is for a new file, before the umask.</summary>
    public static Errno Open(Task task, in Location start, ReadOnlySpan<byte> path, int flags, uint mode, out OpenFile? file)
    {
        file = null;
        if (path.Length == 0)
        {
            return Errno.ENOENT;
        }

        PathWalk walk = new(task, start);
        if ((flags & OpenFlags.Create) != 0)
        {
            return OpenOrCreate(task, ref walk, path, flags, mode, out file);
        }

        LookupFlags lookup = ((flags & OpenFlags.NoFollow) == 0 ? LookupFlags.Follow : LookupFlags.None)
            | ((flags & OpenFlags.Directory) != 0 ? LookupFlags.Directory : LookupFlags.None);
        Errno error = walk.Walk(path, lookup);
        if (error != Errno.None)
        {
            return error;
        }

        if ((flags & OpenFlags.Unnamed) != 0)
        {
            return OpenUnnamed(task, walk.Current, flags, mode, out file);
        }

        return OpenExisting(task, walk.Current, flags, out file);
    }

    /// <summary>Opens what is there, after the checks of may_open.</summary>
    public static Errno OpenExisting(Task task, in Location location, int flags, out OpenFile? file)
    {
        file = null;
        Inode inode = location.Inode;
        if ((flags & OpenFlags.PathOnly) != 0)
        {
            file = new PathOnlyFile(location, flags);
            return Errno.None;
        }

        uint wanted = WantedAccess(flags);
        switch (inode.Mode & FileMode.TypeMask)
        {
            case FileMode.SymbolicLink:
                return Errno.ELOOP;
            case FileMode.Directory when (wanted & Access.Write) != 0:
                return Errno.EISDIR;
            case FileMode.CharacterDevice or FileMode.BlockDevice when (location.Mount.Flags & MountFlags.NoDevices) != 0:
                return Errno.EACCES;
        }

        Errno error = Access.Check(task.Credentials, location, wanted);
        if (error != Errno.None)
        {
            return error;
        }

        if ((wanted & Access.Write) != 0 && inode.ExecutorCount > 0)
        {
            return Errno.ETXTBSY;
        }

        if ((flags & OpenFlags.NoAccessTime) != 0 && !Access.IsOwner(task.Credentials, inode))
        {
            return Errno.EPERM;
        }

        if ((flags & OpenFlags.Truncate) != 0 && inode.IsRegular)
        {
            error = inode.Truncate(0);
            if (error != Errno.None)
            {
                return error;
            }
        }

        return inode.Open(task, location, flags, out file);
    }

    private static Errno OpenOrCreate(Task task, ref PathWalk walk, ReadOnlySpan<byte> path, int flags, uint mode, out OpenFile? file)
    {
        file = null;
        Errno error = walk.WalkToParent(path);
        while (error == Errno.None)
        {
            // A directory cannot be made by open: EISDIR whether it exists or not; "." and ".." always exist.
            if (walk.LastKind != LastComponent.Name)
            {
                return (flags & OpenFlags.Exclusive) != 0 ? Errno.EEXIST : Errno.EISDIR;
            }

            if (walk.HasTrailingSlash)
            {
                return Errno.EISDIR;
            }

            error = walk.LookupLast(out Dentry? child);
            if (error == Errno.ENOENT)
            {
                return Create(task, ref walk, flags, mode, out file);
            }

            if (error != Errno.None)
            {
                return error;
            }

            if ((flags & OpenFlags.Exclusive) != 0)
            {
                return Errno.EEXIST;
            }

            if (!child!.Inode.IsSymbolicLink)
            {
                walk.Arrive(child);
                return walk.Current.Inode.IsDirectory ? Errno.EISDIR : OpenExisting(task, walk.Current, flags, out file);
            }

            if ((flags & OpenFlags.NoFollow) != 0)
            {
                return Errno.ELOOP;
            }

            error = walk.FollowToParent(child.Inode, out bool jumped);
            if (error == Errno.None && jumped)
            {
                return walk.Current.Inode.IsDirectory ? Errno.EISDIR : OpenExisting(task, walk.Current, flags, out file);
            }
        }

        return error;
    }

    private static Errno Create(Task task, ref PathWalk walk, int flags, uint mode, out OpenFile? file)
    {
        file = null;
        Location parent = walk.Current;
        Errno error = NameChange.CheckParentForNew(task, parent);
        if (error != Errno.None)
        {
            return error;
        }

        NewFile newFile = NameChange.Describe(task, parent.Inode, FileMode.Regular, mode);
        error = ((DirectoryInode)parent.Inode).Create(parent.Dentry, walk.LastName, newFile, out Dentry? child);
        return error != Errno.None ? error : child!.Inode.Open(task, new Location(parent.Mount, child), flags, out file);
    }

    private static Errno OpenUnnamed(Task task, in Location directory, int flags, uint mode, out OpenFile? file)
    {
        file = null;
        Errno error = Access.Check(task.Credentials, directory, Access.Write | Access.Execute);
        if (error != Errno.None)
        {
            return error;
        }

        NewFile newFile = NameChange.Describe(task, directory.Inode, FileMode.Regular, mode);
        error = ((DirectoryInode)directory.Inode).CreateUnnamed(directory.Dentry, newFile, out Dentry? child);
        if (error != Errno.None)
        {
            return error;
        }

        if ((flags & OpenFlags.Exclusive) == 0)
        {
            child!.IsLinkable = true;
        }

        return child!.Inode.Open(task, new Location(directory.Mount, child), flags, out file);
    }

    private static uint WantedAccess(int flags)
    {
        // Access mode 3 asks for both and gives neither (open(2), "File access mode").
        uint wanted = (flags & OpenFlags.AccessMask) switch
        {
            OpenFlags.ReadOnly => Access.Read,
            OpenFlags.WriteOnly => Access.Write,
            _ => Access.Read | Access.Write,
        };
        return (flags & OpenFlags.Truncate) != 0 ? wanted | Access.Write : wanted;
    }
}
