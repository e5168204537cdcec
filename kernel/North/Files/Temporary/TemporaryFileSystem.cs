using System;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>A file system in memory: tmpfs(5). Names and inodes live on the heap, contents in frames.</summary>
internal sealed class TemporaryFileSystem : FileSystem
{
    /// <summary>TMPFS_MAGIC (include/uapi/linux/magic.h).</summary>
    private const long TmpfsMagic = 0x01021994;

    private readonly string typeName;
    private readonly Dentry root;
    private long inodeLimit;

    /// <summary>An empty one. It may use half of the machine's memory and one inode for each page of that, tmpfs(5)'s defaults.</summary>
    public TemporaryFileSystem(VirtualFileSystem virtualFileSystem, string typeName, uint rootPermissions = 0x3FF)
        : base(virtualFileSystem)
    {
        this.typeName = typeName;
        Frames = new FrameBudget(Machine.Frames.TotalCount / 2);
        inodeLimit = Machine.Frames.TotalCount / 2;
        root = new Dentry(null, "/"u8, new TemporaryDirectory(this, rootPermissions));
    }

    /// <summary>Frames for contents.</summary>
    public FrameBudget Frames { get; }

    /// <summary>Inodes in use.</summary>
    public long InodeCount { get; private set; }

    /// <inheritdoc/>
    public override string TypeName => typeName;

    /// <inheritdoc/>
    public override long Magic => TmpfsMagic;

    /// <inheritdoc/>
    public override Dentry Root => root;

    /// <inheritdoc/>
    public override string Options => $",size={Frames.Limit * 4}k,nr_inodes={inodeLimit}";

    /// <inheritdoc/>
    public override FileSystemSize Size => new(Frames.Limit, Frames.Limit - Frames.Used, inodeLimit, inodeLimit - InodeCount);

    /// <summary>Counts a new inode. False: ENOSPC.</summary>
    public bool TryTakeInode()
    {
        if (InodeCount >= inodeLimit)
        {
            return false;
        }

        InodeCount++;
        return true;
    }

    /// <summary>An inode has gone.</summary>
    public void ReturnInode() => InodeCount--;

    /// <summary>Sets limits from mount options: size in bytes (0: unlimited), number of inodes (0: unlimited). Negative: as they are.</summary>
    public void SetLimits(long bytes, long inodes)
    {
        if (bytes >= 0)
        {
            Frames.Limit = bytes == 0 ? long.MaxValue : (bytes + UserAddress.PageSize - 1) / UserAddress.PageSize;
        }

        if (inodes >= 0)
        {
            inodeLimit = inodes == 0 ? long.MaxValue : inodes;
        }
    }

    /// <inheritdoc/>
    public override void Free() => ((TemporaryDirectory)root.Inode).RemoveAll();
}
