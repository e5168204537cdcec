using System;

using LiteBox.North.Processes;

namespace LiteBox.North.Files;

/// <summary>Where files without a name in the tree have their inodes: pipes (pipefs), event counters and the like (anon_inodefs).</summary>
internal sealed class AnonymousFileSystem : FileSystem
{
    private readonly string typeName;
    private readonly Dentry root;

    public AnonymousFileSystem(VirtualFileSystem virtualFileSystem, string typeName, long magic)
        : base(virtualFileSystem)
    {
        this.typeName = typeName;
        Magic = magic;
        root = new Dentry(null, "/"u8, new AnonymousInode(this, FileMode.Directory));
        Mount = new Mount(0, root, null, null, [], MountFlags.None);
    }

    /// <summary>The mount that its files are seen through; it is not part of the tree.</summary>
    public Mount Mount { get; }

    /// <inheritdoc/>
    public override string TypeName => typeName;

    /// <inheritdoc/>
    public override long Magic { get; }

    /// <inheritdoc/>
    public override Dentry Root => root;

    /// <summary>A place for a new file, owned by the task. /proc/PID/fd shows <paramref name="name"/> for it (see <see cref="LocationText"/>).</summary>
    public Location CreatePlace(Task task, uint mode, ReadOnlySpan<byte> name)
    {
        AnonymousInode inode = new(this, mode) { UserId = task.Credentials.FileUserId, GroupId = task.Credentials.FileGroupId };
        return new Location(Mount, new Dentry(null, name, inode));
    }
}

/// <summary>The inode of a file without a name.</summary>
internal sealed class AnonymousInode : Inode
{
    public AnonymousInode(FileSystem fileSystem, uint mode)
        : base(fileSystem, mode)
    {
    }
}
