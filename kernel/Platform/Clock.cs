namespace LiteBox.Platform;

/// <summary>
/// Something to do at a time. <see cref="Expired"/> runs in the kernel, between two pieces of other work, never inside one;
/// it must not wait and must not allocate.
/// </summary>
public abstract class KernelTimer
{
    /// <summary>When it is due, in <see cref="Clock.Monotonic"/> nanoseconds. South's while the timer is armed.</summary>
    public ulong Deadline { get; internal set; }

    /// <summary>The timer's place in South's queue; negative when it is not armed.</summary>
    public int QueueIndex { get; internal set; } = -1;

    /// <summary>True between <see cref="Clock.Arm"/> and expiry or <see cref="Clock.Cancel"/>.</summary>
    public bool IsArmed => QueueIndex >= 0;

    /// <summary>The time has come. The timer is no longer armed and may be armed again from here.</summary>
    public abstract void Expired();
}

/// <summary>Time, all in nanoseconds.</summary>
public abstract class Clock
{
    /// <summary>Since boot; never goes back (CLOCK_MONOTONIC).</summary>
    public abstract ulong Monotonic { get; }

    /// <summary>Since 1970-01-01 UTC as the machine's clock had it at boot (CLOCK_REALTIME). The host can lie about it.</summary>
    public abstract ulong Realtime { get; }

    /// <summary>Sets <see cref="Realtime"/> (clock_settime).</summary>
    public abstract void SetRealtime(ulong nanoseconds);

    /// <summary>Arms or re-arms a timer. A deadline in the past expires at the next opportunity.</summary>
    public abstract void Arm(KernelTimer timer, ulong deadline);

    /// <summary>Disarms a timer; nothing happens where it is not armed.</summary>
    public abstract void Cancel(KernelTimer timer);

    /// <summary>Frequency of the time-stamp counter in hertz.</summary>
    public abstract ulong TimestampFrequency { get; }

    /// <summary>True where nobody outside of the machine can make time run faster or slower (T42).</summary>
    public abstract bool IsTrusted { get; }

    /// <summary>How often the counter behind <see cref="Monotonic"/> was found to have gone back (T41).</summary>
    public abstract long BackwardCount { get; }
}
