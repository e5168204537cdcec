using System;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.Text;

namespace LiteBox.North.Files;

/// <summary>Whom a file in /proc/PID is about: a process, and the task of it that the directory names (its first where it names the process).</summary>
internal sealed class ProcessSubject
{
    public ProcessSubject(Process process, Task? task)
    {
        Process = process;
        Task = task;
    }

    public Process Process { get; }

    /// <summary>Null for a zombie.</summary>
    public Task? Task { get; }

    /// <summary>False once it has been waited for: ESRCH.</summary>
    public bool Exists => Process.Kernel.Processes.FindProcess(Process.Id) == Process;

    /// <summary>True where <paramref name="reader"/> may look into memory, files and environment (ptrace(2), "Ptrace access mode checking").</summary>
    public bool MayInspect(Task reader)
    {
        if (Task is null || reader.Process == Process || reader.Credentials.Has(Capability.Trace))
        {
            return true;
        }

        Credentials target = Task.Credentials;
        uint user = reader.Credentials.FileUserId;
        uint group = reader.Credentials.FileGroupId;
        return user == target.UserId && user == target.EffectiveUserId && user == target.SavedUserId
            && group == target.GroupId && group == target.EffectiveGroupId && group == target.SavedGroupId;
    }
}

/// <summary>Writes the text of a file in /proc/PID.</summary>
internal delegate Errno ProcessTextSource(Task reader, ProcessSubject subject, ref TextWriter text);

/// <summary>Takes what is written to a file in /proc/PID.</summary>
internal delegate Errno ProcessTextSink(Task writer, ProcessSubject subject, ReadOnlySpan<byte> text);

/// <summary>/proc/PID and /proc/PID/task/TID: made for each lookup, and forgotten with it.</summary>
internal sealed class ProcessDirectory : GeneratedDirectory
{
    private const long FirstPosition = 2;

    private readonly ProcessSubject subject;
    private readonly bool isThread;

    private ProcessDirectory(FileSystem fileSystem, ProcessSubject subject, bool isThread)
        : base(fileSystem)
    {
        this.subject = subject;
        this.isThread = isThread;
        Number = NumberOf(subject.Task?.Id ?? subject.Process.Id);
        LinkCount = isThread ? 7u : 9u; // what Linux 6.1 shows
        SetOwner(this);
    }

    /// <summary>Inode numbers of process directories: apart from those of the other files.</summary>
    public static ulong NumberOf(int id) => 0x1_0000_0000 + (ulong)(uint)id;

    public static Dentry Create(FileSystem fileSystem, Dentry parent, ReadOnlySpan<byte> name, Process process, Task? task, bool isThread) =>
        new(parent, name, new ProcessDirectory(fileSystem, new ProcessSubject(process, task ?? process.FirstTask), isThread));

    /// <inheritdoc/>
    public override Errno Lookup(Task? task, Dentry self, ReadOnlySpan<byte> name, uint hash, out Dentry? child)
    {
        child = null;
        if (!subject.Exists)
        {
            return Errno.ESRCH;
        }

        if (!TryReserveForLookup())
        {
            return Errno.ENOMEM;
        }

        foreach (ProcessEntry entry in ProcessEntries.All)
        {
            if (name.SequenceEqual(entry.Name) && !(isThread && entry.IsForProcessOnly))
            {
                Inode inode = entry.Create(FileSystem, subject);
                SetOwner(inode);
                child = new Dentry(self, name, inode);
                return Errno.None;
            }
        }

        return Errno.ENOENT;
    }

    /// <inheritdoc/>
    public override Errno List(Task task, Dentry self, ref long position, ref DirectoryWriter writer)
    {
        if (!subject.Exists)
        {
            return Errno.ENOENT;
        }

        for (int i = (int)(position - FirstPosition); i < ProcessEntries.All.Length; i++)
        {
            ProcessEntry entry = ProcessEntries.All[i];
            long next = FirstPosition + i + 1;
            if (!(isThread && entry.IsForProcessOnly) && !writer.TryAdd(entry.Name, Number + ((ulong)(i + 1) << 36), entry.Mode, next))
            {
                return Errno.None;
            }

            position = next;
        }

        return Errno.None;
    }

    private void SetOwner(Inode inode)
    {
        if (subject.Task is { } owner && subject.Process.Dumpable == 1)
        {
            inode.UserId = owner.Credentials.EffectiveUserId;
            inode.GroupId = owner.Credentials.EffectiveGroupId;
        }
    }
}
