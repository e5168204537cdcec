using System;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;

namespace LiteBox.North.Files;

/// <summary>rename(2), renameat(2), renameat2(2).</summary>
internal static class RenameCalls
{
    private const int NoReplace = 1; // RENAME_NOREPLACE
    private const int ExchangeBoth = 2; // RENAME_EXCHANGE
    private const int Heap = 32 << 10;

    public static void AddTo(SystemCallTable table)
    {
        table.Add(
            SystemCallNumber.rename,
            (Task task, in SystemCallArguments a) => Rename(task, PathCall.WorkingDirectory, a.A0, PathCall.WorkingDirectory, a.A1, 0),
            heapBytes: Heap);
        table.Add(SystemCallNumber.renameat, (Task task, in SystemCallArguments a) => Rename(task, a.Int0, a.A1, a.Int2, a.A3, 0), heapBytes: Heap);
        table.Add(
            SystemCallNumber.renameat2,
            (Task task, in SystemCallArguments a) => Rename(task, a.Int0, a.A1, a.Int2, a.A3, (int)a.A4),
            SystemCallSupport.Partial,
            Heap,
            "no RENAME_WHITEOUT");
    }

    private static Result Rename(Task task, int oldDescriptor, ulong oldAddress, int newDescriptor, ulong newAddress, int flags)
    {
        if ((flags & ~(NoReplace | ExchangeBoth)) != 0 || flags == (NoReplace | ExchangeBoth))
        {
            return Errno.EINVAL;
        }

        Errno error = PathName.Read(task, oldAddress, out PathName oldPath);
        if (error != Errno.None)
        {
            return error;
        }

        using (oldPath)
        {
            error = PathName.Read(task, newAddress, out PathName newPath);
            if (error != Errno.None)
            {
                return error;
            }

            using (newPath)
            {
                return Rename(task, oldDescriptor, oldPath, newDescriptor, newPath, flags);
            }
        }
    }

    private static Errno Rename(Task task, int oldDescriptor, in PathName oldPath, int newDescriptor, in PathName newPath, int flags)
    {
        Errno error = PathCall.TryGetStart(task, oldDescriptor, oldPath, out Location oldStart);
        if (error != Errno.None)
        {
            return error;
        }

        PathWalk from = new(task, oldStart);
        error = oldPath.IsEmpty ? Errno.ENOENT : from.WalkToParent(oldPath.Bytes);
        if (error != Errno.None)
        {
            return error;
        }

        error = PathCall.TryGetStart(task, newDescriptor, newPath, out Location newStart);
        if (error != Errno.None)
        {
            return error;
        }

        PathWalk to = new(task, newStart);
        error = newPath.IsEmpty ? Errno.ENOENT : to.WalkToParent(newPath.Bytes);
        if (error != Errno.None)
        {
            return error;
        }

        if (from.Current.Mount != to.Current.Mount)
        {
            return Errno.EXDEV;
        }

        if (from.LastKind != LastComponent.Name)
        {
            return Errno.EBUSY;
        }

        if (to.LastKind != LastComponent.Name)
        {
            return (flags & NoReplace) != 0 ? Errno.EEXIST : Errno.EBUSY;
        }

        if (from.Current.Mount.IsReadOnly)
        {
            return Errno.EROFS;
        }

        error = from.LookupLast(out Dentry? child);
        if (error != Errno.None)
        {
            return error;
        }

        error = to.LookupLast(out Dentry? replaced);
        if (error != Errno.None && error != Errno.ENOENT)
        {
            return error;
        }

        error = CheckNames(from, to, child!, replaced, flags);
        if (error != Errno.None || replaced?.Inode == child!.Inode)
        {
            return error; // two names of one inode: nothing to do (rename(2))
        }

        error = CheckPermissions(task, from.Current, to.Current, child, replaced, (flags & ExchangeBoth) != 0);
        if (error != Errno.None)
        {
            return error;
        }

        DirectoryInode directory = (DirectoryInode)from.Current.Inode;
        return directory.Rename(from.Current.Dentry, child, to.Current.Dentry, to.LastName, replaced, (flags & ExchangeBoth) != 0);
    }

    private static Errno CheckNames(in PathWalk from, in PathWalk to, Dentry child, Dentry? replaced, int flags)
    {
        bool exchanges = (flags & ExchangeBoth) != 0;
        if (replaced is null && exchanges)
        {
            return Errno.ENOENT;
        }

        if (replaced is not null && (flags & NoReplace) != 0)
        {
            return Errno.EEXIST;
        }

        if (!child.Inode.IsDirectory && (from.HasTrailingSlash || (to.HasTrailingSlash && !exchanges)))
        {
            return Errno.ENOTDIR;
        }

        if (exchanges && to.HasTrailingSlash && !replaced!.Inode.IsDirectory)
        {
            return Errno.ENOTDIR;
        }

        if (IsInside(to.Current.Dentry, child))
        {
            return Errno.EINVAL; // a directory into itself
        }

        if (replaced is not null && IsInside(from.Current.Dentry, replaced))
        {
            return exchanges ? Errno.EINVAL : Errno.ENOTEMPTY;
        }

        return Errno.None;
    }

    private static Errno CheckPermissions(Task task, in Location from, in Location to, Dentry child, Dentry? replaced, bool exchanges)
    {
        Errno error = Access.CheckRemoval(task.Credentials, from, child.Inode);
        if (error != Errno.None)
        {
            return error;
        }

        if (replaced is null)
        {
            error = NameChange.CheckParentForNew(task, to);
        }
        else
        {
            error = Access.CheckRemoval(task.Credentials, to, replaced.Inode);
            if (error == Errno.None && !exchanges)
            {
                error = CheckReplacement(child.Inode, replaced);
            }
        }

        if (error != Errno.None)
        {
            return error;
        }

        // A directory that moves gets another "..": that is a write to it.
        bool moves = from.Dentry != to.Dentry;
        if (moves && child.Inode.IsDirectory && !Access.Allows(task.Credentials, child.Inode, Access.Write))
        {
            return Errno.EACCES;
        }

        return child.MountCount != 0 || replaced?.MountCount > 0 ? Errno.EBUSY : Errno.None;
    }

    private static Errno CheckReplacement(Inode inode, Dentry replaced)
    {
        if (inode.IsDirectory)
        {
            if (replaced.Inode is not DirectoryInode directory)
            {
                return Errno.ENOTDIR;
            }

            return directory.IsEmpty ? Errno.None : Errno.ENOTEMPTY;
        }

        return replaced.Inode.IsDirectory ? Errno.EISDIR : Errno.None;
    }

    /// <summary>True where <paramref name="place"/> is <paramref name="directory"/> or below it.</summary>
    private static bool IsInside(Dentry place, Dentry directory)
    {
        for (Dentry? step = place; step is not null; step = step.Parent)
        {
            if (step == directory)
            {
                return true;
            }
        }

        return false;
    }
}
