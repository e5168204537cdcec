using LiteBox.Abi;
using LiteBox.North.Signals;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;
using static LiteBox.Abi.SystemCallNumber;

namespace LiteBox.North.Processes;

/// <summary>Making and ending tasks, their ids, groups and sessions.</summary>
internal static class ProcessCalls
{
    /// <summary>Heap that a fork takes: task, process, tables, areas and South's thread.</summary>
    public const int ForkHeapBytes = 24 << 10;

    private const int ARCH_SET_GS = 0x1001;
    private const int ARCH_SET_FS = 0x1002;
    private const int ARCH_GET_FS = 0x1003;
    private const int ARCH_GET_GS = 0x1004;

    private const ulong RobustListSize = 24;

    public static void AddTo(SystemCallTable table)
    {
        table.Add(fork, Fork, heapBytes: ForkHeapBytes);
        table.Add(vfork, VirtualFork, heapBytes: ForkHeapBytes);
        table.Add(clone, Clone, SystemCallSupport.Partial, ForkHeapBytes, "No namespaces, pidfds or ptrace; CLONE_PARENT_SETTID and friends, threads, vfork are there.");
        table.Add(clone3, Clone3, SystemCallSupport.Partial, ForkHeapBytes, "As clone; no set_tid, no cgroup.");
        table.Add(exit, Exit);
        table.Add(exit_group, ExitGroup);
        table.Add(getpid, GetProcessId);
        table.Add(gettid, GetTaskId);
        table.Add(getppid, GetParentId);
        table.Add(getpgrp, GetOwnGroup);
        table.Add(getpgid, GetGroup);
        table.Add(setpgid, SetGroup, heapBytes: 512);
        table.Add(getsid, GetSession);
        table.Add(setsid, SetSession, heapBytes: 512);
        table.Add(set_tid_address, SetClearAddress);
        table.Add(set_robust_list, SetRobustList);
        table.Add(get_robust_list, GetRobustList);
        table.Add(arch_prctl, ArchitectureControl, notes: "FS and GS base.");
        table.Add(personality, SetPersonality, SystemCallSupport.Partial, notes: "Kept; only ADDR_NO_RANDOMIZE acts.");
        table.Add(prctl, ProcessControlCalls.Control, SystemCallSupport.Partial, 256, notes: ProcessControlCalls.Notes);
    }

    private static Result Fork(Task task, in SystemCallArguments arguments) =>
        TaskCreation.Clone(task, new CloneRequest { ExitSignal = SignalNumber.SIGCHLD });

    private static Result VirtualFork(Task task, in SystemCallArguments arguments) =>
        TaskCreation.Clone(task, new CloneRequest { Flags = CloneFlags.CLONE_VFORK | CloneFlags.CLONE_VM, ExitSignal = SignalNumber.SIGCHLD });

    // clone(flags, stack, parent_tid, child_tid, tls) on x86-64.
    private static Result Clone(Task task, in SystemCallArguments arguments) => TaskCreation.Clone(task, new CloneRequest
    {
        Flags = (uint)arguments.A0 & ~CloneFlags.ExitSignalMask,
        ExitSignal = (int)(arguments.A0 & CloneFlags.ExitSignalMask),
        StackPointer = arguments.A1,
        ParentId = new UserAddress(arguments.A2),
        ChildId = new UserAddress(arguments.A3),
        ThreadPointer = arguments.A4,
    });

    private static Result Clone3(Task task, in SystemCallArguments arguments)
    {
        const ulong firstVersionSize = 64;
        const ulong knownSize = 88;
        ulong size = arguments.A1;
        if (size > UserAddress.PageSize)
        {
            return Errno.E2BIG;
        }

        if (size < firstVersionSize)
        {
            return Errno.EINVAL;
        }

        Errno error = CloneArgumentsReader.Read(task, new UserAddress(arguments.A0), (int)size, (int)knownSize, out CloneArguments values);
        if (error != Errno.None)
        {
            return error;
        }

        bool hasStack = values.Stack != 0;
        if (values.SetIds != 0 || values.SetIdCount != 0 || values.ControlGroup != 0
            || hasStack != (values.StackSize != 0)
            || (values.Flags & CloneFlags.ExitSignalMask) != 0 || (values.Flags & CloneFlags.CLONE_DETACHED) != 0
            || values.ExitSignal > SignalNumber.Maximum
            || ((values.Flags & (CloneFlags.CLONE_THREAD | CloneFlags.CLONE_PARENT)) != 0 && values.ExitSignal != 0))
        {
            return Errno.EINVAL;
        }

        return TaskCreation.Clone(task, new CloneRequest
        {
            Flags = values.Flags,
            ExitSignal = (int)values.ExitSignal,
            StackPointer = hasStack ? unchecked(values.Stack + values.StackSize) : 0,
            ParentId = new UserAddress(values.ParentId),
            ChildId = new UserAddress(values.ChildId),
            ThreadPointer = values.ThreadPointer,
        });
    }

    private static Result Exit(Task task, in SystemCallArguments arguments)
    {
        TaskExit.Exit(task, WaitStatuses.Exited(arguments.Int0));
        return Result.Success;
    }

    private static Result ExitGroup(Task task, in SystemCallArguments arguments)
    {
        task.Process.BeginEnd(WaitStatuses.Exited(arguments.Int0));
        TaskExit.Exit(task, task.Process.WaitStatus);
        return Result.Success;
    }

    private static Result GetProcessId(Task task, in SystemCallArguments arguments) => task.Process.Id;

    private static Result GetTaskId(Task task, in SystemCallArguments arguments) => task.Id;

    private static Result GetParentId(Task task, in SystemCallArguments arguments)
    {
        Process? parent = task.Process.Parent;
        return parent is null ? 0 : parent.Id;
    }

    private static Result GetOwnGroup(Task task, in SystemCallArguments arguments) => task.Process.Group.Id;

    private static Result GetGroup(Task task, in SystemCallArguments arguments)
    {
        Process? process = Find(task, arguments.Int0);
        return process is null ? Errno.ESRCH : process.Group.Id;
    }

    private static Result GetSession(Task task, in SystemCallArguments arguments)
    {
        Process? process = Find(task, arguments.Int0);
        return process is null ? Errno.ESRCH : process.Session.Id;
    }

    private static Process? Find(Task task, int id) => id == 0 ? task.Process : task.Kernel.Processes.FindProcess(id);

    private static Result SetGroup(Task task, in SystemCallArguments arguments)
    {
        Process self = task.Process;
        int id = arguments.Int0;
        int groupId = arguments.Int1 == 0 ? id : arguments.Int1;
        if (groupId < 0)
        {
            return Errno.EINVAL;
        }

        Process? process = Find(task, id);
        if (process is null || (process != self && process.Parent != self))
        {
            return Errno.ESRCH;
        }

        if (process != self)
        {
            if (process.Session != self.Session)
            {
                return Errno.EPERM;
            }

            if (process.HasExecuted)
            {
                return Errno.EACCES;
            }
        }

        if (process.Session.Id == process.Id)
        {
            return Errno.EPERM; // a session's leader stays in its group
        }

        groupId = groupId == 0 ? process.Id : groupId;
        ProcessGroup? group = task.Kernel.Processes.FindGroup(groupId);
        if (groupId != process.Id ? group is null || group.Session != process.Session : group is not null && group.Session != process.Session)
        {
            return Errno.EPERM;
        }

        if (process.Group != group)
        {
            MoveTo(process, group ?? CreateGroup(task.Kernel, groupId, process.Session));
        }

        return Result.Success;
    }

    private static Result SetSession(Task task, in SystemCallArguments arguments)
    {
        Process process = task.Process;
        ProcessTable processes = task.Kernel.Processes;
        if (processes.FindGroup(process.Id) is not null)
        {
            return Errno.EPERM;
        }

        var session = new Session(process.Id);
        processes.Add(session);
        MoveTo(process, CreateGroup(task.Kernel, process.Id, session));
        return process.Id;
    }

    private static ProcessGroup CreateGroup(LinuxKernel kernel, int id, Session session)
    {
        var group = new ProcessGroup(id, session);
        kernel.Processes.Add(group);
        return group;
    }

    private static void MoveTo(Process process, ProcessGroup group)
    {
        ProcessGroup old = process.Group;
        old.Remove(process);
        process.Group = group;
        group.Add(process);
        TaskExit.LeaveGroup(process.Kernel, old);
    }

    private static Result SetClearAddress(Task task, in SystemCallArguments arguments)
    {
        task.ClearChildId = new UserAddress(arguments.A0);
        return task.Id;
    }

    private static Result SetRobustList(Task task, in SystemCallArguments arguments)
    {
        if (arguments.A1 != RobustListSize)
        {
            return Errno.EINVAL;
        }

        task.RobustList = new UserAddress(arguments.A0);
        return Result.Success;
    }

    private static Result GetRobustList(Task task, in SystemCallArguments arguments)
    {
        Task? target = arguments.Int0 == 0 ? task : task.Kernel.Processes.FindTask(arguments.Int0);
        if (target is null)
        {
            return Errno.ESRCH;
        }

        if (target.Process != task.Process && !task.Credentials.Has(Capability.Trace))
        {
            return Errno.EPERM;
        }

        bool isStored = new UserPointer<Word64>(arguments.A2).TryWrite(task.UserMemory, new Word64 { Value = RobustListSize })
            && new UserPointer<Word64>(arguments.A1).TryWrite(task.UserMemory, new Word64 { Value = target.RobustList.Value });
        return isStored ? Result.Success : Errno.EFAULT;
    }

    private static Result ArchitectureControl(Task task, in SystemCallArguments arguments)
    {
        ulong value = arguments.A1;
        switch (arguments.Int0)
        {
            case ARCH_SET_FS or ARCH_SET_GS when value >= UserAddress.Limit:
                return Errno.EPERM;

            case ARCH_SET_FS:
                task.Thread.FsBase = value;
                return Result.Success;

            case ARCH_SET_GS:
                task.Thread.GsBase = value;
                return Result.Success;

            case ARCH_GET_FS:
                return Store(task, value, task.Thread.FsBase);

            case ARCH_GET_GS:
                return Store(task, value, task.Thread.GsBase);

            default:
                return Errno.EINVAL;
        }
    }

    private static Result Store(Task task, ulong address, ulong value) =>
        new UserPointer<Word64>(address).TryWrite(task.UserMemory, new Word64 { Value = value }) ? Result.Success : Errno.EFAULT;

    private static Result SetPersonality(Task task, in SystemCallArguments arguments)
    {
        uint old = task.Process.Personality;
        uint wanted = (uint)arguments.A0;
        if (wanted != uint.MaxValue)
        {
            task.Process.Personality = wanted;
        }

        return (long)old;
    }
}
