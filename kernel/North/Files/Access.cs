using LiteBox.Abi;
using LiteBox.North.Processes;

namespace LiteBox.North.Files;

/// <summary>Permission checks on inodes (path_resolution(7), credentials(7)), as Linux's generic_permission makes them.</summary>
internal static class Access
{
    /// <summary>R_OK.</summary>
    public const uint Read = 4;

    /// <summary>W_OK.</summary>
    public const uint Write = 2;

    /// <summary>X_OK: execute a file, search a directory.</summary>
    public const uint Execute = 1;

    /// <summary>True where the directory may be searched.</summary>
    public static bool MaySearch(Credentials credentials, Inode directory) =>
        (directory.Mode & FileMode.AnyExecute) == FileMode.AnyExecute || Allows(credentials, directory, Execute);

    /// <summary>True where all wanted kinds of access (<see cref="Read"/>, <see cref="Write"/>, <see cref="Execute"/>) are allowed.</summary>
    public static bool Allows(Credentials credentials, Inode inode, uint wanted)
    {
        uint mode = inode.Mode;
        uint granted;
        if (inode.UserId == credentials.FileUserId)
        {
            granted = mode >> 6;
        }
        else if (credentials.IsInGroup(inode.GroupId))
        {
            granted = mode >> 3;
        }
        else
        {
            granted = mode;
        }

        return (wanted & ~granted & 7) == 0 || AllowsByCapability(credentials, inode, wanted);
    }

    /// <summary>EACCES where <see cref="Allows"/> is false; EROFS for a write to a file on a read-only mount.</summary>
    public static Errno Check(Credentials credentials, in Location location, uint wanted)
    {
        Inode inode = location.Inode;
        if ((wanted & Write) != 0 && location.Mount.IsReadOnly && (inode.IsDirectory || inode.IsRegular || inode.IsSymbolicLink))
        {
            return Errno.EROFS;
        }

        return Allows(credentials, inode, wanted) ? Errno.None : Errno.EACCES;
    }

    /// <summary>True for the owner of the inode and for those who may act as one.</summary>
    public static bool IsOwner(Credentials credentials, Inode inode) =>
        inode.UserId == credentials.FileUserId || credentials.Has(Capability.ActAsFileOwner);

    /// <summary>May a name be taken out of this directory: write and search permission there, and the sticky rule (unlink(2)).</summary>
    public static Errno CheckRemoval(Credentials credentials, in Location directory, Inode victim)
    {
        Errno error = Check(credentials, directory, Write | Execute);
        if (error != Errno.None)
        {
            return error;
        }

        bool isProtected = (directory.Inode.Mode & FileMode.Sticky) != 0
            && victim.UserId != credentials.FileUserId
            && directory.Inode.UserId != credentials.FileUserId
            && !credentials.Has(Capability.ActAsFileOwner);
        return isProtected ? Errno.EPERM : Errno.None;
    }

    /// <summary>The same user by the real ids, for access(2): root by real id has the permitted capabilities, others none.</summary>
    public static Credentials ForRealUser(Credentials credentials)
    {
        if (credentials.UserId == credentials.FileUserId && credentials.GroupId == credentials.FileGroupId)
        {
            return credentials;
        }

        return new Credentials
        {
            FileUserId = credentials.UserId,
            FileGroupId = credentials.GroupId,
            Groups = credentials.Groups,
            EffectiveCapabilities = credentials.UserId == 0 ? credentials.PermittedCapabilities : 0,
        };
    }

    private static bool AllowsByCapability(Credentials credentials, Inode inode, uint wanted)
    {
        if (inode.IsDirectory)
        {
            return ((wanted & Write) == 0 && credentials.Has(Capability.ReadSearchFiles)) || credentials.Has(Capability.OverrideFileAccess);
        }

        if (wanted == Read && credentials.Has(Capability.ReadSearchFiles))
        {
            return true;
        }

        bool executesNothing = (wanted & Execute) != 0 && (inode.Mode & FileMode.AnyExecute) == 0;
        return !executesNothing && credentials.Has(Capability.OverrideFileAccess);
    }
}
