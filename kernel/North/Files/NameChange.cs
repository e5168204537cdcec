using System;
using LiteBox.Abi;
using LiteBox.North.Processes;

namespace LiteBox.North.Files;

/// <summary>What the calls that make and remove names have in common.</summary>
internal static class NameChange
{
    /// <summary>May a name be made in this directory (may_create). ENOENT in a directory that was removed.</summary>
    public static Errno CheckParentForNew(Task task, in Location parent)
    {
        if (parent.Mount.IsReadOnly)
        {
            return Errno.EROFS;
        }

        return parent.Dentry.IsRemoved ? Errno.ENOENT : Access.Check(task.Credentials, parent, Access.Write | Access.Execute);
    }

    /// <summary>
    /// Owner, group and mode of a new file (inode_init_owner): the umask, and in a set-group-ID directory the directory's group, which a new directory
    /// passes on.
    /// </summary>
    public static NewFile Describe(Task task, Inode parent, uint type, uint mode, ulong deviceNumber = 0)
    {
        Credentials credentials = task.Credentials;
        uint group = credentials.FileGroupId;
        uint permissions = type == FileMode.SymbolicLink ? FileMode.AccessMask : mode & ~task.FileSystemContext.Umask & FileMode.PermissionMask;
        if ((parent.Mode & FileMode.SetGroupId) != 0)
        {
            group = parent.GroupId;
            if (type == FileMode.Directory)
            {
                permissions |= FileMode.SetGroupId;
            }
            else if ((permissions & (FileMode.SetGroupId | FileMode.GroupExecute)) == (FileMode.SetGroupId | FileMode.GroupExecute)
                && !credentials.IsInGroup(group) && !credentials.Has(Capability.KeepSetId))
            {
                permissions &= ~FileMode.SetGroupId;
            }
        }

        return new NewFile(type | permissions, credentials.FileUserId, group, deviceNumber);
    }

    /// <summary>
    /// Walks to where a new name is to be and checks that it may be made: EEXIST where it is taken (which counts before permissions, as on
    /// Linux). <paramref name="isDirectory"/>: trailing slashes are allowed.
    /// </summary>
    public static Errno PrepareNew(Task task, ref PathWalk walk, ReadOnlySpan<byte> path, bool isDirectory)
    {
        if (path.Length == 0)
        {
            return Errno.ENOENT;
        }

        Errno error = walk.WalkToParent(path);
        if (error != Errno.None)
        {
            return error;
        }

        if (walk.LastKind != LastComponent.Name)
        {
            return Errno.EEXIST;
        }

        error = walk.LookupLast(out _);
        if (error == Errno.None)
        {
            return Errno.EEXIST;
        }

        if (error != Errno.ENOENT)
        {
            return error;
        }

        if (walk.HasTrailingSlash && !isDirectory)
        {
            return Errno.ENOENT;
        }

        return CheckParentForNew(task, walk.Current);
    }
}
