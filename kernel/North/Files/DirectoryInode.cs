using System;
using LiteBox.Abi;
using LiteBox.North.Processes;

namespace LiteBox.North.Files;

/// <summary>What a new file is to be: for <see cref="DirectoryInode.Create"/>.</summary>
internal readonly struct NewFile
{
    public NewFile(uint mode, uint userId, uint groupId, ulong deviceNumber = 0)
    {
        Mode = mode;
        UserId = userId;
        GroupId = groupId;
        DeviceNumber = deviceNumber;
    }

    /// <summary>Type and permissions, the umask already applied.</summary>
    public uint Mode { get; }

    public uint UserId { get; }

    public uint GroupId { get; }

    /// <summary>For device nodes.</summary>
    public ulong DeviceNumber { get; }
}

/// <summary>
/// A directory. The caller of the changing members has checked names, permissions, types and emptiness as far as they are the same for all file
/// systems; what a file system does not offer is EPERM, as Linux answers for a missing inode operation.
/// </summary>
internal abstract class DirectoryInode : Inode
{
    protected DirectoryInode(FileSystem fileSystem, uint permissions)
        : base(fileSystem, FileMode.Directory | permissions)
    {
        LinkCount = 2;
    }

    /// <inheritdoc/>
    public sealed override DirectoryInode AsDirectory => this;

    /// <summary>Finds a name. ENOENT where there is none.</summary>
    public abstract Errno Lookup(Task? task, Dentry self, ReadOnlySpan<byte> name, uint hash, out Dentry? child);

    /// <summary>True where it holds no names (rmdir, rename over it).</summary>
    public virtual bool IsEmpty => true;

    /// <summary>Makes a file, directory or node; the name is not taken.</summary>
    public virtual Errno Create(Dentry self, ReadOnlySpan<byte> name, in NewFile newFile, out Dentry? child)
    {
        child = null;
        return Errno.EPERM;
    }

    /// <summary>Makes an inode without a name (O_TMPFILE).</summary>
    public virtual Errno CreateUnnamed(Dentry self, in NewFile newFile, out Dentry? child)
    {
        child = null;
        return Errno.EOPNOTSUPP;
    }

    /// <summary>Makes a symbolic link; the name is not taken.</summary>
    public virtual Errno CreateLink(Dentry self, ReadOnlySpan<byte> name, ReadOnlySpan<byte> target, in NewFile newFile, out Dentry? child)
    {
        child = null;
        return Errno.EPERM;
    }

    /// <summary>Gives an inode of the same file system one more name; the name is not taken.</summary>
    public virtual Errno AddLink(Dentry self, ReadOnlySpan<byte> name, Inode inode) => Errno.EPERM;

    /// <summary>Takes a name out (unlink, or rmdir of an empty directory).</summary>
    public virtual Errno Remove(Dentry self, Dentry child) => Errno.EPERM;

    /// <summary>
    /// Moves <paramref name="child"/> to <paramref name="newName"/> in <paramref name="newDirectory"/> of the same file system,
    /// in the place of <paramref name="replaced"/> where not null; with <paramref name="exchange"/> the two change places.
    /// </summary>
    public virtual Errno Rename(Dentry self, Dentry child, Dentry newDirectory, ReadOnlySpan<byte> newName, Dentry? replaced, bool exchange) => Errno.EPERM;

    /// <summary>
    /// Lists names from <paramref name="position"/> on until the writer is full; moves the position behind the last one that was written.
    /// The dot entries are positions 0 and 1 and the caller's.
    /// </summary>
    public abstract Errno List(Task task, Dentry self, ref long position, ref DirectoryWriter writer);
}
