using System;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.Text;

namespace LiteBox.North.Files;

/// <summary>/proc (proc(5)): one instance; every mount of the type shows it.</summary>
internal sealed class ProcessFileSystem : FileSystem
{
    private readonly Dentry root;

    public ProcessFileSystem(VirtualFileSystem virtualFileSystem)
        : base(virtualFileSystem)
    {
        ProcessRootDirectory directory = new(this);
        root = new Dentry(null, "/"u8, directory);
        SystemTexts.AddTo(this, directory, root);
    }

    /// <inheritdoc/>
    public override string TypeName => "proc";

    /// <inheritdoc/>
    public override long Magic => 0x9FA0; // PROC_SUPER_MAGIC

    /// <inheritdoc/>
    public override long BlockSize => 1024; // what Linux's stat says of files in /proc

    /// <inheritdoc/>
    public override Dentry Root => root;
}

/// <summary>The top of /proc: files about the system, and a directory for each process.</summary>
internal sealed class ProcessRootDirectory : FixedDirectory
{
    /// <summary>Processes are listed behind the files, at positions made of their ids.</summary>
    private const long FirstProcessPosition = 256;

    public ProcessRootDirectory(FileSystem fileSystem)
        : base(fileSystem)
    {
    }

    private ProcessTable Processes => FileSystem.VirtualFileSystem.Kernel.Processes;

    /// <inheritdoc/>
    public override Errno Lookup(Task? task, Dentry self, ReadOnlySpan<byte> name, uint hash, out Dentry? child)
    {
        if (!DecimalText.TryRead(name, out int id))
        {
            return base.Lookup(task, self, name, hash, out child);
        }

        if (!TryReserveForLookup())
        {
            child = null;
            return Errno.ENOMEM;
        }

        // A thread has a directory under its own id too, though no listing shows it.
        Process? process = Processes.FindProcess(id) ?? Processes.FindTask(id)?.Process;
        child = process is null ? null : ProcessDirectory.Create(FileSystem, self, name, process, Processes.FindTask(id), isThread: false);
        return process is null ? Errno.ENOENT : Errno.None;
    }

    /// <inheritdoc/>
    public override Errno List(Task task, Dentry self, ref long position, ref DirectoryWriter writer)
    {
        if (position < FirstProcessPosition)
        {
            Errno error = base.List(task, self, ref position, ref writer);
            if (error != Errno.None || writer.IsFull || writer.HasFaulted)
            {
                return error;
            }

            position = FirstProcessPosition;
        }

        Span<byte> name = stackalloc byte[DecimalText.MaximumLength];
        int last = (int)(position - FirstProcessPosition);
        for (Process? process = Processes.NextProcess(last); process is not null; process = Processes.NextProcess(process.Id))
        {
            int length = DecimalText.Write(name, (ulong)process.Id);
            long next = FirstProcessPosition + process.Id;
            if (!writer.TryAdd(name.Slice(0, length), ProcessDirectory.NumberOf(process.Id), FileMode.Directory, next))
            {
                return Errno.None;
            }

            position = next;
        }

        return Errno.None;
    }
}
