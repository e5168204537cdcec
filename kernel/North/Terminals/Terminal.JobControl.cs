using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.Signals;

namespace LiteBox.North.Terminals;

// Job control: who may read, write and set up, and whose terminal it is (setpgid(2), tty_ioctl(4), credentials(7)).
internal sealed partial class Terminal
{
    /// <summary>
    /// A background process that uses its terminal is stopped by <paramref name="signal"/>: ERESTARTSYS, or EIO where stopping makes no sense
    /// (__tty_check_change). For SIGTTOU, a process that ignores or blocks it may go on.
    /// </summary>
    public Errno CheckForeground(Task task, int signal)
    {
        Process process = task.Process;
        if (process.Session.ControllingTerminal != this || ForegroundGroup is null || ForegroundGroup == process.Group)
        {
            return Errno.None;
        }

        bool isIgnored = (task.BlockedSignals & SignalMask.Of(signal)) != 0 || process.Actions[signal].Handler == SignalAction.Ignore;
        if (isIgnored)
        {
            return signal == SignalNumber.SIGTTIN ? Errno.EIO : Errno.None;
        }

        if (process.Group.IsOrphaned)
        {
            return Errno.EIO;
        }

        SignalSending.SendToGroup(process.Group, SignalInfo.FromKernel(signal));
        return Errno.ERESTARTSYS;
    }

    /// <summary>open(2) of a terminal without O_NOCTTY: a session leader without a terminal gets this one, if it is nobody's.</summary>
    public void BecomeControllingAtOpen(Task task)
    {
        Session session = task.Process.Session;
        if (session.Id == task.Process.Id && session.ControllingTerminal is null && Session is null)
        {
            Control(session, task.Process.Group);
        }
    }

    /// <summary>TIOCSCTTY. EPERM; with <paramref name="steals"/> root takes it from another session.</summary>
    public Errno BecomeControlling(Task task, bool steals)
    {
        Session session = task.Process.Session;
        bool isLeader = session.Id == task.Process.Id;
        if (isLeader && session == Session)
        {
            return Errno.None;
        }

        if (!isLeader || session.ControllingTerminal is not null)
        {
            return Errno.EPERM;
        }

        if (Session is not null)
        {
            if (!steals || !task.Credentials.Has(Capability.Administer))
            {
                return Errno.EPERM;
            }

            Session.ControllingTerminal = null;
        }

        Control(session, task.Process.Group);
        return Errno.None;
    }

    /// <summary>TIOCNOTTY: the process gives up its terminal; when the leader does, the whole session does, and the foreground group is told.</summary>
    public Errno GiveUp(Task task)
    {
        Session session = task.Process.Session;
        if (session.ControllingTerminal != this)
        {
            return Errno.ENOTTY;
        }

        if (session.Id != task.Process.Id)
        {
            return Errno.None;
        }

        if (ForegroundGroup is { } group)
        {
            SignalSending.SendToGroup(group, SignalInfo.FromKernel(SignalNumber.SIGHUP));
            SignalSending.SendToGroup(group, SignalInfo.FromKernel(SignalNumber.SIGCONT));
        }

        session.ControllingTerminal = null;
        Session = null;
        ForegroundGroup = null;
        return Errno.None;
    }

    /// <summary>TIOCSPGRP: ENOTTY, EINVAL, ESRCH, EPERM.</summary>
    public Errno SetForegroundGroup(Task task, int id)
    {
        Errno error = CheckForeground(task, SignalNumber.SIGTTOU);
        if (error != Errno.None)
        {
            return error == Errno.EIO ? Errno.ENOTTY : error;
        }

        Session session = task.Process.Session;
        if (session.ControllingTerminal != this)
        {
            return Errno.ENOTTY;
        }

        if (id < 0)
        {
            return Errno.EINVAL;
        }

        ProcessGroup? group = kernel.Processes.FindGroup(id);
        if (group is null)
        {
            return Errno.ESRCH;
        }

        if (group.Session != session)
        {
            return Errno.EPERM;
        }

        ForegroundGroup = group;
        return Errno.None;
    }

    private void Control(Session session, ProcessGroup group)
    {
        session.ControllingTerminal = this;
        Session = session;
        ForegroundGroup = group;
    }
}
