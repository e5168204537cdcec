using LiteBox.Abi;
using LiteBox.North.Processes;

namespace LiteBox.North.Files;

/// <summary>An attribute of an object in configfs that is a text: read whole, and stored by each write.</summary>
internal sealed class ConfigAttribute : Inode
{
    private readonly TextSource source;
    private readonly TextSink? sink;

    public ConfigAttribute(FileSystem fileSystem, uint permissions, TextSource source, TextSink? sink = null)
        : base(fileSystem, FileMode.Regular | permissions)
    {
        this.source = source;
        this.sink = sink;
    }

    /// <inheritdoc/>
    public override long Size => 4096;

    /// <inheritdoc/>
    public override Errno Open(Task task, in Location location, int flags, out OpenFile? file)
    {
        file = ConfigAccess.IsOffered(this, flags) ? new GeneratedTextFile(location, flags, source, sink) : null;
        return file is null ? Errno.EACCES : Errno.None;
    }

    /// <inheritdoc/>
    public override Errno Truncate(long size) => Errno.None;
}

/// <summary>What configfs lets nobody do, root included: an attribute is read and written only as its permissions say.</summary>
internal static class ConfigAccess
{
    private const uint AnyRead = 0x124; // 0444
    private const uint AnyWrite = 0x92; // 0222

    public static bool IsOffered(Inode inode, int flags)
    {
        int access = flags & OpenFlags.AccessMask;
        return (access == OpenFlags.WriteOnly || (inode.Mode & AnyRead) != 0) && (access == OpenFlags.ReadOnly || (inode.Mode & AnyWrite) != 0);
    }
}
