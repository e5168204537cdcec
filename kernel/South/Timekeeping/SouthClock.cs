using LiteBox.Platform;
using LiteBox.South.Instructions;
using LiteBox.South.Interrupts;

namespace LiteBox.South.Timekeeping;

/// <summary>Time from the time-stamp counter; timers from one programmable interrupt.</summary>
/// <remarks>
/// The interrupt is never moved to a later time: where it comes too early, it is set anew. So arming and cancelling timers rarely touches the device,
/// which under SNP is a request to the host.
/// </remarks>
internal sealed class SouthClock : Clock
{
    private readonly TimestampScale scale;
    private readonly ulong start;
    private readonly EventTimer eventTimer;
    private readonly TimerQueue timers = new();
    private ForwardTime monotonic;
    private ulong realtimeOffset;
    private ulong programmed = ulong.MaxValue;

    /// <param name="start">The time-stamp counter when time began.</param>
    /// <param name="realtime">Nanoseconds since 1970 now.</param>
    internal SouthClock(TimestampScale scale, ulong start, EventTimer eventTimer, ulong realtime)
    {
        this.scale = scale;
        this.start = start;
        this.eventTimer = eventTimer;
        realtimeOffset = realtime - Monotonic;
    }

    /// <inheritdoc/>
    public override ulong Monotonic => monotonic.Take(scale.ToNanoseconds(Instruction.ReadTimestamp() - start));

    /// <inheritdoc/>
    public override ulong Realtime => Monotonic + realtimeOffset;

    /// <inheritdoc/>
    public override ulong TimestampFrequency => scale.Frequency;

    /// <summary>Never: a host sets offset and scale of the counter, and a launch with secure TSC, where it could not, is refused (T40).</summary>
    public override bool IsTrusted => false;

    /// <inheritdoc/>
    public override long BackwardCount => monotonic.BackwardCount;

    /// <inheritdoc/>
    public override void SetRealtime(ulong nanoseconds) => realtimeOffset = nanoseconds - Monotonic;

    /// <inheritdoc/>
    public override void Arm(KernelTimer timer, ulong deadline)
    {
        timers.Arm(timer, deadline);
        InterruptByDeadline();
    }

    /// <inheritdoc/>
    public override void Cancel(KernelTimer timer) => timers.Cancel(timer);

    /// <summary>Ticks for nanoseconds.</summary>
    internal ulong ToTicks(ulong nanoseconds) => scale.ToTicks(nanoseconds);

    /// <summary>Nanoseconds for ticks.</summary>
    internal ulong ToNanoseconds(ulong ticks) => scale.ToNanoseconds(ticks);

    /// <summary>Sees to it that the timer's interrupt comes at a time-stamp at the latest.</summary>
    internal void InterruptBy(ulong timestamp)
    {
        if (timestamp < programmed)
        {
            programmed = timestamp;
            eventTimer.Program(timestamp);
        }
    }

    /// <summary>The timer's interrupt came: expires what is due and sets it anew.</summary>
    internal void OnInterrupt()
    {
        programmed = ulong.MaxValue;
        while (timers.TakeExpired(Monotonic) is { } timer)
        {
            timer.Expired();
        }

        InterruptByDeadline();
    }

    private void InterruptByDeadline()
    {
        ulong deadline = timers.NextDeadline;
        if (deadline != ulong.MaxValue)
        {
            ulong ticks = scale.ToTicks(deadline);
            InterruptBy(ticks > ulong.MaxValue - start - 1 ? ulong.MaxValue - 1 : start + ticks + 1); // the conversion rounds down
        }
    }
}
