using System;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.Text;

namespace LiteBox.North.Files;

/// <summary>/proc/PID/fd (links to the open files) and /proc/PID/fdinfo (what is known about them).</summary>
internal sealed class DescriptorDirectory : GeneratedDirectory
{
    private const long FirstPosition = 2;
    private const uint LinkMode = FileMode.SymbolicLink | 0x1C0; // 0700; Linux shows what the file may do
    private const uint InformationMode = 0x124; // 0444

    private readonly ProcessSubject subject;
    private readonly bool showsInformation;

    public DescriptorDirectory(FileSystem fileSystem, ProcessSubject subject, bool showsInformation)
        : base(fileSystem, 0x140) // 0500
    {
        this.subject = subject;
        this.showsInformation = showsInformation;
    }

    private FileTable? Files => subject.Process.IsZombie ? null : subject.Task?.Files;

    /// <inheritdoc/>
    public override Errno Lookup(Task? task, Dentry self, ReadOnlySpan<byte> name, uint hash, out Dentry? child)
    {
        child = null;
        if (!TryReserveForLookup())
        {
            return Errno.ENOMEM;
        }

        FileTable? files = Files;
        if (files is null || !DecimalText.TryRead(name, out int descriptor) || !files.TryGet(descriptor, out OpenFile? file))
        {
            return Errno.ENOENT;
        }

        Inode inode = showsInformation ? CreateInformation(descriptor) : CreateLink(descriptor, file);
        inode.UserId = UserId;
        inode.GroupId = GroupId;
        child = new Dentry(self, name, inode);
        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno List(Task task, Dentry self, ref long position, ref DirectoryWriter writer)
    {
        FileTable? files = Files;
        if (files is null)
        {
            return Errno.None;
        }

        if (!subject.MayInspect(task))
        {
            return Errno.EACCES;
        }

        Span<byte> name = stackalloc byte[DecimalText.MaximumLength];
        for (int descriptor = (int)(position - FirstPosition); descriptor < files.Capacity; descriptor++)
        {
            long next = FirstPosition + descriptor + 1;
            if (files.TryGet(descriptor, out _))
            {
                int length = DecimalText.Write(name, (ulong)descriptor);
                uint mode = showsInformation ? FileMode.Regular : LinkMode;
                if (!writer.TryAdd(name.Slice(0, length), Number + (ulong)descriptor + 1, mode, next))
                {
                    return Errno.None;
                }
            }

            position = next;
        }

        return Errno.None;
    }

    private GeneratedLink CreateLink(int descriptor, OpenFile file)
    {
        uint permissions = 0x40u | (file.IsReadable ? 0x100u : 0) | (file.IsWritable ? 0x80u : 0);
        return new GeneratedLink(
            FileSystem,
            (Task reader, out Location target) =>
            {
                target = default;
                if (!subject.MayInspect(reader))
                {
                    return Errno.EACCES;
                }

                if (Files is not { } files || !files.TryGet(descriptor, out OpenFile? found))
                {
                    return Errno.ENOENT;
                }

                target = found.Location;
                return Errno.None;
            },
            permissions);
    }

    // Documentation/filesystems/proc.rst, 3.8.
    private GeneratedText CreateInformation(int descriptor) =>
        new(
            FileSystem,
            InformationMode,
            (Task reader, ref TextWriter text) =>
            {
                if (Files is not { } files || !files.TryGet(descriptor, out OpenFile? file))
                {
                    return Errno.ENOENT;
                }

                text.Add("pos:\t"u8);
                text.Add(file.Position);
                text.Add("\nflags:\t0"u8);
                text.AddOctal((uint)(file.StatusFlags | (files.IsCloseOnExec(descriptor) ? OpenFlags.CloseOnExec : 0)));
                text.Add("\nmnt_id:\t"u8);
                text.Add(file.Location.Mount.Id);
                text.Add("\nino:\t"u8);
                text.AddUnsigned(file.Inode.Number);
                text.Add((byte)'\n');
                return Errno.None;
            });
}

/// <summary>/proc/PID/task: a directory for each thread.</summary>
internal sealed class TaskListDirectory : GeneratedDirectory
{
    private const long FirstPosition = 2;

    private readonly ProcessSubject subject;

    public TaskListDirectory(FileSystem fileSystem, ProcessSubject subject)
        : base(fileSystem)
    {
        this.subject = subject;
        LinkCount = 2 + (uint)subject.Process.TaskCount;
    }

    /// <inheritdoc/>
    public override Errno Lookup(Task? task, Dentry self, ReadOnlySpan<byte> name, uint hash, out Dentry? child)
    {
        child = null;
        if (!TryReserveForLookup())
        {
            return Errno.ENOMEM;
        }

        if (!DecimalText.TryRead(name, out int id))
        {
            return Errno.ENOENT;
        }

        Task? found = subject.Process.Kernel.Processes.FindTask(id);
        bool isZombieItself = found is null && subject.Process.IsZombie && id == subject.Process.Id && subject.Exists;
        if (!isZombieItself && found?.Process != subject.Process)
        {
            return Errno.ENOENT;
        }

        child = ProcessDirectory.Create(FileSystem, self, name, subject.Process, found, isThread: true);
        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno List(Task task, Dentry self, ref long position, ref DirectoryWriter writer)
    {
        Span<byte> name = stackalloc byte[DecimalText.MaximumLength];
        int last = (int)(position - FirstPosition);
        while (FindNext(last) is int id and > 0)
        {
            int length = DecimalText.Write(name, (ulong)id);
            if (!writer.TryAdd(name.Slice(0, length), ProcessDirectory.NumberOf(id), FileMode.Directory, FirstPosition + id))
            {
                return Errno.None;
            }

            last = id;
            position = FirstPosition + id;
        }

        return Errno.None;
    }

    /// <summary>The lowest thread id above one; 0: none.</summary>
    private int FindNext(int id)
    {
        int next = 0;
        for (Task? task = subject.Process.FirstTask; task is not null; task = task.NextInProcess)
        {
            if (task.Id > id && (next == 0 || task.Id < next))
            {
                next = task.Id;
            }
        }

        bool isZombieItself = subject.Process.FirstTask is null && subject.Process.Id > id;
        return isZombieItself ? subject.Process.Id : next;
    }
}
