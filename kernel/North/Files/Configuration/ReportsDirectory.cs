using System;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>/sys/kernel/config/tsm/report: each directory that a program makes here asks for reports of its own.</summary>
internal sealed class ReportsDirectory : DirectoryInode
{
    /// <summary>Heap of an entry: a directory, seven attributes and their names.</summary>
    private const int EntryHeap = 8192;

    private readonly AttestationDevice attestation;
    private readonly DirectoryTable entries = new();

    public ReportsDirectory(FileSystem fileSystem, AttestationDevice attestation)
        : base(fileSystem, 0x1ED) // 0755
    {
        this.attestation = attestation;
    }

    /// <inheritdoc/>
    public override Errno Lookup(Task? task, Dentry self, ReadOnlySpan<byte> name, uint hash, out Dentry? child)
    {
        child = entries.Find(name, hash);
        return child is null ? Errno.ENOENT : Errno.None;
    }

    /// <inheritdoc/>
    public override Errno Create(Dentry self, ReadOnlySpan<byte> name, in NewFile newFile, out Dentry? child)
    {
        child = null;
        switch (newFile.Mode & FileMode.TypeMask)
        {
            case FileMode.Regular:
                return Errno.EACCES;
            case not FileMode.Directory:
                return Errno.EPERM;
        }

        if (!FileSystem.Machine.Heap.TryReserve(EntryHeap))
        {
            return Errno.ENOMEM;
        }

        ConfigDirectory directory = new(FileSystem);
        child = new Dentry(self, name, directory);
        new ReportEntry(attestation).AddAttributes(FileSystem, directory, child);
        entries.Add(child);
        LinkCount++;
        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno Remove(Dentry self, Dentry child)
    {
        entries.Remove(child);
        LinkCount--;
        child.Inode.DropAllLinks();
        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno List(Task task, Dentry self, ref long position, ref DirectoryWriter writer)
    {
        entries.List(ref position, ref writer);
        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno Open(Task task, in Location location, int flags, out OpenFile? file)
    {
        file = new DirectoryFile(location, flags);
        return Errno.None;
    }
}
