using LiteBox.Abi;
using LiteBox.North.Processes;
using static LiteBox.North.Signals.SignalNumber;

namespace LiteBox.North.Signals;

/// <summary>
/// Sends signals. Nothing here waits or allocates, so that terminals and timers can send from <c>Received</c> and <c>Expired</c>.
/// Permission is the caller's business.
/// </summary>
internal static class SignalSending
{
    /// <summary>Sends to a process: any of its tasks that does not block the signal takes it. EAGAIN: no room for a real-time signal.</summary>
    public static Errno SendToProcess(Process process, in SignalInfo info) => Send(process, null, info, force: false);

    /// <summary>Sends to one task. EAGAIN: no room for a real-time signal.</summary>
    public static Errno SendToTask(Task task, in SignalInfo info) => Send(task.Process, task, info, force: false);

    /// <summary>
    /// Sends a fault to the task that caused it: a signal that is blocked or ignored kills, since the instruction cannot go on.
    /// </summary>
    public static void SendFault(Task task, in SignalInfo info)
    {
        SignalAction action = task.Process.Actions[info.Signal];
        bool isBlocked = (task.BlockedSignals & SignalMask.Of(info.Signal)) != 0;
        if (isBlocked || action.Handler == SignalAction.Ignore)
        {
            task.Process.Actions[info.Signal] = default;
            task.BlockedSignals &= ~SignalMask.Of(info.Signal);
        }

        task.IsFaulting = true;
        Send(task.Process, task, info, force: true);
    }

    /// <summary>Sends to every process of a group.</summary>
    public static void SendToGroup(ProcessGroup group, in SignalInfo info)
    {
        for (Process? member = group.FirstMember; member is not null; member = member.NextInGroup)
        {
            SendToProcess(member, info);
        }
    }

    private static Errno Send(Process process, Task? target, in SignalInfo info, bool force)
    {
        int signal = info.Signal;
        if (process.IsZombie)
        {
            return Errno.None;
        }

        PrepareStopAndContinue(process, signal);
        if (!force && IsDiscarded(process, target, signal))
        {
            return Errno.None;
        }

        PendingSignals pending = target is null ? process.PendingSignals : target.PendingSignals;
        bool isStandard = signal < SIGRTMIN;
        if (isStandard && pending.Contains(signal))
        {
            return Errno.None;
        }

        QueuedSignal? entry = process.Kernel.SignalPool.Take(info);
        if (entry is null && !isStandard && info.Code != SignalInfo.SI_USER)
        {
            return Errno.EAGAIN;
        }

        pending.Add(signal, entry);
        WakeTaker(process, target, signal);
        return Errno.None;
    }

    // A signal whose action is to be ignored is thrown away at once, unless it is blocked: the action may change before it is unblocked
    // (POSIX leaves it open; Linux keeps it). The first process is immune to what it has no handler for.
    private static bool IsDiscarded(Process process, Task? target, int signal)
    {
        Task? task = target ?? process.FirstTask;
        bool isKept = task is not null && ((task.BlockedSignals | task.SignalsWaitedFor) & SignalMask.Of(signal)) != 0;
        return !isKept && (process.Actions.IsIgnored(signal) || (process.IsInit && process.Actions[signal].Handler == SignalAction.Default));
    }

    // SIGCONT undoes pending stops and continues a stopped process even where it is blocked or ignored; a stop signal undoes a pending SIGCONT.
    private static void PrepareStopAndContinue(Process process, int signal)
    {
        if (signal == SIGCONT)
        {
            DiscardPending(process, SignalMask.Stopping);
            process.Continue();
        }
        else if (signal == SIGKILL)
        {
            process.ResumeForKill();
        }
        else if ((SignalMask.Of(signal) & SignalMask.Stopping) != 0)
        {
            DiscardPending(process, SignalMask.Of(SIGCONT));
        }
    }

    private static void DiscardPending(Process process, ulong mask)
    {
        process.PendingSignals.Discard(mask, process.Kernel.SignalPool);
        for (Task? task = process.FirstTask; task is not null; task = task.NextInProcess)
        {
            task.PendingSignals.Discard(mask, process.Kernel.SignalPool);
        }
    }

    private static void WakeTaker(Process process, Task? target, int signal)
    {
        if (target is not null)
        {
            WakeIfWanted(target, signal);
            return;
        }

        for (Task? task = process.FirstTask; task is not null; task = task.NextInProcess)
        {
            if (WakeIfWanted(task, signal) && signal != SIGKILL)
            {
                return;
            }
        }
    }

    private static bool WakeIfWanted(Task task, int signal)
    {
        ulong wanted = ~task.BlockedSignals | task.SignalsWaitedFor | SignalMask.Of(SIGKILL);
        if ((wanted & SignalMask.Of(signal)) == 0)
        {
            return false;
        }

        task.Thread.RequestReturnWork();
        return true;
    }
}
