using LiteBox.North.Files;
using LiteBox.North.Signals;
using LiteBox.North.Time;
using LiteBox.Platform;

namespace LiteBox.North.Processes;

// The state of a process beyond its place among the others.
internal sealed partial class Process
{
    /// <summary>si_code values of SIGCHLD (sigaction(2)).</summary>
    public const int CLD_EXITED = 1;
    public const int CLD_KILLED = 2;
    public const int CLD_STOPPED = 5;
    public const int CLD_CONTINUED = 6;

    /// <summary>The file that runs (/proc/PID/exe). Null in a process that never called execve or is a zombie.</summary>
    public OpenFile? Executable { get; internal set; }

    /// <summary>The oldest task, whose id the process has; null once it has ended.</summary>
    public Task? Leader => Kernel.Processes.FindTask(Id);

    /// <summary>How it ended, as wait(2) encodes it. Valid for a zombie and while it is ending.</summary>
    public int WaitStatus { get; private set; }

    /// <summary>True once the whole process is to end: its tasks leave as they come by.</summary>
    public bool IsEnding { get; private set; }

    /// <summary>The signal its parent gets when it ends; SIGCHLD, or what clone(2) was told, or 0.</summary>
    public int ExitSignal { get; internal set; } = SignalNumber.SIGCHLD;

    /// <summary>The task that calls execve and waits to be alone: the others end as they come by.</summary>
    public Task? ExclusiveTask { get; internal set; }

    /// <summary>True between a stop signal and SIGCONT.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>The signal that stopped it.</summary>
    public int StopSignal { get; private set; }

    /// <summary>True while a stop has not been reported to a wait(2) with WUNTRACED.</summary>
    public bool HasUnreportedStop { get; internal set; }

    /// <summary>True while a continuation has not been reported to a wait(2) with WCONTINUED.</summary>
    public bool HasUnreportedContinue { get; internal set; }

    /// <summary>Stopped tasks wait here.</summary>
    public WaitQueue Resumed { get; } = new();

    /// <summary>True after its first execve: setpgid(2) by the parent is refused then.</summary>
    public bool HasExecuted { get; internal set; }

    /// <summary>personality(2).</summary>
    public uint Personality { get; internal set; }

    /// <summary>prctl(2) PR_SET_CHILD_SUBREAPER: orphans below it become its children.</summary>
    public bool IsSubreaper { get; internal set; }

    /// <summary>prctl(2) PR_SET_DUMPABLE.</summary>
    public int Dumpable { get; internal set; } = 1;

    /// <summary>Nice value, -20 to 19.</summary>
    public int Nice { get; internal set; }

    /// <summary>/proc/PID/oom_score_adj.</summary>
    public int OutOfMemoryAdjustment { get; internal set; }

    /// <summary>Nanoseconds that its ended tasks ran.</summary>
    public ulong EndedRunTime { get; internal set; }

    /// <summary>Nanoseconds that children ran which it has waited for.</summary>
    public ulong ChildrenRunTime { get; internal set; }

    /// <summary>Page faults that were resolved.</summary>
    public long FaultCount { get; internal set; }

    /// <summary>Page faults of the children that it has waited for.</summary>
    public long ChildrenFaultCount { get; internal set; }

    /// <summary>True until the vfork(2) child has its own memory or has ended: its parent waits.</summary>
    public bool IsVforkChild { get; internal set; }

    /// <summary>The vfork(2) parent waits here.</summary>
    public WaitQueue VforkDone { get; } = new();

    /// <summary>The timers of setitimer(2).</summary>
    public ProcessTimers Timers { get; }

    /// <summary>The timers of timer_create(2).</summary>
    public PosixTimers PosixTimers { get; } = new();

    /// <summary>Nanoseconds that all its tasks ran.</summary>
    public ulong RunTime
    {
        get
        {
            ulong sum = EndedRunTime;
            for (Task? task = FirstTask; task is not null; task = task.NextInProcess)
            {
                sum += task.Thread.RunTime;
            }

            return sum;
        }
    }

    /// <summary>Undoes a stop (SIGCONT) and tells the parent.</summary>
    internal void Continue()
    {
        if (!IsStopped)
        {
            return;
        }

        IsStopped = false;
        HasUnreportedStop = false;
        HasUnreportedContinue = true;
        Resumed.WakeAll();
        NotifyParent(CLD_CONTINUED, SignalNumber.SIGCONT);
    }

    /// <summary>Lets a stopped process run so that SIGKILL can end it.</summary>
    internal void ResumeForKill()
    {
        IsStopped = false;
        Resumed.WakeAll();
    }

    /// <summary>Stops all tasks, each as it comes by on its way to user mode, and tells the parent.</summary>
    internal void Stop(int signal)
    {
        IsStopped = true;
        StopSignal = signal;
        HasUnreportedStop = true;
        HasUnreportedContinue = false;
        RequestReturnOfAll();
        NotifyParent(CLD_STOPPED, signal);
    }

    /// <summary>Ends the process: all tasks leave as they come by. The first reason counts.</summary>
    internal void BeginEnd(int waitStatus)
    {
        if (IsEnding)
        {
            return;
        }

        IsEnding = true;
        WaitStatus = waitStatus;
        IsStopped = false;
        Resumed.WakeAll();
        RequestReturnOfAll();
    }

    /// <summary>The vfork(2) parent may go on.</summary>
    internal void EndVfork()
    {
        if (IsVforkChild)
        {
            IsVforkChild = false;
            VforkDone.WakeAll();
        }
    }

    /// <summary>Every task passes by before it next runs in user mode, and no interruptible wait lasts.</summary>
    internal void RequestReturnOfAll()
    {
        for (Task? task = FirstTask; task is not null; task = task.NextInProcess)
        {
            task.Thread.RequestReturnWork();
        }
    }

    /// <summary>A child of this kind of news: SIGCHLD to the parent unless it does not want it, and its wait(2) looks again.</summary>
    private void NotifyParent(int code, int status)
    {
        Process? parent = Parent;
        if (parent is null)
        {
            return;
        }

        bool isJobControl = code is CLD_STOPPED or CLD_CONTINUED;
        SignalAction action = parent.Actions[SignalNumber.SIGCHLD];
        if (!(isJobControl && action.Has(SignalAction.SA_NOCLDSTOP)))
        {
            SignalSending.SendToProcess(parent, ChildInfo(code, status));
        }

        parent.ChildChanged.WakeAll();
    }

    /// <summary>What SIGCHLD and waitid(2) tell about this process.</summary>
    internal SignalInfo ChildInfo(int code, int status)
    {
        uint user = FirstTask?.Credentials.UserId ?? LastUserId;
        return SignalInfo.FromChild(code, Id, user, status, RunTime / 10_000_000, 0);
    }

    /// <summary>What SIGCHLD and waitid(2) tell about the end of this process.</summary>
    internal SignalInfo ExitInfo() => WaitStatuses.IsExit(WaitStatus)
        ? ChildInfo(CLD_EXITED, WaitStatuses.ExitCode(WaitStatus))
        : ChildInfo(CLD_KILLED, WaitStatuses.Signal(WaitStatus));

    /// <summary>The real user of a zombie.</summary>
    internal uint LastUserId { get; set; }
}
