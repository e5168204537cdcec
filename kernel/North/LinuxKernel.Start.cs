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
    /// <summary>
    /// Makes the first process from a program in the file system, with pid 1, its own session and group, and descriptors 0 to 2 as they come from
    /// <paramref name="files"/>. The result says why not; then nothing runs.
    /// </summary>
    internal Errno StartFirstProcess(byte[] path, byte[][] arguments, byte[][] environment, FileTable files, FileSystemContext context)
    {
        if (!Machine.Scheduler.TryCreatePageTable(out emptyPageTable))
        {
            return Errno.ENOMEM;
        }

        Task task = CreateFirstTask(files, context);
        Errno error = PathWalk.Lookup(task, context.WorkingDirectory, path, LookupFlags.Follow, out Location location);
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
        program.Name.CopyTo(task.Name, 0);
        process.Memory = program.Memory;
        process.Executable = program.Executable;
        process.HasExecuted = true;
        process.Add(task);
        process.Group.Add(process);
        Processes.Add(task);
        Processes.Add(process);
        Processes.Add(process.Group);
        Processes.Add(process.Session);
        IsRunning = true;
        thread.Start();
        return Errno.None;
    }

    private Task CreateFirstTask(FileTable files, FileSystemContext context)
    {
        if (!Processes.TryTakeId(out int id) || id != 1)
        {
            throw new InvalidOperationException("The first process was made twice.");
        }

        var process = new Process(this, id, null, new ResourceLimits((ulong)MaximumTasks / 2), new SignalActions())
        {
            Group = new ProcessGroup(id, new Session(id)),
            StartTime = Machine.Clock.Monotonic,
        };
        return new Task(id, process, files, context, Credentials.Root);
    }
}
