using System;
using System.Buffers.Binary;
using LiteBox.Abi;
using LiteBox.North.Memory;
using LiteBox.North.Signals;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;
using static LiteBox.North.Processes.CloneFlags;

namespace LiteBox.North.Processes;

/// <summary>Makes tasks from tasks: fork, vfork, clone. Whatever fails leaves everything as it was.</summary>
internal static class TaskCreation
{
    /// <summary>Heap of an area with its place in the list, and of a descriptor with its flag, generously.</summary>
    private const int AreaBytes = 128;
    private const int DescriptorBytes = 16;

    /// <summary>What <see cref="ProcessCalls.ForkHeapBytes"/> covers of them.</summary>
    private const int CoveredBytes = 12 << 10;

    /// <summary>Makes a task as the request says and starts it. The result is its id, or EAGAIN, ENOMEM, EINVAL.</summary>
    public static Result Clone(Task parent, in CloneRequest request)
    {
        Errno error = Check(parent, request);
        if (error != Errno.None)
        {
            return error;
        }

        LinuxKernel kernel = parent.Kernel;
        if (!TryReserveCopies(parent))
        {
            return Errno.ENOMEM;
        }

        if (!MayHaveMore(parent) || !kernel.Processes.TryTakeId(out int id))
        {
            return Errno.EAGAIN;
        }

        AddressSpace memory = parent.Process.Memory!;
        if (request.Has(CLONE_VM))
        {
            if (!request.Has(CLONE_THREAD))
            {
                memory.AddOwner();
            }
        }
        else if (!memory.TryCopy(parent.Process.Limits, out memory!))
        {
            return Errno.ENOMEM;
        }

        Process process = request.Has(CLONE_THREAD) ? parent.Process : CreateProcess(parent, id, request, memory);
        Task child = CreateTask(parent, id, process, request);
        if (!TryCreateThread(parent, child, memory, request))
        {
            Undo(parent, child, memory, request);
            return Errno.EAGAIN;
        }

        StoreIds(parent, child, memory, request);
        Enter(child, request);
        child.Thread.Start();
        if (request.Has(CLONE_VFORK))
        {
            WaitForVfork(parent, process);
        }

        return id;
    }

    private static Errno Check(Task parent, in CloneRequest request)
    {
        if ((request.Flags & ~Supported) != 0
            || (request.Has(CLONE_THREAD) && !request.Has(CLONE_SIGHAND))
            || (request.Has(CLONE_SIGHAND) && !request.Has(CLONE_VM))
            || (request.Has(CLONE_SIGHAND) && request.Has(CLONE_CLEAR_SIGHAND))
            || (request.Has(CLONE_PARENT) && parent.Process.IsInit)
            || (uint)request.ExitSignal > SignalNumber.Maximum)
        {
            return Errno.EINVAL;
        }

        return request.Has(CLONE_SETTLS) && request.ThreadPointer >= UserAddress.Limit ? Errno.EPERM : Errno.None;
    }

    // What a fork copies grows with what the program has: many areas or descriptors go beyond what the table's row reserves.
    private static bool TryReserveCopies(Task parent)
    {
        int bytes = (parent.Process.Memory!.Areas.Count * AreaBytes) + (parent.Files.Capacity * DescriptorBytes);
        return bytes <= CoveredBytes || parent.Kernel.Machine.Heap.TryReserve(ProcessCalls.ForkHeapBytes + bytes);
    }

    // RLIMIT_NPROC does not bind those who may exceed resources (fork in kernel/fork.c); what the machine can carry binds everybody.
    private static bool MayHaveMore(Task parent)
    {
        LinuxKernel kernel = parent.Kernel;
        if (kernel.Processes.TaskCount >= kernel.MaximumTasks)
        {
            return false;
        }

        Credentials credentials = parent.Credentials;
        if (credentials.UserId == 0 || credentials.Has(Capability.ExceedResources) || credentials.Has(Capability.Administer))
        {
            return true;
        }

        ulong limit = parent.Process.Limits[Resource.Processes].Current;
        return limit == ResourceLimits.Infinity || (ulong)kernel.Processes.CountTasksOf(credentials.UserId) < limit;
    }

    private static Process CreateProcess(Task parent, int id, in CloneRequest request, AddressSpace memory)
    {
        Process maker = parent.Process;
        SignalActions actions = request.Has(CLONE_SIGHAND) ? maker.Actions : maker.Actions.Copy();
        if (request.Has(CLONE_CLEAR_SIGHAND))
        {
            actions.ResetHandlers();
        }

        maker.Executable?.AddOwner();
        return new Process(parent.Kernel, id, request.Has(CLONE_PARENT) ? maker.Parent : maker, maker.Limits.Copy(), actions)
        {
            Group = maker.Group,
            Memory = memory,
            Executable = maker.Executable,
            ExitSignal = request.Has(CLONE_PARENT) ? maker.ExitSignal : request.ExitSignal,
            Personality = maker.Personality,
            Nice = maker.Nice,
            Dumpable = maker.Dumpable,
            OutOfMemoryAdjustment = maker.OutOfMemoryAdjustment,
            IsVforkChild = request.Has(CLONE_VFORK),
            StartTime = parent.Kernel.Machine.Clock.Monotonic,
        };
    }

    private static Task CreateTask(Task parent, int id, Process process, in CloneRequest request)
    {
        if (request.Has(CLONE_FILES))
        {
            parent.Files.AddOwner();
        }

        var child = new Task(
            id,
            process,
            request.Has(CLONE_FILES) ? parent.Files : parent.Files.Clone(),
            request.Has(CLONE_FS) ? parent.FileSystemContext : parent.FileSystemContext.Clone(),
            parent.Credentials)
        {
            BlockedSignals = parent.BlockedSignals,
            ClearChildId = request.Has(CLONE_CHILD_CLEARTID) ? request.ChildId : default,
            HasNoNewPrivileges = parent.HasNoNewPrivileges,
            TimerSlack = parent.TimerSlack,

            // A thread that shares memory cannot share the alternate stack; vfork's child runs before its parent does (clone(2)).
            SignalStack = request.Has(CLONE_VM) && !request.Has(CLONE_VFORK) ? SignalStack.None : parent.SignalStack,
        };
        parent.Name.AsSpan().CopyTo(child.Name);
        return child;
    }

    private static bool TryCreateThread(Task parent, Task child, AddressSpace memory, in CloneRequest request)
    {
        UserRegisters registers = parent.Thread.Registers;
        registers.Rax = 0;
        if (request.StackPointer != 0)
        {
            registers.Rsp = request.StackPointer;
        }

        if (!parent.Kernel.Machine.Scheduler.TryCreateUserThread(child, memory.PageTable, registers, parent.Thread, out UserThread? thread))
        {
            return false;
        }

        thread.FsBase = request.Has(CLONE_SETTLS) ? request.ThreadPointer : parent.Thread.FsBase;
        thread.GsBase = parent.Thread.GsBase;
        child.Thread = thread;
        return true;
    }

    private static void StoreIds(Task parent, Task child, AddressSpace memory, in CloneRequest request)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, child.Id);

        // Linux ignores a failure of either store.
        if (request.Has(CLONE_PARENT_SETTID))
        {
            parent.UserMemory.TryWrite(request.ParentId, bytes);
        }

        if (request.Has(CLONE_CHILD_SETTID))
        {
            memory.TryWriteBytes(request.ChildId, bytes);
        }
    }

    private static void Enter(Task child, in CloneRequest request)
    {
        Process process = child.Process;
        ProcessTable processes = child.Kernel.Processes;
        process.Add(child);
        processes.Add(child);
        if (!request.Has(CLONE_THREAD))
        {
            processes.Add(process);
            process.Group.Add(process);
            process.Parent!.AddChild(process);
        }
        else if (process.IsEnding)
        {
            child.Thread.RequestReturnWork();
        }
    }

    private static void Undo(Task parent, Task child, AddressSpace memory, in CloneRequest request)
    {
        child.Files.Release(parent);
        if (!request.Has(CLONE_THREAD))
        {
            child.Process.Executable?.Release(parent);
            memory.Release();
        }
    }

    // The child uses its parent's stack: the parent waits, deaf to signals, until the child has left it.
    private static void WaitForVfork(Task parent, Process child)
    {
        while (child.IsVforkChild)
        {
            parent.Kernel.Machine.Scheduler.Wait(child.VforkDone, Scheduler.Never, WaitKind.Uninterruptible);
        }
    }
}
