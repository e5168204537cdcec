using System.Diagnostics.CodeAnalysis;
using LiteBox.Abi;
using LiteBox.North.Futexes;
using LiteBox.North.Signals;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Processes;

// What a task keeps between system calls, beyond what its constructor takes.
internal sealed partial class Task
{
    /// <summary>Heap for a place in the futex table with its queue.</summary>
    private const int FutexWaiterBytes = 192;

    private FutexWaiter? futexWaiter;

    /// <summary>Its place in the futex table, made at its first wait. False: there is no heap for it.</summary>
    public bool TryGetFutexWaiter([NotNullWhen(true)] out FutexWaiter? waiter)
    {
        if (futexWaiter is null && Kernel.Machine.Heap.TryReserve(FutexWaiterBytes))
        {
            futexWaiter = new FutexWaiter();
        }

        waiter = futexWaiter;
        return waiter is not null;
    }

    /// <summary>Where the thread library wants a zero and a wake-up when the task ends (set_tid_address(2)).</summary>
    public UserAddress ClearChildId { get; set; }

    /// <summary>The list of robust futexes (set_robust_list(2)).</summary>
    public UserAddress RobustList { get; set; }

    /// <summary>The alternate signal stack.</summary>
    public SignalStack SignalStack { get; set; } = SignalStack.None;

    /// <summary>The mask to go back to when a call that replaced it for its duration (sigsuspend, ppoll) is over.</summary>
    public ulong SavedMask { get; private set; }

    /// <summary>True between <see cref="ReplaceMask"/> and the restoration of the mask.</summary>
    public bool HasSavedMask { get; private set; }

    /// <summary>True once prctl(2) PR_SET_NO_NEW_PRIVS was called: execve gives nothing.</summary>
    public bool HasNoNewPrivileges { get; set; }

    /// <summary>The signal to send when the parent dies (prctl(2) PR_SET_PDEATHSIG); 0: none.</summary>
    public int ParentDeathSignal { get; set; }

    /// <summary>Slack of timers in nanoseconds (prctl(2) PR_SET_TIMERSLACK): kept for the asker; timers here are exact.</summary>
    public ulong TimerSlack { get; set; } = 50_000;

    /// <summary>The call that restart_syscall(2) goes on with; its arguments still stand in the registers.</summary>
    private SystemCallHandler? RestartHandler { get; set; }

    /// <summary>The absolute deadline that it keeps.</summary>
    public ulong RestartDeadline { get; private set; }

    /// <summary>
    /// A wait with a relative time-out was interrupted: after a signal without a handler it goes on with the same deadline. Return the result.
    /// </summary>
    public Errno RestartWith(SystemCallHandler handler, ulong deadline)
    {
        RestartHandler = handler;
        RestartDeadline = deadline;
        return Errno.ERESTART_RESTARTBLOCK;
    }

    /// <summary>The interrupted call, once; null: there is none.</summary>
    public SystemCallHandler? TakeRestart()
    {
        SystemCallHandler? handler = RestartHandler;
        RestartHandler = null;
        return handler;
    }

    /// <summary>
    /// Puts another signal mask in force until the call that asked for it is over (sigsuspend(2), ppoll(2), pselect(2)): the old one comes back on the
    /// way to user mode, after the handler's frame was made with it.
    /// </summary>
    public void ReplaceMask(ulong mask)
    {
        if (!HasSavedMask)
        {
            SavedMask = BlockedSignals;
            HasSavedMask = true;
        }

        SetBlockedSignals(mask);
    }

    /// <summary>The call is over and no signal came: puts the old mask back at once.</summary>
    public void RestoreMask()
    {
        if (HasSavedMask)
        {
            HasSavedMask = false;
            SetBlockedSignals(SavedMask);
        }
    }

    /// <summary>Changes the mask; what is deliverable now is delivered on the way out.</summary>
    public void SetBlockedSignals(ulong mask)
    {
        BlockedSignals = mask & ~SignalMask.Unblockable;
        if (HasDeliverableSignal)
        {
            Thread.RequestReturnWork();
        }
    }

    /// <summary>The saved mask belongs to the frame now.</summary>
    internal ulong TakeMaskForFrame()
    {
        ulong mask = HasSavedMask ? SavedMask : BlockedSignals;
        HasSavedMask = false;
        return mask;
    }
}
