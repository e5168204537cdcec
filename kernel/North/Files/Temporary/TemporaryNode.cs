using LiteBox.Abi;
using LiteBox.North.Processes;

namespace LiteBox.North.Files;

/// <summary>A device node, FIFO or socket in memory: the name is here, what is behind it elsewhere.</summary>
internal sealed class TemporaryNode : Inode
{
    private readonly TemporaryFileSystem fileSystem;
    private Pipe? pipe;

    public TemporaryNode(TemporaryFileSystem fileSystem, uint mode, ulong deviceNumber)
        : base(fileSystem, mode)
    {
        this.fileSystem = fileSystem;
        DeviceNumber = deviceNumber;
    }

    /// <inheritdoc/>
    public override Errno Open(Task task, in Location location, int flags, out OpenFile? file)
    {
        switch (Mode & FileMode.TypeMask)
        {
            case FileMode.CharacterDevice:
                return fileSystem.VirtualFileSystem.Devices.Open(task, location, flags, out file);
            case FileMode.Fifo:
                pipe ??= new Pipe(fileSystem.Machine);
                return FifoOpening.Open(task, location, flags, pipe, out file);
            default:
                file = null;
                return Errno.ENXIO;
        }
    }

    /// <inheritdoc/>
    protected internal override void Evict() => fileSystem.ReturnInode();
}
