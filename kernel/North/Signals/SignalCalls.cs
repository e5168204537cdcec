using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;
using LiteBox.North.Time;
using LiteBox.Platform;
using static LiteBox.Abi.SystemCallNumber;

namespace LiteBox.North.Signals;

/// <summary>The system calls of signal(7).</summary>
internal static class SignalCalls
{
    /// <summary>sizeof(sigset_t) as the kernel has it.</summary>
    private const ulong SetSize = sizeof(ulong);

    private const int SIG_BLOCK = 0;
    private const int SIG_UNBLOCK = 1;
    private const int SIG_SETMASK = 2;

    // The flags that a program may read back (UAPI_SA_FLAGS without SA_UNSUPPORTED in include/linux/signal_types.h).
    private const ulong KnownFlags = SignalAction.SA_NOCLDSTOP | SignalAction.SA_NOCLDWAIT | SignalAction.SA_SIGINFO | SignalAction.SA_RESTORER
        | SignalAction.SA_ONSTACK | SignalAction.SA_RESTART | SignalAction.SA_NODEFER | SignalAction.SA_RESETHAND;

    public static void AddTo(SystemCallTable table)
    {
        table.Add(rt_sigaction, SetAction);
        table.Add(rt_sigprocmask, ChangeMask);
        table.Add(rt_sigpending, GetPending);
        table.Add(rt_sigsuspend, Suspend);
        table.Add(rt_sigtimedwait, WaitForSignal);
        table.Add(rt_sigqueueinfo, Queue);
        table.Add(rt_tgsigqueueinfo, QueueToTask);
        table.Add(rt_sigreturn, Return);
        table.Add(sigaltstack, SetStack);
        table.Add(kill, Kill);
        table.Add(tkill, KillTask);
        table.Add(tgkill, KillTaskOfGroup);
        table.Add(pause, Pause);
        table.Add(restart_syscall, Restart);
    }

    private static Result SetAction(Task task, in SystemCallArguments arguments)
    {
        int signal = arguments.Int0;
        if (arguments.A3 != SetSize)
        {
            return Errno.EINVAL;
        }

        SignalActionRecord wanted = default;
        if (arguments.A1 != 0 && !new UserPointer<SignalActionRecord>(arguments.A1).TryRead(task.UserMemory, out wanted))
        {
            return Errno.EFAULT;
        }

        bool isFixed = signal is SignalNumber.SIGKILL or SignalNumber.SIGSTOP;
        if (signal is < 1 or > SignalNumber.Maximum || (isFixed && arguments.A1 != 0))
        {
            return Errno.EINVAL;
        }

        SignalActions actions = task.Process.Actions;
        SignalAction old = actions[signal];
        if (arguments.A1 != 0)
        {
            actions[signal] = new SignalAction(wanted.Handler, wanted.Flags & KnownFlags, wanted.Restorer, wanted.Mask & ~SignalMask.Unblockable);
            if (actions.IsIgnored(signal))
            {
                DiscardPending(task.Process, SignalMask.Of(signal));
            }
        }

        if (arguments.A2 == 0)
        {
            return Result.Success;
        }

        var answer = new SignalActionRecord { Handler = old.Handler, Flags = old.Flags, Restorer = old.Restorer, Mask = old.Mask };
        return new UserPointer<SignalActionRecord>(arguments.A2).TryWrite(task.UserMemory, answer) ? Result.Success : Errno.EFAULT;
    }

    private static void DiscardPending(Process process, ulong mask)
    {
        process.PendingSignals.Discard(mask, process.Kernel.SignalPool);
        for (Task? task = process.FirstTask; task is not null; task = task.NextInProcess)
        {
            task.PendingSignals.Discard(mask, process.Kernel.SignalPool);
        }
    }

    private static Result ChangeMask(Task task, in SystemCallArguments arguments)
    {
        if (arguments.A3 != SetSize)
        {
            return Errno.EINVAL;
        }

        ulong old = task.BlockedSignals;
        if (arguments.A1 != 0)
        {
            if (!new UserPointer<Word64>(arguments.A1).TryRead(task.UserMemory, out Word64 set))
            {
                return Errno.EFAULT;
            }

            switch (arguments.Int0)
            {
                case SIG_BLOCK:
                    task.SetBlockedSignals(old | set.Value);
                    break;
                case SIG_UNBLOCK:
                    task.SetBlockedSignals(old & ~set.Value);
                    break;
                case SIG_SETMASK:
                    task.SetBlockedSignals(set.Value);
                    break;
                default:
                    return Errno.EINVAL;
            }
        }

        return arguments.A2 == 0 ? Result.Success : StoreSet(task, arguments.A2, old);
    }

    private static Result GetPending(Task task, in SystemCallArguments arguments) =>
        arguments.A1 > SetSize
            ? Errno.EINVAL
            : StoreSet(task, arguments.A0, (task.PendingSignals.Mask | task.Process.PendingSignals.Mask) & task.BlockedSignals);

    private static Result StoreSet(Task task, ulong address, ulong set) =>
        new UserPointer<Word64>(address).TryWrite(task.UserMemory, new Word64 { Value = set }) ? Result.Success : Errno.EFAULT;

    // Both end by a signal only. One that runs no handler (a stop) lets the call begin anew.
    private static Result Suspend(Task task, in SystemCallArguments arguments)
    {
        if (arguments.A1 != SetSize)
        {
            return Errno.EINVAL;
        }

        if (!new UserPointer<Word64>(arguments.A0).TryRead(task.UserMemory, out Word64 set))
        {
            return Errno.EFAULT;
        }

        task.ReplaceMask(set.Value);
        return Pause(task, arguments);
    }

    private static Result Pause(Task task, in SystemCallArguments arguments)
    {
        while (task.Wait(task.Kernel.Sleepers) == Errno.None)
        {
        }

        return Errno.ERESTARTNOHAND;
    }

    private static Result WaitForSignal(Task task, in SystemCallArguments arguments)
    {
        if (arguments.A3 != SetSize)
        {
            return Errno.EINVAL;
        }

        if (!new UserPointer<Word64>(arguments.A0).TryRead(task.UserMemory, out Word64 set))
        {
            return Errno.EFAULT;
        }

        ulong deadline = Scheduler.Never;
        if (arguments.A2 != 0)
        {
            Errno error = UserTime.ReadSpan(task, arguments.A2, out ulong span);
            if (error != Errno.None)
            {
                return error;
            }

            deadline = UserTime.After(task, span);
        }

        ulong wanted = set.Value & ~SignalMask.Unblockable;
        if (!SignalDelivery.TryTake(task, wanted, out SignalInfo info))
        {
            task.SignalsWaitedFor = wanted;
            Errno result = task.Wait(task.Kernel.Sleepers, deadline);
            task.SignalsWaitedFor = 0;
            if (!SignalDelivery.TryTake(task, wanted, out info))
            {
                return result == Errno.ETIMEDOUT ? Errno.EAGAIN : Errno.EINTR;
            }
        }

        if (arguments.A1 != 0 && !new UserPointer<SignalInfoRecord>(arguments.A1).TryWrite(task.UserMemory, SignalFrame.ToRecord(info)))
        {
            return Errno.EFAULT;
        }

        return info.Signal;
    }

    private static Result Queue(Task task, in SystemCallArguments arguments)
    {
        Errno error = ReadInfo(task, arguments.A2, arguments.Int1, arguments.Int0, out SignalInfo info);
        return error != Errno.None ? error : SendTo(task, task.Kernel.Processes.FindProcess(arguments.Int0), null, info);
    }

    private static Result QueueToTask(Task task, in SystemCallArguments arguments)
    {
        if (arguments.Int0 <= 0 || arguments.Int1 <= 0)
        {
            return Errno.EINVAL;
        }

        Errno error = ReadInfo(task, arguments.A3, arguments.Int2, arguments.Int1, out SignalInfo info);
        if (error != Errno.None)
        {
            return error;
        }

        Task? target = task.Kernel.Processes.FindTask(arguments.Int1);
        return target is null || target.Process.Id != arguments.Int0 ? Errno.ESRCH : SendTo(task, target.Process, target, info);
    }

    // A program may say anything to itself; to others nothing that looks like the kernel's or kill's (rt_sigqueueinfo(2)).
    private static Errno ReadInfo(Task task, ulong address, int signal, int targetId, out SignalInfo info)
    {
        info = default;
        if (!new UserPointer<SignalInfoRecord>(address).TryRead(task.UserMemory, out SignalInfoRecord record))
        {
            return Errno.EFAULT;
        }

        info = SignalFrame.FromRecord(record, signal);
        bool isOwn = targetId == task.Id || targetId == task.Process.Id;
        return (info.Code >= 0 || info.Code == SignalInfo.SI_TKILL) && !isOwn ? Errno.EPERM : Errno.None;
    }

    private static Result Return(Task task, in SystemCallArguments arguments)
    {
        ref UserRegisters registers = ref task.Thread.Registers;
        if (!SignalFrame.TryPop(task, ref registers))
        {
            SignalSending.SendFault(task, SignalInfo.FromKernel(SignalNumber.SIGSEGV));
        }

        return Result.FromAddress(registers.Rax);
    }

    private static Result SetStack(Task task, in SystemCallArguments arguments)
    {
        SignalStack old = task.SignalStack;
        ulong stackPointer = task.Thread.Registers.Rsp;
        if (arguments.A0 != 0)
        {
            if (!new UserPointer<SignalStackRecord>(arguments.A0).TryRead(task.UserMemory, out SignalStackRecord wanted))
            {
                return Errno.EFAULT;
            }

            Errno error = SignalStackChange.Set(task, new SignalStack(wanted.Address, wanted.Size, wanted.Flags), stackPointer);
            if (error != Errno.None)
            {
                return error;
            }
        }

        if (arguments.A1 == 0)
        {
            return Result.Success;
        }

        int flags = old.Size == 0 ? SignalStack.SS_DISABLE : old.Contains(stackPointer) ? old.Flags | SignalStack.SS_ONSTACK : old.Flags;
        var answer = new SignalStackRecord { Address = old.Address, Size = old.Size, Flags = flags };
        return new UserPointer<SignalStackRecord>(arguments.A1).TryWrite(task.UserMemory, answer) ? Result.Success : Errno.EFAULT;
    }

    private static Result Kill(Task task, in SystemCallArguments arguments)
    {
        int id = arguments.Int0;
        int signal = arguments.Int1;
        SignalInfo info = SignalInfo.FromProcess(signal, SignalInfo.SI_USER, task.Process.Id, task.Credentials.UserId);
        if ((uint)signal > SignalNumber.Maximum)
        {
            return Errno.EINVAL;
        }

        if (id > 0)
        {
            return SendTo(task, task.Kernel.Processes.FindProcess(id), null, info);
        }

        if (id == -1)
        {
            return KillAll(task, info);
        }

        if (id == int.MinValue)
        {
            return Errno.ESRCH;
        }

        ProcessGroup? group = id == 0 ? task.Process.Group : task.Kernel.Processes.FindGroup(-id);
        return group is null ? Errno.ESRCH : KillGroup(task, group, info);
    }

    private static Result KillGroup(Task task, ProcessGroup group, in SignalInfo info)
    {
        Result result = Errno.ESRCH;
        bool hasReached = false;
        for (Process? member = group.FirstMember; member is not null; member = member.NextInGroup)
        {
            Result one = SendTo(task, member, null, info);
            hasReached |= !one.IsError;
            result = one;
        }

        return hasReached ? Result.Success : result;
    }

    private static Result KillAll(Task task, in SignalInfo info)
    {
        Result result = Errno.ESRCH;
        for (Process? process = task.Kernel.Processes.NextProcess(1); process is not null; process = task.Kernel.Processes.NextProcess(process.Id))
        {
            if (process != task.Process)
            {
                Result one = SendTo(task, process, null, info);
                result = one.Error == Errno.EPERM ? result : one;
            }
        }

        return result;
    }

    private static Result KillTask(Task task, in SystemCallArguments arguments) =>
        arguments.Int0 <= 0 ? Errno.EINVAL : KillTask(task, 0, arguments.Int0, arguments.Int1);

    private static Result KillTaskOfGroup(Task task, in SystemCallArguments arguments) =>
        arguments.Int0 <= 0 || arguments.Int1 <= 0 ? Errno.EINVAL : KillTask(task, arguments.Int0, arguments.Int1, arguments.Int2);

    private static Result KillTask(Task task, int processId, int id, int signal)
    {
        if ((uint)signal > SignalNumber.Maximum)
        {
            return Errno.EINVAL;
        }

        Task? target = task.Kernel.Processes.FindTask(id);
        if (target is null || (processId != 0 && target.Process.Id != processId))
        {
            return Errno.ESRCH;
        }

        return SendTo(task, target.Process, target, SignalInfo.FromProcess(signal, SignalInfo.SI_TKILL, task.Process.Id, task.Credentials.UserId));
    }

    private static Result SendTo(Task task, Process? process, Task? target, in SignalInfo info)
    {
        if (process is null)
        {
            return Errno.ESRCH;
        }

        if ((uint)info.Signal > SignalNumber.Maximum)
        {
            return Errno.EINVAL;
        }

        if (process != task.Process && !MaySignal(task, process, info.Signal))
        {
            return Errno.EPERM;
        }

        if (info.Signal == 0)
        {
            return Result.Success;
        }

        return target is null ? SignalSending.SendToProcess(process, info) : SignalSending.SendToTask(target, info);
    }

    // Another process; kill(2): the sender's real or effective user is the target's real or saved one; SIGCONT reaches the whole session.
    private static bool MaySignal(Task task, Process process, int signal)
    {
        Credentials own = task.Credentials;
        if (own.Has(Capability.Kill) || (signal == SignalNumber.SIGCONT && process.Session == task.Process.Session))
        {
            return true;
        }

        Credentials? other = process.FirstTask?.Credentials;
        uint real = other?.UserId ?? process.LastUserId;
        uint saved = other?.SavedUserId ?? process.LastUserId;
        return own.EffectiveUserId == real || own.EffectiveUserId == saved || own.UserId == real || own.UserId == saved;
    }

    private static Result Restart(Task task, in SystemCallArguments arguments) =>
        task.TakeRestart() is { } handler ? handler(task, arguments) : Errno.EINTR;
}
