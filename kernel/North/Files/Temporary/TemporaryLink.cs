using LiteBox.Abi;
using LiteBox.North.Processes;

namespace LiteBox.North.Files;

/// <summary>A symbolic link in memory.</summary>
internal sealed class TemporaryLink : Inode
{
    private readonly byte[] target;
    private readonly TemporaryFileSystem fileSystem;

    public TemporaryLink(TemporaryFileSystem fileSystem, byte[] target)
        : base(fileSystem, FileMode.SymbolicLink | FileMode.AccessMask)
    {
        this.fileSystem = fileSystem;
        this.target = target;
    }

    /// <inheritdoc/>
    public override long Size => target.Length;

    /// <inheritdoc/>
    public override Errno ReadLink(Task? task, out byte[]? target)
    {
        target = this.target;
        return Errno.None;
    }

    /// <inheritdoc/>
    protected internal override void Evict() => fileSystem.ReturnInode();
}
