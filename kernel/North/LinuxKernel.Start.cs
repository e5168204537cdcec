using System;
using LiteBox.Abi;
using LiteBox.North.Files;
using LiteBox.North.Processes;
using LiteBox.North.Programs;
using LiteBox.North.Signals;
using LiteBox.Platform;

namespace LiteBox.North;

// The first process.
public sealed partial class LinuxKernel
{
    /// <summary>The exit status that shells give to a program that cannot be run.</summary>
    private const int CannotRun = 127;

    /// <summary>
    /// Fills the root file system from the initial RAM disk and starts the first process: what <c>rdinit=</c> or <c>init=</c> on the command line names,
    /// else the first of /init, /sbin/init, /etc/init, /bin/init and /bin/sh that can be run, as Linux tries them. Words after <c>--</c> are its
    /// arguments. Where none can be run, the machine is switched off.
    /// </summary>
    public void Start()
    {
        FillRootFileSystem();
        var commandLine = new CommandLine(Machine.CommandLine);
        byte[]? chosen = commandLine.Find("rdinit="u8) ?? commandLine.Find("init="u8);
        byte[][] candidates = chosen is not null
            ? [chosen]
            : ["/init"u8.ToArray(), "/sbin/init"u8.ToArray(), "/etc/init"u8.ToArray(), "/bin/init"u8.ToArray(), "/bin/sh"u8.ToArray()];
        byte[][] environment = ["HOME=/"u8.ToArray(), "TERM=linux"u8.ToArray()];
        Task task = CreateFirstTask(OpenConsole(), FileSystems.CreateContext());
        foreach (byte[] path in candidates)
        {
            Errno error = StartFirstProcess(task, path, commandLine.ArgumentsOf(path), environment);
            if (error == Errno.None)
            {
                return;
            }

            if (error != Errno.ENOENT || chosen is not null)
            {
                Machine.Log($"litebox: {System.Text.Encoding.UTF8.GetString(path)} cannot be run: error {(int)error}");
            }
        }

        Machine.Log("litebox: no init found");
        Machine.PowerOff(WaitStatuses.Exited(CannotRun));
    }

    /// <summary>Makes the first process, with pid 1 and its own session and group, from a program in the file system. Not None: nothing runs.</summary>
    internal Errno StartFirstProcess(Task task, byte[] path, byte[][] arguments, byte[][] environment)
    {
        Errno error = PathWalk.Lookup(task, task.FileSystemContext.WorkingDirectory, path, LookupFlags.Follow, out Location location);
        if (error != Errno.None)
        {
            return error;
        }

        error = ProgramLoader.Load(task, location, path, new KernelProgramStrings(arguments, environment), out LoadedProgram? program);
        if (error != Errno.None)
        {
            return error;
        }

        Process process = task.Process;
        if (!Machine.Scheduler.TryCreateUserThread(task, program!.Memory.PageTable, program.CreateRegisters(), null, out UserThread? thread))
        {
            program.Drop();
            return Errno.ENOMEM;
        }

        task.Thread = thread;
        task.Credentials = program.Credentials;
        program.Name.AsSpan().CopyTo(task.Name);
        process.Memory = program.Memory;
        process.Executable = program.Executable;
        process.HasExecuted = true;
        EnterFirst(task);
        thread.Start();
        return Errno.None;
    }

    /// <summary>Puts the first process into the tables.</summary>
    internal void EnterFirst(Task task)
    {
        Process process = task.Process;
        process.Add(task);
        process.Group.Add(process);
        Processes.Add(task);
        Processes.Add(process);
        Processes.Add(process.Group);
        Processes.Add(process.Session);
    }

    /// <summary>Makes pid 1, which has no memory and no thread yet.</summary>
    internal Task CreateFirstTask(FileTable files, FileSystemContext context)
    {
        if (!Machine.Scheduler.TryCreatePageTable(out emptyPageTable))
        {
            throw new InvalidOperationException("There is no memory for the first process.");
        }

        if (!Processes.TryTakeId(out int id) || id != 1)
        {
            throw new InvalidOperationException("The first process was made twice.");
        }

        var process = new Process(this, id, null, new ResourceLimits((ulong)MaximumTasks / 2), new SignalActions())
        {
            Group = new ProcessGroup(0, new Session(0)), // the first process leads neither, so it may call setsid(2)
            StartTime = Machine.Clock.Monotonic,
        };
        return new Task(id, process, files, context, Credentials.Root);
    }
}
