using LiteBox.Abi;
using LiteBox.North.Signals;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;
using static LiteBox.Abi.SystemCallNumber;

namespace LiteBox.North.Processes;

/// <summary>wait4(2) and waitid(2).</summary>
internal static class WaitCalls
{
    private const ulong WNOHANG = 1;
    private const ulong WUNTRACED = 2;
    private const ulong WEXITED = 4;
    private const ulong WCONTINUED = 8;
    private const ulong WNOWAIT = 0x01000000;
    private const ulong WNOTHREAD = 0x20000000;
    private const ulong WALL = 0x40000000;
    private const ulong WCLONE = 0x80000000;

    private const int P_ALL = 0;
    private const int P_PID = 1;
    private const int P_PGID = 2;

    public static void AddTo(SystemCallTable table)
    {
        table.Add(wait4, Wait);
        table.Add(waitid, WaitId, SystemCallSupport.Partial, notes: "No P_PIDFD.");
    }

    private static Result Wait(Task task, in SystemCallArguments arguments)
    {
        ulong options = (uint)arguments.A2;
        int id = arguments.Int0;
        if ((options & ~(WNOHANG | WUNTRACED | WCONTINUED | WNOTHREAD | WALL | WCLONE)) != 0)
        {
            return Errno.EINVAL;
        }

        if (id == int.MinValue)
        {
            return Errno.ESRCH;
        }

        WaitChoice choice = id == -1 ? new WaitChoice(P_ALL, 0)
            : id == 0 ? new WaitChoice(P_PGID, task.Process.Group.Id)
            : id < 0 ? new WaitChoice(P_PGID, -id) : new WaitChoice(P_PID, id);
        Errno error = Await(task, choice, options | WEXITED, out WaitReport report);
        if (error != Errno.None || report.Process is null)
        {
            return error;
        }

        if (arguments.A1 != 0 && !new UserPointer<Word32>(arguments.A1).TryWrite(task.UserMemory, new Word32 { Value = (uint)report.Status }))
        {
            return Errno.EFAULT;
        }

        if (arguments.A3 != 0 && !new UserPointer<ResourceUsage>(arguments.A3).TryWrite(task.UserMemory, report.Usage))
        {
            return Errno.EFAULT;
        }

        return report.Process.Id;
    }

    private static Result WaitId(Task task, in SystemCallArguments arguments)
    {
        ulong options = (uint)arguments.A3;
        int kind = arguments.Int0;
        int id = arguments.Int1;
        if ((options & ~(WNOHANG | WUNTRACED | WEXITED | WCONTINUED | WNOWAIT | WNOTHREAD | WALL | WCLONE)) != 0
            || (options & (WEXITED | WUNTRACED | WCONTINUED)) == 0
            || kind is < P_ALL or > P_PGID
            || (kind == P_PID && id <= 0) || (kind == P_PGID && id < 0))
        {
            return Errno.EINVAL;
        }

        var choice = new WaitChoice(kind, kind == P_PGID && id == 0 ? task.Process.Group.Id : id);
        Errno error = Await(task, choice, options, out WaitReport report);
        if (report.Process is not null && arguments.A4 != 0
            && !new UserPointer<ResourceUsage>(arguments.A4).TryWrite(task.UserMemory, report.Usage))
        {
            return Errno.EFAULT;
        }

        if (arguments.A2 == 0)
        {
            return error;
        }

        // Linux clears the structure even where it has an error to tell, and a bad pointer comes before that error.
        SignalInfoRecord info = report.Process is null ? default : SignalFrame.ToRecord(report.Info);
        return new UserPointer<SignalInfoRecord>(arguments.A2).TryWrite(task.UserMemory, info) ? error : Errno.EFAULT;
    }

    // None with no process: WNOHANG and nothing to tell.
    private static Errno Await(Task task, in WaitChoice choice, ulong options, out WaitReport report)
    {
        while (true)
        {
            if (TryFind(task, choice, options, out report, out bool hasCandidates))
            {
                return Errno.None;
            }

            if (!hasCandidates)
            {
                return Errno.ECHILD;
            }

            if ((options & WNOHANG) != 0)
            {
                return Errno.None;
            }

            Errno error = task.Wait(task.Process.ChildChanged);
            if (error != Errno.None)
            {
                return error;
            }
        }
    }

    private static bool TryFind(Task task, in WaitChoice choice, ulong options, out WaitReport report, out bool hasCandidates)
    {
        report = default;
        hasCandidates = false;
        for (Process? child = task.Process.FirstChild; child is not null; child = child.NextSibling)
        {
            if (!choice.Includes(child) || !IsOfKind(child, options))
            {
                continue;
            }

            hasCandidates = true;
            bool keeps = (options & WNOWAIT) != 0;
            if (child.IsZombie)
            {
                if ((options & WEXITED) != 0)
                {
                    report = new WaitReport(child, child.WaitStatus, child.ExitInfo());
                    if (!keeps)
                    {
                        task.Process.ChildrenRunTime += child.RunTime + child.ChildrenRunTime;
                        task.Process.ChildrenFaultCount += child.FaultCount + child.ChildrenFaultCount;
                        TaskExit.Reap(child);
                    }

                    return true;
                }
            }
            else if (child.HasUnreportedStop && (options & WUNTRACED) != 0)
            {
                child.HasUnreportedStop = keeps;
                report = new WaitReport(child, WaitStatuses.Stopped(child.StopSignal), child.ChildInfo(Process.CLD_STOPPED, child.StopSignal));
                return true;
            }
            else if (child.HasUnreportedContinue && (options & WCONTINUED) != 0)
            {
                child.HasUnreportedContinue = keeps;
                report = new WaitReport(child, WaitStatuses.Continued, child.ChildInfo(Process.CLD_CONTINUED, SignalNumber.SIGCONT));
                return true;
            }
        }

        return false;
    }

    // Children that do not announce their end with SIGCHLD are "clone" children (wait(2), __WCLONE).
    private static bool IsOfKind(Process child, ulong options) =>
        (options & WALL) != 0 || child.ExitSignal != SignalNumber.SIGCHLD == ((options & WCLONE) != 0);

    private readonly struct WaitChoice
    {
        private readonly int kind;
        private readonly int id;

        public WaitChoice(int kind, int id)
        {
            this.kind = kind;
            this.id = id;
        }

        public bool Includes(Process child) => kind switch
        {
            P_PID => child.Id == id,
            P_PGID => child.Group.Id == id,
            _ => true,
        };
    }

    private readonly struct WaitReport
    {
        public WaitReport(Process process, int status, in SignalInfo info)
        {
            Process = process;
            Status = status;
            Info = info;
            Usage = ResourceUsages.OfWaitedFor(process);
        }

        public Process? Process { get; }

        public int Status { get; }

        public SignalInfo Info { get; }

        public ResourceUsage Usage { get; }
    }
}
