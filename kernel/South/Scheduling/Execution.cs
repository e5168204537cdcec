using LiteBox.Platform;
using LiteBox.South.Memory;

namespace LiteBox.South.Scheduling;

/// <summary>Where an execution is in its life.</summary>
internal enum ExecutionState : byte
{
    /// <summary>Made, not yet started.</summary>
    New,

    /// <summary>Running, or waiting for its turn.</summary>
    Runnable,

    /// <summary>Waits to be notified.</summary>
    Parked,

    /// <summary>Over.</summary>
    Dead,
}

/// <summary>
/// What the scheduler schedules: a kernel stack with somebody's calls on it. User threads and kernel threads have one each. As a timer it is the
/// deadline of its own wait.
/// </summary>
internal sealed class Execution : KernelTimer
{
    private readonly SouthScheduler scheduler;

    internal Execution(SouthScheduler scheduler, KernelStack stack, SouthUserThread? user, KernelWork? work)
    {
        this.scheduler = scheduler;
        Stack = stack;
        User = user;
        Work = work;
        WaitEntry = new ExecutionWaitEntry(this);
    }

    /// <summary>Its memory.</summary>
    internal KernelStack Stack { get; }

    /// <summary>The stack pointer while another execution runs; its saved registers lie there.</summary>
    internal ulong StackPointer;

    /// <summary>The user thread that runs on this stack when it is in the kernel, or null.</summary>
    internal SouthUserThread? User { get; }

    /// <summary>What a kernel thread is to do.</summary>
    internal KernelWork? Work { get; }

    /// <summary>The entry for waits on one queue.</summary>
    internal ExecutionWaitEntry WaitEntry { get; }

    internal ExecutionState State;

    /// <summary>What a signal does to the wait.</summary>
    internal WaitKind WaitKind;

    /// <summary>Why the last wait ended.</summary>
    internal WaitResult WaitResult;

    /// <summary>Notified while it was not waiting: its next wait ends at once.</summary>
    internal bool Notified;

    /// <summary>North has something to do before user mode.</summary>
    internal bool ReturnWorkRequested;

    /// <summary>Time-stamp ticks it has run, the present turn not included.</summary>
    internal ulong RunTicks;

    /// <summary>The next one in the run queue.</summary>
    internal Execution? NextRunnable;

    /// <summary>Neighbours in the list of all executions, which keeps them and what is on their stacks alive for the collector.</summary>
    internal Execution? NextOfAll;

    /// <inheritdoc cref="NextOfAll"/>
    internal Execution? PreviousOfAll;

    /// <summary>The deadline of the wait passed.</summary>
    public override void Expired() => scheduler.EndWait(this, WaitResult.TimedOut);

    /// <summary>A wait entry of this execution was notified.</summary>
    internal void Notify()
    {
        if (State == ExecutionState.Parked)
        {
            scheduler.EndWait(this, WaitResult.Woken);
        }
        else
        {
            Notified = true;
        }
    }
}

/// <summary>Notifying it ends its execution's wait.</summary>
internal sealed class ExecutionWaitEntry : WaitEntry
{
    private readonly Execution execution;

    internal ExecutionWaitEntry(Execution execution) => this.execution = execution;

    /// <inheritdoc/>
    public override void Notify() => execution.Notify();
}
