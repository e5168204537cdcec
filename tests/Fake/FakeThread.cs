using System.Threading;
using LiteBox.Platform;

namespace LiteBox.Fake;

/// <summary>A thread of the fake. It is not a <see cref="UserThread"/> so that kernel threads can be one too.</summary>
internal interface FakeThread
{
    SemaphoreSlim Baton { get; }

    WaitEntry WaitEntry { get; }

    bool HasReturnWork { get; }

    bool IsParked { get; set; }

    bool IsInterruptible { get; set; }

    ulong Deadline { get; set; }

    WaitResult ParkResult { get; set; }

    FakeScheduler Scheduler { get; }

    void Run();
}

/// <summary>Wakes its thread.</summary>
internal sealed class FakeWaitEntry(FakeThread thread) : WaitEntry
{
    public override void Notify() => thread.Scheduler.Wake(thread, WaitResult.Woken);
}

/// <summary>A kernel thread.</summary>
internal sealed class FakeKernelThread : FakeThread
{
    private readonly KernelWork work;

    public FakeKernelThread(FakeScheduler scheduler, KernelWork work)
    {
        Scheduler = scheduler;
        this.work = work;
        WaitEntry = new FakeWaitEntry(this);
    }

    public SemaphoreSlim Baton { get; } = new(0);

    public WaitEntry WaitEntry { get; }

    public bool HasReturnWork => false;

    public bool IsParked { get; set; }

    public bool IsInterruptible { get; set; }

    public ulong Deadline { get; set; }

    public WaitResult ParkResult { get; set; }

    public FakeScheduler Scheduler { get; }

    public void Run() => work.Run();
}
