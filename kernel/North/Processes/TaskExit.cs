using System;
using LiteBox.North.Futexes;
using LiteBox.North.Memory;
using LiteBox.North.Signals;
using LiteBox.Platform;

namespace LiteBox.North.Processes;

/// <summary>Ends tasks and processes, and hands on what they leave behind.</summary>
internal static class TaskExit
{
    /// <summary>Ends the running task. With the last one the process ends with <paramref name="waitStatus"/>, unless its end was decided before.</summary>
    public static void Exit(Task task, int waitStatus)
    {
        Process process = task.Process;
        ReleaseUserMemoryClaims(task);
        task.Files.Release(task);
        process.EndedRunTime += task.Thread.RunTime;
        process.LastUserId = task.Credentials.UserId;
        process.EndedName = task.Name;
        task.PendingSignals.Discard(ulong.MaxValue, task.Kernel.SignalPool);
        process.Remove(task);
        task.Kernel.Processes.Remove(task);
        task.Thread.PageTable = task.Kernel.EmptyPageTable;
        task.MarkEnded();
        if (process.TaskCount == 0)
        {
            EndProcess(task, process, waitStatus);
        }
        else if (process.TaskCount == 1)
        {
            process.Resumed.WakeAll(); // an execve of another thread waits to be alone
        }
    }

    /// <summary>A process and those it waits for go out of the tables: its parent has seen how it ended.</summary>
    public static void Reap(Process process)
    {
        LinuxKernel kernel = process.Kernel;
        process.Parent?.RemoveChild(process);
        process.Parent = null;
        ProcessGroup group = process.Group;
        group.Remove(process);
        kernel.Processes.Remove(process);
        LeaveGroup(kernel, group);
    }

    /// <summary>A group that may be empty now: then it is gone, and with its last group the session.</summary>
    public static void LeaveGroup(LinuxKernel kernel, ProcessGroup group)
    {
        if (!group.IsEmpty)
        {
            return;
        }

        kernel.Processes.Remove(group);
        Session session = group.Session;
        if (session.ControllingTerminal is { } terminal && terminal.ForegroundGroup == group)
        {
            terminal.ForegroundGroup = null;
        }

        if (--session.GroupCount == 0)
        {
            kernel.Processes.Remove(session);
        }
    }

    // The robust list and the thread's id: what other threads wait on in the memory that this one is about to leave.
    public static void ReleaseUserMemoryClaims(Task task)
    {
        RobustFutexes.Release(task);
        if (!task.ClearChildId.IsNull && (task.Process.TaskCount > 1 || task.Process.Memory!.IsShared))
        {
            Span<byte> zero = stackalloc byte[sizeof(int)];
            zero.Clear();
            if (task.UserMemory.TryWrite(task.ClearChildId, zero))
            {
                task.Kernel.Futexes.Wake(task, task.ClearChildId, isPrivate: false, 1, uint.MaxValue);
            }
        }

        task.ClearChildId = default;
    }

    private static void EndProcess(Task last, Process process, int waitStatus)
    {
        process.BeginEnd(waitStatus);
        process.Timers.Cancel();
        process.PosixTimers.DeleteAll();
        AddressSpace memory = process.Memory!;
        process.Memory = null;
        memory.Release();
        process.EndVfork();
        process.Executable?.Release(last);
        process.Executable = null;
        process.PendingSignals.Discard(ulong.MaxValue, process.Kernel.SignalPool);
        if (process.IsInit)
        {
            process.Kernel.EndWorkload(process.WaitStatus);
        }

        LeaveSession(process);
        ReparentChildren(process);
        HangUpOrphans(process.Group, process);
        BecomeZombie(process);
    }

    // The session's leader takes the terminal along: who works on it hears SIGHUP.
    private static void LeaveSession(Process process)
    {
        Session session = process.Session;
        if (session.Id != process.Id || session.ControllingTerminal is not { } terminal)
        {
            return;
        }

        if (terminal.ForegroundGroup is { } foreground)
        {
            SignalSending.SendToGroup(foreground, SignalInfo.FromKernel(SignalNumber.SIGHUP));
            SignalSending.SendToGroup(foreground, SignalInfo.FromKernel(SignalNumber.SIGCONT));
        }

        terminal.ForegroundGroup = null;
        terminal.Session = null;
        session.ControllingTerminal = null;
    }

    private static void ReparentChildren(Process process)
    {
        Process heir = FindHeir(process);
        while (process.FirstChild is { } child)
        {
            process.RemoveChild(child);
            heir.AddChild(child);
            Task? task = child.FirstTask;
            if (task is not null && task.ParentDeathSignal != 0)
            {
                SignalSending.SendToProcess(child, SignalInfo.FromProcess(task.ParentDeathSignal, SignalInfo.SI_USER, process.Id, process.LastUserId));
            }

            if (child.IsZombie)
            {
                child.ExitSignal = SignalNumber.SIGCHLD;
                BecomeZombie(child);
            }
            else
            {
                HangUpOrphans(child.Group, process);
            }
        }
    }

    private static Process FindHeir(Process process)
    {
        for (Process? ancestor = process.Parent; ancestor is not null; ancestor = ancestor.Parent)
        {
            if (ancestor.IsSubreaper && !ancestor.IsEnding)
            {
                return ancestor;
            }
        }

        return process.Kernel.Processes.FindProcess(1)!;
    }

    // A group that has just lost its last link to the rest of its session and has a stopped member: nobody could continue it (POSIX, exit).
    private static void HangUpOrphans(ProcessGroup group, Process leaving)
    {
        bool hasStopped = false;
        for (Process? member = group.FirstMember; member is not null; member = member.NextInGroup)
        {
            hasStopped |= member.IsStopped && member != leaving;
        }

        if (hasStopped && group.IsOrphaned)
        {
            SignalSending.SendToGroup(group, SignalInfo.FromKernel(SignalNumber.SIGHUP));
            SignalSending.SendToGroup(group, SignalInfo.FromKernel(SignalNumber.SIGCONT));
        }
    }

    // A parent that ignores SIGCHLD never waits: then nothing stays (wait(2), NOTES).
    private static void BecomeZombie(Process process)
    {
        process.IsZombie = true;
        Process parent = process.Parent!;
        SignalAction action = parent.Actions[SignalNumber.SIGCHLD];
        bool isUnwanted = process.ExitSignal == SignalNumber.SIGCHLD
            && (action.Handler == SignalAction.Ignore || action.Has(SignalAction.SA_NOCLDWAIT));
        if (process.ExitSignal != 0 && !(isUnwanted && action.Handler == SignalAction.Ignore))
        {
            SignalInfo info = process.ExitInfo();
            SignalSending.SendToProcess(
                parent, new SignalInfo(process.ExitSignal, info.Code, 0, info.Word0, info.Word1, info.Word2, info.Word3));
        }

        if (isUnwanted)
        {
            Reap(process);
        }

        parent.ChildChanged.WakeAll();
    }
}
