using System;
using LiteBox.North.Processes;
using LiteBox.North.Signals;
using LiteBox.Platform;

namespace LiteBox.North.Time;

/// <summary>One timer of timer_create(2).</summary>
internal sealed class PosixTimer : KernelTimer
{
    private const ulong ShortestInterval = 10_000;

    private readonly Process process;
    private readonly int id;
    private readonly Task? target;
    private readonly int signal;
    private readonly ulong value;

    /// <summary>A timer that sends <paramref name="signal"/> (0: none) to the process or to one task of it.</summary>
    public PosixTimer(Process process, int id, bool isRealtime, Task? target, int signal, ulong value)
    {
        this.process = process;
        this.id = id;
        this.target = target;
        this.signal = signal;
        this.value = value;
        IsRealtime = isRealtime;
    }

    /// <summary>True where absolute times are CLOCK_REALTIME's.</summary>
    public bool IsRealtime { get; }

    /// <summary>Nanoseconds from one expiry to the next; 0: once.</summary>
    public ulong Interval { get; private set; }

    /// <summary>Expiries that the last signal stands for beyond one (timer_getoverrun(2)).</summary>
    public int Overruns { get; private set; }

    /// <summary>Nanoseconds until it expires; 0 where it is not armed.</summary>
    public ulong Remaining
    {
        get
        {
            ulong now = Clock.Monotonic;
            return !IsArmed ? 0 : Deadline > now ? Deadline - now : 1;
        }
    }

    private Clock Clock => process.Kernel.Machine.Clock;

    /// <summary>Arms the timer for a moment of <see cref="Clock.Monotonic"/>.</summary>
    public void Arm(ulong deadline, ulong interval)
    {
        Interval = interval;
        Overruns = 0;
        Clock.Arm(this, deadline);
    }

    /// <summary>Disarms it.</summary>
    public void Disarm()
    {
        Interval = 0;
        Clock.Cancel(this);
    }

    /// <inheritdoc/>
    public override void Expired()
    {
        Send();
        if (Interval != 0)
        {
            Clock.Arm(this, Math.Max(UserTime.Add(Deadline, Interval), UserTime.Add(Clock.Monotonic, ShortestInterval)));
        }
    }

    private void Send()
    {
        if (signal == 0)
        {
            return;
        }

        bool isPending = (target is null ? process.PendingSignals : target.PendingSignals).Contains(signal);
        if (isPending)
        {
            Overruns++;
            return;
        }

        Overruns = 0;
        var info = new SignalInfo(signal, SignalInfo.SI_TIMER, 0, (uint)id, value);
        if (target is null)
        {
            SignalSending.SendToProcess(process, info);
        }
        else if (target.Process == process && !target.HasEnded)
        {
            SignalSending.SendToTask(target, info);
        }
    }
}
