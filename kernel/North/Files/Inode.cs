using System;
using LiteBox.Abi;
using LiteBox.North.Memory;
using LiteBox.North.Processes;

namespace LiteBox.North.Files;

/// <summary>
/// A file as the file system keeps it: type, owner, times, size; what names and open descriptions refer to. Kinds of files derive from it.
/// Counted by the open descriptions, mappings and bind mounts that use it, so that data without a name lives as long as somebody uses it.
/// </summary>
internal abstract class Inode
{
    private int holdCount;

    protected Inode(FileSystem fileSystem, uint mode)
    {
        FileSystem = fileSystem;
        Number = fileSystem.NextInodeNumber();
        Mode = mode;
        LinkCount = 1;
        long now = fileSystem.Now;
        AccessTime = now;
        ModifyTime = now;
        ChangeTime = now;
    }

    /// <summary>The file system that it belongs to.</summary>
    public FileSystem FileSystem { get; }

    /// <summary>st_ino.</summary>
    public ulong Number { get; protected set; }

    /// <summary>st_mode: type and permissions (<see cref="FileMode"/>).</summary>
    public uint Mode { get; set; }

    /// <summary>st_uid.</summary>
    public uint UserId { get; set; }

    /// <summary>st_gid.</summary>
    public uint GroupId { get; set; }

    /// <summary>st_nlink.</summary>
    public uint LinkCount { get; set; }

    /// <summary>st_rdev of a device node, in Linux's user-space encoding.</summary>
    public ulong DeviceNumber { get; set; }

    /// <summary>Last access, nanoseconds since 1970.</summary>
    public long AccessTime { get; set; }

    /// <summary>Last change of the contents, nanoseconds since 1970.</summary>
    public long ModifyTime { get; set; }

    /// <summary>Last change of the contents or of the inode, nanoseconds since 1970.</summary>
    public long ChangeTime { get; set; }

    /// <summary>st_size, in bytes.</summary>
    public virtual long Size => 0;

    /// <summary>st_blocks: 512-byte units in use.</summary>
    public virtual long BlockCount => 0;

    /// <summary>What mmap(2) maps; null: ENODEV.</summary>
    public virtual MemoryObject? MemoryObject => null;

    /// <summary>The record locks and flocks on it; null until the first one.</summary>
    public FileLocks? Locks { get; set; }

    /// <summary>Open descriptions that can write.</summary>
    public int WriterCount { get; set; }

    /// <summary>Programs that run from it: while there are any, it cannot be opened for writing (ETXTBSY).</summary>
    public int ExecutorCount { get; set; }

    /// <summary>The inode as a directory; null where it is none.</summary>
    public virtual DirectoryInode? AsDirectory => null;

    public bool IsDirectory => (Mode & FileMode.TypeMask) == FileMode.Directory;

    public bool IsRegular => (Mode & FileMode.TypeMask) == FileMode.Regular;

    public bool IsSymbolicLink => (Mode & FileMode.TypeMask) == FileMode.SymbolicLink;

    /// <summary>Opens the inode, found at <paramref name="location"/>, with the flags of open(2). Permissions were checked. May wait (FIFOs).</summary>
    public virtual Errno Open(Task task, in Location location, int flags, out OpenFile? file)
    {
        file = null;
        return Errno.ENXIO;
    }

    /// <summary>The text of a symbolic link (readlink(2)): the inode's own bytes, not to be written.</summary>
    public virtual Errno ReadLink(Task? task, out byte[]? target)
    {
        target = null;
        return Errno.EINVAL;
    }

    /// <summary>Where a symbolic link leads when not to what its text says (/proc/self/exe, /proc/self/fd/3). False: the text counts.</summary>
    public virtual bool TryFollow(Task? task, out Location target, out Errno error)
    {
        target = default;
        error = Errno.None;
        return false;
    }

    /// <summary>truncate(2) and O_TRUNC. Permissions were checked.</summary>
    public virtual Errno Truncate(long size) => Errno.EINVAL;

    /// <summary>chmod, chown, utimensat: called after the checks and before the values change. Not None: refused.</summary>
    public virtual Errno BeforeAttributeChange() => Errno.None;

    /// <summary>One more open description, mapping or mount uses the inode.</summary>
    public void Hold() => holdCount++;

    /// <summary>One user less. Without users and names the data goes.</summary>
    public void Unhold()
    {
        if (--holdCount == 0 && LinkCount == 0)
        {
            Evict();
        }
    }

    /// <summary>A name went away.</summary>
    public void DropLink()
    {
        LinkCount--;
        if (holdCount == 0 && LinkCount == 0)
        {
            Evict();
        }
    }

    /// <summary>A directory went away: both its name and its own '.' count.</summary>
    public void DropAllLinks()
    {
        LinkCount = 0;
        if (holdCount == 0)
        {
            Evict();
        }
    }

    /// <summary>Nobody can reach the inode any more: gives its frames back.</summary>
    protected internal virtual void Evict()
    {
    }
}
