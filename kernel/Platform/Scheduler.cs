using System.Diagnostics.CodeAnalysis;

namespace LiteBox.Platform;

/// <summary>Why a wait ended.</summary>
public enum WaitResult
{
    /// <summary>A queue was woken: check the condition again.</summary>
    Woken,

    /// <summary>The deadline passed.</summary>
    TimedOut,

    /// <summary>The wait was interruptible and <see cref="UserThread.RequestReturnWork"/> was called: EINTR or a restart.</summary>
    Interrupted,
}

/// <summary>Whether a signal ends a wait.</summary>
public enum WaitKind
{
    /// <summary>A signal ends it.</summary>
    Interruptible,

    /// <summary>Only the wake-up or the deadline ends it: for short waits that cannot be given up.</summary>
    Uninterruptible,
}

/// <summary>Something that can wait: a thread of South's. It carries the one wait entry that a thread needs for a single queue.</summary>
public abstract class Waitable
{
    /// <summary>Joins wait queues on the thread's behalf: notifying it makes the thread run again.</summary>
    public abstract WaitEntry WaitEntry { get; }
}

/// <summary>The work of a kernel thread.</summary>
public abstract class KernelWork
{
    /// <summary>A short name for the log.</summary>
    public abstract string Name { get; }

    /// <summary>Runs on the thread's own stack until it returns; may wait.</summary>
    public abstract void Run();
}

/// <summary>
/// Threads and who runs. A thread runs in the kernel until it waits, yields or returns to user mode; there it is preempted when its time slice ends.
/// </summary>
public abstract class Scheduler
{
    /// <summary>No deadline.</summary>
    public const ulong Never = ulong.MaxValue;

    /// <summary>The user thread that is running, or null on a kernel thread.</summary>
    public abstract UserThread? Current { get; }

    /// <summary>
    /// Makes a user thread that will begin with <paramref name="registers"/> once it is started. Its floating-point state is a copy of
    /// <paramref name="floatingPointFrom"/>'s, or a new program's when null. False when memory has run out.
    /// </summary>
    public abstract bool TryCreateUserThread(
        UserTask task, PageTable pageTable, in UserRegisters registers, UserThread? floatingPointFrom, [NotNullWhen(true)] out UserThread? thread);

    /// <summary>Makes and starts a kernel thread. False when memory has run out.</summary>
    public abstract bool TryStartKernelThread(KernelWork work);

    /// <summary>An empty user address space. False when memory has run out.</summary>
    public abstract bool TryCreatePageTable([NotNullWhen(true)] out PageTable? pageTable);

    /// <summary>
    /// Gives up the processor until a wait entry of this thread is notified. The caller has put the entries into their queues and takes them out
    /// afterwards. <paramref name="deadline"/> is a <see cref="Clock.Monotonic"/> time.
    /// </summary>
    public abstract WaitResult Park(ulong deadline, WaitKind kind);

    /// <summary>An entry that, when notified, ends the <see cref="Park"/> of the thread that runs now: for waits on several queues (poll). Reusable by that thread.</summary>
    public abstract WaitEntry CreateWaitEntry();

    /// <summary>The running thread's own entry, for <see cref="Wait"/>.</summary>
    protected abstract WaitEntry CurrentWaitEntry { get; }

    /// <summary>Waits until the queue is woken, the deadline passes, or a signal comes. Check the condition again afterwards.</summary>
    public WaitResult Wait(WaitQueue queue, ulong deadline = Never, WaitKind kind = WaitKind.Interruptible)
    {
        WaitEntry entry = CurrentWaitEntry;
        queue.Add(entry);
        WaitResult result = Park(deadline, kind);
        entry.Leave();
        return result;
    }

    /// <summary>Lets the other runnable threads go first (sched_yield).</summary>
    public abstract void Yield();

    /// <summary>Runnable threads, the running one included.</summary>
    public abstract int RunnableCount { get; }

    /// <summary>Nanoseconds that no thread wanted the processor.</summary>
    public abstract ulong IdleTime { get; }
}
