using LiteBox.North.Text;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>One instance of a file system (Linux's superblock): numbers its inodes and knows its size.</summary>
internal abstract class FileSystem
{
    private ulong lastInodeNumber;

    protected FileSystem(VirtualFileSystem virtualFileSystem)
    {
        VirtualFileSystem = virtualFileSystem;
        DeviceNumber = virtualFileSystem.NextAnonymousDevice();
    }

    /// <summary>The tree this instance is, or can be, mounted in.</summary>
    public VirtualFileSystem VirtualFileSystem { get; }

    /// <summary>The machine below.</summary>
    public Machine Machine => VirtualFileSystem.Machine;

    /// <summary>Type as in /proc/mounts and mount(2).</summary>
    public abstract string TypeName { get; }

    /// <summary>f_type of statfs(2): a magic number (include/uapi/linux/magic.h).</summary>
    public abstract long Magic { get; }

    /// <summary>st_blksize of its files, and f_bsize.</summary>
    public virtual long BlockSize => UserAddress.PageSize;

    /// <summary>st_dev of its files: an anonymous device, major 0.</summary>
    public ulong DeviceNumber { get; }

    /// <summary>The root directory.</summary>
    public abstract Dentry Root { get; }

    /// <summary>Writes the options of its own behind "rw" in /proc/mounts, each with a comma in front.</summary>
    public virtual void WriteOptions(ref TextWriter text)
    {
    }

    /// <summary>Clock.Realtime in the form inodes keep it.</summary>
    public long Now => unchecked((long)Machine.Clock.Realtime);

    /// <summary>Sizes for statfs(2), in blocks of 4096 bytes.</summary>
    public virtual FileSystemSize Size => default;

    /// <summary>The last mount of it went away and nothing uses it: gives its frames back.</summary>
    public virtual void Free()
    {
    }

    /// <summary>The next free inode number.</summary>
    public ulong NextInodeNumber() => ++lastInodeNumber;
}

/// <summary>How large a file system is (statfs(2)).</summary>
internal readonly struct FileSystemSize
{
    public FileSystemSize(long blocks, long freeBlocks, long files, long freeFiles)
    {
        Blocks = blocks;
        FreeBlocks = freeBlocks;
        Files = files;
        FreeFiles = freeFiles;
    }

    public long Blocks { get; }

    public long FreeBlocks { get; }

    public long Files { get; }

    public long FreeFiles { get; }
}
