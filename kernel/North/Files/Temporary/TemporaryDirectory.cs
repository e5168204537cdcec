using System;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.Text;

namespace LiteBox.North.Files;

/// <summary>A directory of a <see cref="TemporaryFileSystem"/>.</summary>
internal sealed class TemporaryDirectory : DirectoryInode
{
    /// <summary>What Linux's tmpfs says that an entry, each dot included, takes (BOGO_DIRENT_SIZE, mm/shmem.c).</summary>
    private const long EntrySize = 20;

    private readonly DirectoryTable names = new();
    private readonly TemporaryFileSystem fileSystem;

    public TemporaryDirectory(TemporaryFileSystem fileSystem, uint permissions)
        : base(fileSystem, permissions)
    {
        this.fileSystem = fileSystem;
    }

    /// <inheritdoc/>
    public override long Size => (names.Count + 2) * EntrySize;

    /// <inheritdoc/>
    public override bool IsEmpty => names.Count == 0;

    /// <inheritdoc/>
    public override Errno Lookup(Task? task, Dentry self, ReadOnlySpan<byte> name, uint hash, out Dentry? child)
    {
        child = names.Find(name, hash);
        return child is null ? Errno.ENOENT : Errno.None;
    }

    /// <inheritdoc/>
    public override Errno Create(Dentry self, ReadOnlySpan<byte> name, in NewFile newFile, out Dentry? child)
    {
        Errno error = TryMake(newFile, out Inode? inode);
        if (error != Errno.None)
        {
            child = null;
            return error;
        }

        child = Enter(self, name, inode!);
        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno CreateUnnamed(Dentry self, in NewFile newFile, out Dentry? child)
    {
        child = null;
        Errno error = TryMake(newFile, out Inode? inode);
        if (error != Errno.None)
        {
            return error;
        }

        inode!.LinkCount = 0;
        child = new Dentry(self, MakeUnnamedName(inode.Number), inode) { IsRemoved = true };
        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno CreateLink(Dentry self, ReadOnlySpan<byte> name, ReadOnlySpan<byte> target, in NewFile newFile, out Dentry? child)
    {
        child = null;
        if (!fileSystem.TryTakeInode())
        {
            return Errno.ENOSPC;
        }

        child = Enter(self, name, new TemporaryLink(fileSystem, target.ToArray()) { UserId = newFile.UserId, GroupId = newFile.GroupId });
        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno AddLink(Dentry self, ReadOnlySpan<byte> name, Inode inode)
    {
        // A hard link counts as an inode against the limit, as on Linux, since it takes memory like one.
        if (!fileSystem.TryTakeInode())
        {
            return Errno.ENOSPC;
        }

        inode.LinkCount++;
        Enter(self, name, inode);
        inode.ChangeTime = ChangeTime;
        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno Remove(Dentry self, Dentry child)
    {
        names.Remove(child);
        Touch();
        Inode inode = child.Inode;
        inode.ChangeTime = ChangeTime;
        if (inode.IsDirectory)
        {
            LinkCount--;
            inode.DropAllLinks();
        }
        else
        {
            if (inode.LinkCount > 1)
            {
                fileSystem.ReturnInode();
            }

            inode.DropLink();
        }

        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno Rename(Dentry self, Dentry child, Dentry newDirectory, ReadOnlySpan<byte> newName, Dentry? replaced, bool exchange)
    {
        TemporaryDirectory target = (TemporaryDirectory)newDirectory.Inode;
        if (exchange)
        {
            Exchange(self, child, newDirectory, replaced!);
            return Errno.None;
        }

        if (replaced is not null)
        {
            target.Remove(newDirectory, replaced);
        }

        Leave(child);
        child.Rename(newDirectory, newName);
        target.Enter(child);
        Touch();
        target.Touch();
        child.Inode.ChangeTime = target.ChangeTime;
        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno List(Task task, Dentry self, ref long position, ref DirectoryWriter writer)
    {
        names.List(ref position, ref writer);
        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno Open(Task task, in Location location, int flags, out OpenFile? file)
    {
        file = new DirectoryFile(location, flags);
        return Errno.None;
    }

    /// <summary>Takes out everything below (the file system is going): frames come back, except for what somebody still uses.</summary>
    public void RemoveAll()
    {
        while (names.Newest is { } child)
        {
            if (child.Inode is TemporaryDirectory directory)
            {
                directory.RemoveAll();
            }

            Remove(child.Parent!, child);
        }
    }

    /// <inheritdoc/>
    protected internal override void Evict() => fileSystem.ReturnInode();

    private static byte[] MakeUnnamedName(ulong number)
    {
        Span<byte> text = stackalloc byte[1 + DecimalText.MaximumLength];
        text[0] = (byte)'#';
        return text.Slice(0, 1 + DecimalText.Write(text.Slice(1), number)).ToArray();
    }

    private Errno TryMake(in NewFile newFile, out Inode? inode)
    {
        inode = null;
        if (!fileSystem.TryTakeInode())
        {
            return Errno.ENOSPC;
        }

        inode = (newFile.Mode & FileMode.TypeMask) switch
        {
            FileMode.Directory => new TemporaryDirectory(fileSystem, newFile.Mode & FileMode.PermissionMask),
            FileMode.Regular => new TemporaryFile(fileSystem, newFile.Mode),
            _ => new TemporaryNode(fileSystem, newFile.Mode, newFile.DeviceNumber),
        };
        inode.UserId = newFile.UserId;
        inode.GroupId = newFile.GroupId;
        return Errno.None;
    }

    private Dentry Enter(Dentry self, ReadOnlySpan<byte> name, Inode inode)
    {
        Dentry child = new(self, name, inode);
        Enter(child);
        Touch();
        return child;
    }

    private void Enter(Dentry child)
    {
        names.Add(child);
        if (child.Inode.IsDirectory)
        {
            LinkCount++;
        }
    }

    private void Leave(Dentry child)
    {
        names.Remove(child);
        if (child.Inode.IsDirectory)
        {
            LinkCount--;
        }
    }

    private void Exchange(Dentry self, Dentry child, Dentry newDirectory, Dentry other)
    {
        TemporaryDirectory target = (TemporaryDirectory)newDirectory.Inode;
        byte[] childName = child.Name.ToArray();
        byte[] otherName = other.Name.ToArray();
        Leave(child);
        target.Leave(other);
        child.Rename(newDirectory, otherName);
        other.Rename(self, childName);
        target.Enter(child);
        Enter(other);
        Touch();
        target.Touch();
        child.Inode.ChangeTime = ChangeTime;
        other.Inode.ChangeTime = ChangeTime;
    }

    private void Touch()
    {
        long now = FileSystem.Now;
        ModifyTime = now;
        ChangeTime = now;
    }
}
