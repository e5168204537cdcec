using System;
using LiteBox.North.Text;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>A file system in memory: tmpfs(5). Names and inodes live on the heap, contents in frames.</summary>
internal sealed class TemporaryFileSystem : FileSystem
{
    /// <summary>01777.</summary>
    public const uint DefaultRootPermissions = 0x3FF;

    /// <summary>TMPFS_MAGIC (include/uapi/linux/magic.h).</summary>
    private const long TmpfsMagic = 0x01021994;

    private const long KibibytesPerFrame = UserAddress.PageSize / 1024;

    private readonly string typeName;
    private readonly Dentry root;
    private readonly uint rootPermissions;
    private bool showsSize;
    private bool showsInodes;
    private long inodeLimit;

    /// <summary>
    /// An empty one. It may use half of the machine's memory and one inode for each page of that, tmpfs(5)'s defaults.
    /// <paramref name="isEarly"/>: one of the two that Linux mounts before it knows the memory's final size; their limits show in /proc/mounts.
    /// </summary>
    public TemporaryFileSystem(
        VirtualFileSystem virtualFileSystem, string typeName, uint rootPermissions = DefaultRootPermissions, bool isEarly = false)
        : base(virtualFileSystem)
    {
        this.typeName = typeName;
        this.rootPermissions = rootPermissions;
        showsSize = isEarly;
        showsInodes = isEarly;
        Frames = new FrameBudget(Machine.Frames.TotalCount / 2);
        inodeLimit = Machine.Frames.TotalCount / 2;
        InodeCount = 1;
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
    public override FileSystemSize Size => Frames.Limit == long.MaxValue
        ? default
        : new(Frames.Limit, Frames.Limit - Frames.Used, inodeLimit, inodeLimit - InodeCount);

    /// <inheritdoc/>
    public override void WriteOptions(ref TextWriter text)
    {
        if (showsSize && Frames.Limit != long.MaxValue)
        {
            text.Add(",size="u8);
            text.Add(Frames.Limit * KibibytesPerFrame);
            text.Add((byte)'k');
        }

        if (showsInodes)
        {
            text.Add(",nr_inodes="u8);
            text.Add(inodeLimit);
        }

        if (rootPermissions != DefaultRootPermissions)
        {
            text.Add(",mode="u8);
            text.AddOctal(rootPermissions, 3);
        }

        text.Add(",inode64"u8);
    }

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
            showsSize = true;
            Frames.Limit = bytes == 0 ? long.MaxValue : (bytes + UserAddress.PageSize - 1) / UserAddress.PageSize;
        }

        if (inodes >= 0)
        {
            showsInodes = true;
            inodeLimit = inodes == 0 ? long.MaxValue : inodes;
        }
    }

    /// <inheritdoc/>
    public override void Free() => ((TemporaryDirectory)root.Inode).RemoveAll();
}
