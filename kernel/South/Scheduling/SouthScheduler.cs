using System;
using System.Diagnostics.CodeAnalysis;
using LiteBox.Platform;
using LiteBox.South.Instructions;
using LiteBox.South.Memory;
using LiteBox.South.Processors;
using LiteBox.South.Timekeeping;

namespace LiteBox.South.Scheduling;

/// <summary>
/// One processor, first come first served, a time slice each. Nothing is preempted in the kernel: a switch happens where a thread waits, yields,
/// ends, or is about to return to user mode after its slice. All members run with interrupts off.
/// </summary>
/// <remarks>
/// The timer is set for the end of a slice only when somebody else wants to run, and never set to a later time than it is: a machine that
/// switches often, or hardly at all, does not touch its timer.
/// </remarks>
internal sealed unsafe class SouthScheduler : Scheduler
{
    /// <summary>Nanoseconds a thread may run in user mode while others wait.</summary>
    private const ulong SliceNanoseconds = 4_000_000;

    private static SouthScheduler? instance;

    private readonly SouthClock clock;
    private readonly UserStateFormat userStateFormat;
    private readonly RunQueue runnable = new();
    private readonly ulong sliceTicks;
    private Execution? firstOfAll;
    private Execution current;
    private Execution? dead;
    private ulong turnStart;
    private ulong idleTicks;

    /// <param name="bootStack">The stack that runs now; it becomes the first kernel thread's.</param>
    internal SouthScheduler(SouthClock clock, UserStateFormat userStateFormat, KernelStack bootStack)
    {
        this.clock = clock;
        this.userStateFormat = userStateFormat;
        sliceTicks = clock.ToTicks(SliceNanoseconds);
        current = new Execution(this, bootStack, null, null) { State = ExecutionState.Runnable };
        Link(current);
        turnStart = Instruction.ReadTimestamp();
        instance = this;
    }

    /// <summary>The user thread that runs, or null on a kernel thread. Static: the entry path's shortest way.</summary>
    internal static SouthUserThread? CurrentUser { get; private set; }

    /// <inheritdoc/>
    public override UserThread? Current => CurrentUser;

    /// <inheritdoc/>
    protected override WaitEntry CurrentWaitEntry => current.WaitEntry;

    /// <inheritdoc/>
    public override int RunnableCount => runnable.Count + 1;

    /// <inheritdoc/>
    public override ulong IdleTime => clock.ToNanoseconds(idleTicks);

    /// <inheritdoc/>
    public override WaitEntry CreateWaitEntry() => new ExecutionWaitEntry(current);

    /// <inheritdoc/>
    public override bool TryCreatePageTable([NotNullWhen(true)] out PageTable? pageTable) => (pageTable = UserPageTable.TryCreate()) is not null;

    /// <inheritdoc/>
    public override bool TryCreateUserThread(
        UserTask task, PageTable pageTable, in UserRegisters registers, UserThread? floatingPointFrom, [NotNullWhen(true)] out UserThread? thread)
    {
        if (!KernelStack.TryAllocate(out KernelStack stack))
        {
            thread = null;
            return false;
        }

        SouthUserThread made = new(this, task, (UserPageTable)pageTable, stack, userStateFormat);
        made.Initialize(registers, (SouthUserThread?)floatingPointFrom);
        thread = made;
        return true;
    }

    /// <inheritdoc/>
    public override bool TryStartKernelThread(KernelWork work)
    {
        if (!KernelStack.TryAllocate(out KernelStack stack))
        {
            return false;
        }

        Execution execution = new(this, stack, null, work);
        execution.StackPointer = InitialStack.Prepare(stack.Top, ProcessorSetup.Stubs.KernelThreadStart);
        Start(execution);
        return true;
    }

    /// <inheritdoc/>
    public override WaitResult Park(ulong deadline, WaitKind kind)
    {
        Execution self = current;
        if (kind == WaitKind.Interruptible && self.ReturnWorkRequested)
        {
            return WaitResult.Interrupted;
        }

        if (self.Notified)
        {
            self.Notified = false;
            return WaitResult.Woken;
        }

        if (deadline != Never)
        {
            if (deadline <= clock.Monotonic)
            {
                return WaitResult.TimedOut;
            }

            clock.Arm(self, deadline);
        }

        self.State = ExecutionState.Parked;
        self.WaitKind = kind;
        SwitchAway();
        if (self.IsArmed)
        {
            clock.Cancel(self);
        }

        self.Notified = false;
        return self.WaitResult;
    }

    /// <inheritdoc/>
    public override void Yield()
    {
        if (runnable.Count != 0)
        {
            runnable.Enqueue(current);
            SwitchAway();
        }
    }

    /// <summary>Begins the life of an execution.</summary>
    internal void Start(Execution execution)
    {
        if (execution.State != ExecutionState.New)
        {
            throw new InvalidOperationException("A thread was started twice.");
        }

        Link(execution);
        MakeRunnable(execution);
    }

    /// <summary>Ends a wait. Nothing happens to an execution that does not wait.</summary>
    internal void EndWait(Execution execution, WaitResult result)
    {
        if (execution.State == ExecutionState.Parked)
        {
            execution.WaitResult = result;
            MakeRunnable(execution);
        }
    }

    /// <summary>A signal for an execution: ends its wait where it is interruptible, and tells the exit path where it runs now.</summary>
    internal void RequestReturnWork(Execution execution)
    {
        execution.ReturnWorkRequested = true;
        if (execution.State == ExecutionState.Parked)
        {
            if (execution.WaitKind == WaitKind.Interruptible)
            {
                EndWait(execution, WaitResult.Interrupted);
            }
        }
        else if (execution == current)
        {
            ProcessorSetup.Area.PendingWork |= PendingWork.ReturnWork;
        }
    }

    /// <summary>The request has been taken: North is about to be called.</summary>
    internal void TakeReturnWork(Execution execution)
    {
        execution.ReturnWorkRequested = false;
        ProcessorSetup.Area.PendingWork &= ~PendingWork.ReturnWork;
    }

    /// <summary>Puts an execution into the queue.</summary>
    internal void MakeRunnable(Execution execution)
    {
        execution.State = ExecutionState.Runnable;
        runnable.Enqueue(execution);
        if (CurrentUser is not null)
        {
            clock.InterruptBy(turnStart + sliceTicks);
        }
    }

    /// <summary>Called by the timer's interrupt: asks the running user thread to give way where its slice is over and somebody waits.</summary>
    internal void OnTimerInterrupt(ulong now)
    {
        if (CurrentUser is null || runnable.Count == 0)
        {
            return;
        }

        if (now - turnStart >= sliceTicks)
        {
            ProcessorSetup.Area.PendingWork |= PendingWork.Reschedule;
        }
        else
        {
            clock.InterruptBy(turnStart + sliceTicks);
        }
    }

    /// <summary>Time-stamp ticks that an execution has run so far.</summary>
    internal ulong RunTicksOf(Execution execution) =>
        execution.RunTicks + (execution == current ? Instruction.ReadTimestamp() - turnStart : 0);

    /// <summary>Nanoseconds for ticks.</summary>
    internal ulong ToNanoseconds(ulong ticks) => clock.ToNanoseconds(ticks);

    /// <summary>The running user thread's slice is over.</summary>
    internal static void GiveWay()
    {
        ProcessorSetup.Area.PendingWork &= ~PendingWork.Reschedule;
        instance!.Yield();
    }

    /// <summary>Ends the running thread. Whoever runs next frees its stack.</summary>
    [DoesNotReturn]
    internal static void ExitCurrent()
    {
        SouthScheduler scheduler = instance!;
        Execution self = scheduler.current;
        self.State = ExecutionState.Dead;
        scheduler.Unlink(self);
        if (self.User is { } user)
        {
            UserState.Forget(user);
        }

        scheduler.dead = self;
        scheduler.SwitchAway();
        throw new InvalidOperationException("A dead thread ran.");
    }

    /// <summary>What a kernel thread does.</summary>
    [DoesNotReturn]
    internal static void RunKernelWork()
    {
        instance!.current.Work!.Run();
        ExitCurrent();
    }

    /// <summary>The first thing that runs on a stack that was switched to: frees the stack of the one that ended.</summary>
    internal static void FinishSwitch()
    {
        SouthScheduler scheduler = instance!;
        if (scheduler.dead is { } ended)
        {
            scheduler.dead = null;
            ended.Stack.Free();
        }
    }

    /// <summary>True where an address lies in the guard below the running stack.</summary>
    internal static bool IsBelowCurrentStack(ulong address) =>
        address < CurrentStack.Bottom && address >= CurrentStack.Bottom - KernelStack.GuardSize;

    /// <summary>The running execution's stack; the boot loader's before there is a scheduler.</summary>
    internal static KernelStack CurrentStack => instance?.current.Stack ?? KernelStack.Boot;

    /// <summary>All executions but the running one, for the collector: the stack from its pointer to its top.</summary>
    internal static Execution? FirstOfAll => instance?.firstOfAll;

    /// <summary>True for the execution that runs.</summary>
    internal static bool IsCurrent(Execution execution) => execution == instance!.current;

    /// <summary>Runs somebody else, now that the current one is in a queue, parked or dead. Returns when it runs again.</summary>
    private void SwitchAway()
    {
        Execution previous = current;
        ulong now = Instruction.ReadTimestamp();
        previous.RunTicks += now - turnStart;
        Execution? next = runnable.Dequeue();
        if (next is null)
        {
            next = Idle(now, out now);
        }

        turnStart = now;
        CurrentUser = next.User;
        ProcessorSetup.Area.PendingWork = next.ReturnWorkRequested ? PendingWork.ReturnWork : 0;
        if (next == previous)
        {
            ArmSlice();
            return;
        }

        current = next;
        if (next.User is { } user)
        {
            UserState.Load(user);
            ProcessorSetup.SetEntryStack(user.EntryStackPointer);
            ArmSlice();
        }

        fixed (ulong* saved = &previous.StackPointer)
        {
            // SAFETY: the saved stack pointer is one that this stub stored, or InitialStack's; objects do not move. A dead previous execution
            // stays reachable through `dead` until FinishSwitch, on the new stack, frees its memory.
            Instruction.SwitchStack(saved, next.StackPointer);
        }

        FinishSwitch();
    }

    /// <summary>
    /// Waits for an interrupt to make somebody runnable, on the stack of whoever ran last. While there is unaccepted memory, the time is used to accept it, a block
    /// between two looks at the interrupts.
    /// </summary>
    private Execution Idle(ulong start, out ulong end)
    {
        CurrentUser = null; // whoever the interrupts wake needs no slice to wait for
        Execution? next;
        do
        {
            if (DormantMemory.TryWakeUnaccepted())
            {
                Instruction.TakeInterrupts();
            }
            else
            {
                Instruction.WaitForInterrupt();
            }

            next = runnable.Dequeue();
        }
        while (next is null);

        end = Instruction.ReadTimestamp();
        idleTicks += end - start;
        return next;
    }

    /// <summary>Sees to it that a turn that has just begun ends, where somebody waits for that. The kernel's own threads have no slices.</summary>
    private void ArmSlice()
    {
        if (runnable.Count != 0 && CurrentUser is not null)
        {
            clock.InterruptBy(turnStart + sliceTicks);
        }
    }

    private void Link(Execution execution)
    {
        execution.NextOfAll = firstOfAll;
        if (firstOfAll is not null)
        {
            firstOfAll.PreviousOfAll = execution;
        }

        firstOfAll = execution;
    }

    private void Unlink(Execution execution)
    {
        if (execution.PreviousOfAll is null)
        {
            firstOfAll = execution.NextOfAll;
        }
        else
        {
            execution.PreviousOfAll.NextOfAll = execution.NextOfAll;
        }

        if (execution.NextOfAll is not null)
        {
            execution.NextOfAll.PreviousOfAll = execution.PreviousOfAll;
        }
    }
}
