using System;
using LiteBox.Abi;
using LiteBox.North.Processes;

namespace LiteBox.North.Files;

/// <summary>A directory whose names the kernel makes up (/proc, /sys): programs can look and not change.</summary>
internal abstract class GeneratedDirectory : DirectoryInode
{
    protected GeneratedDirectory(FileSystem fileSystem, uint permissions = 0x16D) // 0555
        : base(fileSystem, permissions)
    {
    }

    /// <summary>Heap that a look-up takes where it makes names and inodes: calls that only walk a path reserve none.</summary>
    private const int LookupHeap = 8192;

    /// <inheritdoc/>
    public override bool IsEmpty => false;

    /// <inheritdoc/>
    public override Errno Open(Task task, in Location location, int flags, out OpenFile? file)
    {
        file = new DirectoryFile(location, flags);
        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno BeforeAttributeChange() => Errno.EPERM;

    /// <inheritdoc/>
    public override Errno Create(Dentry self, ReadOnlySpan<byte> name, in NewFile newFile, out Dentry? child)
    {
        // Linux looks a new name up as if it could be there, and finds no way to make it.
        child = null;
        return Errno.ENOENT;
    }

    /// <summary>Makes sure that the heap has room for what a look-up makes. False: ENOMEM.</summary>
    protected bool TryReserveForLookup() => FileSystem.Machine.Heap.TryReserve(LookupHeap);
}

/// <summary>A generated directory whose names are always the same, listed in the order in which they were entered.</summary>
internal class FixedDirectory : GeneratedDirectory
{
    private const long FirstPosition = 2;

    private readonly DirectoryTable names = new();

    public FixedDirectory(FileSystem fileSystem, uint permissions = 0x16D)
        : base(fileSystem, permissions)
    {
    }

    /// <inheritdoc/>
    public override Errno Lookup(Task? task, Dentry self, ReadOnlySpan<byte> name, uint hash, out Dentry? child)
    {
        child = names.Find(name, hash);
        return child is null ? Errno.ENOENT : Errno.None;
    }

    /// <inheritdoc/>
    public override Errno List(Task task, Dentry self, ref long position, ref DirectoryWriter writer)
    {
        long index = FirstPosition;
        for (Dentry? entry = names.Oldest; entry is not null; entry = entry.Newer)
        {
            if (index++ < position)
            {
                continue;
            }

            if (!writer.TryAdd(entry.Name, entry.Inode.Number, entry.Inode.Mode, index))
            {
                return Errno.None;
            }

            position = index;
        }

        return Errno.None;
    }

    /// <summary>Enters a name. The directory's own dentry must be given, because it exists by now.</summary>
    public Dentry Add(Dentry self, ReadOnlySpan<byte> name, Inode inode)
    {
        Dentry child = new(self, name, inode);
        names.Add(child);
        if (inode.IsDirectory)
        {
            LinkCount++;
        }

        return child;
    }

    /// <summary>How many names there are.</summary>
    protected int NameCount => names.Count;
}
