using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using LiteBox.Platform;

namespace LiteBox.Fake;

/// <summary>
/// Threads on .NET threads, of which the one that holds the baton runs: as deterministic as the real kernel, whose kernel code is not preempted.
/// </summary>
public sealed class FakeScheduler : Scheduler
{
    private readonly FakeFrames frames;
    private readonly FakeClock clock;
    private readonly Queue<FakeThread> runnable = new();
    private readonly List<FakeThread> threads = [];
    private readonly ManualResetEventSlim over = new();
    private FakeThread? current;

    internal FakeScheduler(FakeFrames frames, FakeClock clock)
    {
        this.frames = frames;
        this.clock = clock;
    }

    /// <summary>What the next user thread that North makes does in "user mode" (a fork's child): taken once.</summary>
    public Action<FakeUserThread>? NextBody { get; set; }

    /// <summary>How many more threads can be made; negative: no limit.</summary>
    public int ThreadsUntilFailure { get; set; } = -1;

    /// <summary>Threads that have not ended.</summary>
    public int ThreadCount => threads.Count;

    public override UserThread? Current => current as FakeUserThread;

    public override int RunnableCount => runnable.Count + 1;

    public override ulong IdleTime => 0;

    protected override WaitEntry CurrentWaitEntry => current!.WaitEntry;

    internal FakeUserThread CurrentUserThread => (FakeUserThread)current!;

    internal bool IsOver { get; private set; }

    internal Exception? Failure { get; private set; }

    public override bool TryCreateUserThread(
        UserTask task, PageTable pageTable, in UserRegisters registers, UserThread? floatingPointFrom, [NotNullWhen(true)] out UserThread? thread)
    {
        thread = null;
        if (ThreadsUntilFailure == 0)
        {
            return false;
        }

        if (ThreadsUntilFailure > 0)
        {
            ThreadsUntilFailure--;
        }

        Action<FakeUserThread> body = NextBody ?? throw new InvalidOperationException("NextBody is not set: what shall the new thread do?");
        NextBody = null;
        thread = new FakeUserThread(this, task, pageTable, registers, floatingPointFrom as FakeUserThread, body);
        return true;
    }

    public override bool TryStartKernelThread(KernelWork work)
    {
        Start(new FakeKernelThread(this, work));
        return true;
    }

    public override bool TryCreatePageTable([NotNullWhen(true)] out PageTable? pageTable)
    {
        pageTable = new FakePageTable(frames);
        return true;
    }

    public override WaitResult Park(ulong deadline, WaitKind kind)
    {
        FakeThread self = current!;
        if (kind == WaitKind.Interruptible && self.HasReturnWork)
        {
            return WaitResult.Interrupted;
        }

        self.IsParked = true;
        self.IsInterruptible = kind == WaitKind.Interruptible;
        self.Deadline = deadline;
        SwitchAway(self);
        return self.ParkResult;
    }

    public override WaitEntry CreateWaitEntry() => new FakeWaitEntry(current!);

    public override void Yield()
    {
        FakeThread self = current!;
        runnable.Enqueue(self);
        SwitchAway(self);
    }

    /// <summary>Runs what is runnable until all threads have ended or the machine was powered off; called by the test's own thread.</summary>
    internal void Run()
    {
        PassBaton();
        over.Wait();
        if (Failure is not null)
        {
            throw new InvalidOperationException("A thread failed: " + Failure.Message, Failure);
        }
    }

    internal void Start(FakeThread thread)
    {
        threads.Add(thread);
        var host = new Thread(() => RunThread(thread), 4 << 20) { IsBackground = true };
        host.Start();
        runnable.Enqueue(thread);
    }

    internal void Wake(FakeThread thread, WaitResult result)
    {
        if (thread.IsParked)
        {
            thread.IsParked = false;
            thread.ParkResult = result;
            runnable.Enqueue(thread);
        }
    }

    internal void EndMachine()
    {
        IsOver = true;
        foreach (FakeThread thread in threads)
        {
            thread.Baton.Release();
        }

        over.Set();
    }

    private void RunThread(FakeThread thread)
    {
        thread.Baton.Wait();
        try
        {
            if (!IsOver)
            {
                thread.Run();
            }
        }
        catch (ThreadEnd)
        {
        }
        catch (Exception failure)
        {
            Failure ??= failure;
            EndMachine();
        }

        if (!IsOver)
        {
            threads.Remove(thread);
            PassBaton();
        }
    }

    private void SwitchAway(FakeThread self)
    {
        PassBaton();
        self.Baton.Wait();
        if (IsOver)
        {
            throw new ThreadEnd();
        }
    }

    private void PassBaton()
    {
        while (runnable.Count == 0)
        {
            if (threads.Count == 0)
            {
                IsOver = true;
                over.Set();
                return;
            }

            ulong next = clock.NextDeadline;
            foreach (FakeThread thread in threads)
            {
                next = thread.IsParked ? ulong.Min(next, thread.Deadline) : next;
            }

            if (next == Never)
            {
                Failure ??= new InvalidOperationException("Deadlock: every thread waits, and no timer is armed.");
                EndMachine();
                return;
            }

            clock.AdvanceTo(next);
            foreach (FakeThread thread in threads)
            {
                if (thread.IsParked && thread.Deadline <= next)
                {
                    Wake(thread, WaitResult.TimedOut);
                }
            }
        }

        current = runnable.Dequeue();
        current.Baton.Release();
    }
}

/// <summary>Ends a .NET thread from within: the fake's way to never return to a thread that is over.</summary>
public sealed class ThreadEnd : Exception;
