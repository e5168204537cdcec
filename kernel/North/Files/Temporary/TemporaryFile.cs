using LiteBox.Abi;
using LiteBox.North.Memory;
using LiteBox.North.Processes;

namespace LiteBox.North.Files;

/// <summary>A regular file in memory.</summary>
internal sealed class TemporaryFile : Inode
{
    private readonly TemporaryFileSystem fileSystem;

    public TemporaryFile(TemporaryFileSystem fileSystem, uint mode)
        : base(fileSystem, mode)
    {
        this.fileSystem = fileSystem;
        Pages = new FilePages(this, fileSystem);
    }

    /// <summary>The contents.</summary>
    public PageCache Pages { get; }

    /// <summary>Seals of a memfd (fcntl(2) F_ADD_SEALS); F_SEAL_SEAL where there may be none.</summary>
    public int Seals { get; set; } = FileSeals.NoMoreSeals;

    /// <inheritdoc/>
    public override long Size => Pages.Size;

    /// <inheritdoc/>
    public override long BlockCount => Pages.FrameCount * 8;

    /// <inheritdoc/>
    public override MemoryObject MemoryObject => Pages;

    /// <inheritdoc/>
    public override Errno Open(Task task, in Location location, int flags, out OpenFile? file)
    {
        file = new RegularFile(location, flags, this);
        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno Truncate(long size)
    {
        if ((size < Pages.Size && (Seals & FileSeals.NoShrinking) != 0) || (size > Pages.Size && (Seals & FileSeals.NoGrowing) != 0))
        {
            return Errno.EPERM;
        }

        if (size < Pages.Size && Pages.IsMapped)
        {
            MappedTruncation.UnmapFrom(fileSystem.VirtualFileSystem.Kernel, Pages, size);
        }

        Pages.Resize(size);
        ModifyTime = FileSystem.Now;
        ChangeTime = ModifyTime;
        return Errno.None;
    }

    /// <inheritdoc/>
    protected internal override void Evict()
    {
        Pages.Clear();
        fileSystem.ReturnInode();
    }

    /// <summary>The contents of a file live while it is mapped.</summary>
    private sealed class FilePages : PageCache
    {
        private readonly TemporaryFile file;

        public FilePages(TemporaryFile file, TemporaryFileSystem fileSystem)
            : base(fileSystem.Machine.Frames, fileSystem.Frames)
        {
            this.file = file;
        }

        public override void Mapped()
        {
            base.Mapped();
            file.Hold();
        }

        public override void Unmapped()
        {
            base.Unmapped();
            file.Unhold();
        }
    }
}
