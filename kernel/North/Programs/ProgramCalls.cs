using System;
using LiteBox.Abi;
using LiteBox.North.Files;
using LiteBox.North.Memory;
using LiteBox.North.Processes;
using LiteBox.North.Signals;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;
using static LiteBox.Abi.SystemCallNumber;

namespace LiteBox.North.Programs;

/// <summary>execve(2) and execveat(2).</summary>
internal static class ProgramCalls
{
    /// <summary>Heap for loading: path, headers of program and interpreter, areas and the file table. What the strings need is reserved as they come.</summary>
    private const int HeapBytes = 40 << 10;

    private const int AT_FDCWD = -100;
    private const ulong AT_SYMLINK_NOFOLLOW = 0x100;
    private const ulong AT_EMPTY_PATH = 0x1000;

    public static void AddTo(SystemCallTable table)
    {
        table.Add(execve, Execute, heapBytes: HeapBytes, notes: "ELF64 (static, static-PIE, PT_INTERP) and #! scripts; set-user-ID; no file capabilities.");
        table.Add(execveat, ExecuteAt, heapBytes: HeapBytes);
    }

    private static Result Execute(Task task, in SystemCallArguments arguments) =>
        Execute(task, AT_FDCWD, arguments.A0, arguments.A1, arguments.A2, 0);

    private static Result ExecuteAt(Task task, in SystemCallArguments arguments) =>
        Execute(task, arguments.Int0, arguments.A1, arguments.A2, arguments.A3, arguments.A4);

    private static Result Execute(Task task, int directory, ulong path, ulong argumentVector, ulong environmentVector, ulong flags)
    {
        if ((flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) != 0)
        {
            return Errno.EINVAL;
        }

        Errno error = PathName.Read(task, path, out PathName name);
        if (error != Errno.None)
        {
            return error;
        }

        byte[] text = name.Bytes.ToArray();
        name.Dispose();
        error = Find(task, directory, text, flags, out Location location);
        if (error != Errno.None)
        {
            return error;
        }

        var strings = new UserProgramStrings(task.UserMemory, new UserAddress(argumentVector), new UserAddress(environmentVector));
        error = ProgramLoader.Load(task, location, text, strings, out LoadedProgram? program);
        if (error != Errno.None)
        {
            return error;
        }

        return Become(task, program!);
    }

    private static Errno Find(Task task, int directory, byte[] path, ulong flags, out Location location)
    {
        location = task.FileSystemContext.WorkingDirectory;
        if (directory != AT_FDCWD && (path.Length == 0 || path[0] != (byte)'/'))
        {
            if (!task.Files.TryGet(directory, out OpenFile? file))
            {
                return Errno.EBADF;
            }

            location = file.Location;
        }

        LookupFlags lookup = (flags & AT_SYMLINK_NOFOLLOW) != 0 ? LookupFlags.None : LookupFlags.Follow;
        if ((flags & AT_EMPTY_PATH) != 0)
        {
            lookup |= LookupFlags.EmptyPath;
        }

        Errno error = PathWalk.Lookup(task, location, path, lookup, out location);
        return error == Errno.None && location.Inode.IsSymbolicLink ? Errno.ELOOP : error;
    }

    // From here on there is no way back to the old program: everything that could fail is done.
    private static Result Become(Task task, LoadedProgram program)
    {
        if (!TryBecomeAlone(task))
        {
            program.Drop();
            return Errno.EINTR; // another thread ends the process; nobody sees this result
        }

        Process process = task.Process;
        TaskExit.ReleaseUserMemoryClaims(task);
        AddressSpace old = process.Memory!;
        process.Memory = program.Memory;
        task.Thread.PageTable = program.Memory.PageTable;
        old.Release();
        process.Executable?.Release(task);
        process.Executable = program.Executable;
        process.HasExecuted = true;
        process.EndVfork();
        if (task.Files.IsShared)
        {
            FileTable copy = task.Files.Clone();
            task.Files.Release(task);
            task.Files = copy;
        }

        task.Files.CloseOnExec(task);
        process.Actions = process.Actions.Copy();
        process.Actions.ResetHandlers();
        process.PosixTimers.DeleteAll();
        task.Credentials = program.Credentials;
        task.SignalStack = SignalStack.None;
        program.Name.AsSpan().CopyTo(task.Name);
        process.ExitSignal = SignalNumber.SIGCHLD;
        process.Dumpable = 1;
        task.Thread.ResetFloatingPoint();
        task.Thread.FsBase = 0;
        task.Thread.GsBase = 0;
        task.Thread.Registers = program.CreateRegisters();
        return Result.Success;
    }

    // The other threads end; the one that stays takes over the process's id. False: the whole process ends instead.
    private static bool TryBecomeAlone(Task task)
    {
        Process process = task.Process;
        if (process.IsEnding || process.ExclusiveTask is not null)
        {
            return false;
        }

        if (process.TaskCount > 1)
        {
            process.ExclusiveTask = task;
            process.RequestReturnOfAll();
            while (process.TaskCount > 1)
            {
                task.Kernel.Machine.Scheduler.Wait(process.Resumed, Scheduler.Never, WaitKind.Uninterruptible);
            }

            process.ExclusiveTask = null;
            if (process.IsEnding)
            {
                return false;
            }
        }

        if (task.Id != process.Id)
        {
            task.Kernel.Processes.TakeOverId(task, process.Id);
        }

        return true;
    }
}
