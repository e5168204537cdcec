using LiteBox.Abi;
using LiteBox.North.Processes;

namespace LiteBox.North.Files;

/// <summary>What the calls that take a directory descriptor and a path have in common.</summary>
internal static class PathCall
{
    /// <summary>AT_FDCWD (include/uapi/linux/fcntl.h).</summary>
    public const int WorkingDirectory = -100;

    /// <summary>AT_SYMLINK_NOFOLLOW.</summary>
    public const int NoFollow = 0x100;

    /// <summary>AT_REMOVEDIR, and AT_EACCESS of faccessat2(2).</summary>
    public const int RemoveDirectory = 0x200;

    /// <summary>AT_SYMLINK_FOLLOW.</summary>
    public const int Follow = 0x400;

    /// <summary>AT_NO_AUTOMOUNT.</summary>
    public const int NoAutomount = 0x800;

    /// <summary>AT_EMPTY_PATH.</summary>
    public const int EmptyPath = 0x1000;

    /// <summary>Where a path starts that is relative to a descriptor (or to AT_FDCWD). EBADF. An absolute path needs no descriptor.</summary>
    public static Errno TryGetStart(Task task, int descriptor, in PathName path, out Location start)
    {
        if (descriptor == WorkingDirectory || (path.Bytes.Length > 0 && path.Bytes[0] == (byte)'/'))
        {
            start = task.FileSystemContext.WorkingDirectory;
            return Errno.None;
        }

        if (!task.Files.TryGet(descriptor, out OpenFile? file))
        {
            start = default;
            return Errno.EBADF;
        }

        start = file.Location;
        return path.Bytes.Length > 0 && !file.Inode.IsDirectory ? Errno.ENOTDIR : Errno.None;
    }

    /// <summary>Copies a path in and finds what it names.</summary>
    public static Errno Find(Task task, int descriptor, ulong address, LookupFlags flags, out Location found)
    {
        found = default;
        Errno error = PathName.Read(task, address, out PathName path);
        if (error != Errno.None)
        {
            return error;
        }

        using (path)
        {
            error = TryGetStart(task, descriptor, path, out Location start);
            return error != Errno.None ? error : PathWalk.Lookup(task, start, path.Bytes, flags, out found);
        }
    }

    /// <summary>The walk's flags for AT_SYMLINK_NOFOLLOW and AT_EMPTY_PATH.</summary>
    public static LookupFlags ToLookup(int flags) =>
        ((flags & NoFollow) == 0 ? LookupFlags.Follow : LookupFlags.None) | ((flags & EmptyPath) != 0 ? LookupFlags.EmptyPath : LookupFlags.None);
}
