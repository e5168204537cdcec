using System.Collections.Generic;
using LiteBox.Platform;

namespace LiteBox.Fake;

/// <summary>Virtual time: it stands still while threads run, apart from a step a reading, and jumps to the next deadline when all wait.</summary>
public sealed class FakeClock : Clock
{
    private readonly List<KernelTimer> timers = [];
    private ulong now = 1_000_000_000;
    private ulong realtimeOffset = 1_700_000_000_000_000_000;

    /// <summary>Nanoseconds that each reading takes.</summary>
    public ulong Step { get; set; } = 100;

    public override ulong Monotonic => now += Step;

    public override ulong Realtime => Monotonic + realtimeOffset;

    public override ulong TimestampFrequency => 1_000_000_000;

    public override bool IsTrusted => Trust;

    public override long BackwardCount => StepsBack;

    /// <summary>What <see cref="IsTrusted"/> says.</summary>
    public bool Trust { get; set; }

    /// <summary>What <see cref="BackwardCount"/> says.</summary>
    public long StepsBack { get; set; }

    public override void SetRealtime(ulong nanoseconds) => realtimeOffset = nanoseconds - now;

    public override void Arm(KernelTimer timer, ulong deadline)
    {
        Cancel(timer);
        timer.Deadline = deadline;
        timer.QueueIndex = 0;
        timers.Add(timer);
    }

    public override void Cancel(KernelTimer timer)
    {
        if (timers.Remove(timer))
        {
            timer.QueueIndex = -1;
        }
    }

    /// <summary>Moves time on and lets timers expire.</summary>
    public void Advance(ulong nanoseconds) => AdvanceTo(now + nanoseconds);

    internal ulong NextDeadline
    {
        get
        {
            ulong next = Scheduler.Never;
            foreach (KernelTimer timer in timers)
            {
                next = ulong.Min(next, timer.Deadline);
            }

            return next;
        }
    }

    internal void AdvanceTo(ulong time)
    {
        now = ulong.Max(now, time);
        while (true)
        {
            KernelTimer? due = timers.Find(timer => timer.Deadline <= now);
            if (due is null)
            {
                return;
            }

            Cancel(due);
            due.Expired();
        }
    }
}
