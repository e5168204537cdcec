using System;
using LiteBox.North.Processes;
using LiteBox.North.Signals;
using LiteBox.Platform;

namespace LiteBox.North.Time;

/// <summary>
/// An interval timer of a process (setitimer(2)): of real time, or of the time that the process runs. The latter is looked at when it could have
/// come at the earliest.
/// </summary>
internal sealed class ProcessTimer : KernelTimer
{
    /// <summary>The shortest distance of two expiries: a program cannot keep the kernel busy with its timer.</summary>
    private const ulong ShortestInterval = 10_000;

    private readonly Process process;
    private readonly int signal;
    private readonly bool countsRunTime;
    private ulong runTimeAtExpiry;

    public ProcessTimer(Process process, int signal, bool countsRunTime)
    {
        this.process = process;
        this.signal = signal;
        this.countsRunTime = countsRunTime;
    }

    /// <summary>Nanoseconds from one expiry to the next; 0: once.</summary>
    public ulong Interval { get; private set; }

    /// <summary>Nanoseconds until it expires; 0 where it is not armed. An armed timer has at least one microsecond left.</summary>
    public ulong Remaining
    {
        get
        {
            if (!IsArmed)
            {
                return 0;
            }

            ulong now = countsRunTime ? process.RunTime : Clock.Monotonic;
            ulong end = countsRunTime ? runTimeAtExpiry : Deadline;
            return end > now + 1000 ? end - now : 1000;
        }
    }

    private Clock Clock => process.Kernel.Machine.Clock;

    /// <summary>Arms the timer for a time from now; 0 disarms.</summary>
    public void Set(ulong value, ulong interval)
    {
        Interval = interval;
        if (value == 0)
        {
            Clock.Cancel(this);
            return;
        }

        runTimeAtExpiry = UserTime.Add(process.RunTime, value);
        Clock.Arm(this, UserTime.Add(Clock.Monotonic, value));
    }

    /// <inheritdoc/>
    public override void Expired()
    {
        ulong now = Clock.Monotonic;
        if (countsRunTime && process.RunTime < runTimeAtExpiry)
        {
            Clock.Arm(this, UserTime.Add(now, Math.Max(runTimeAtExpiry - process.RunTime, ShortestInterval)));
            return;
        }

        SignalSending.SendToProcess(process, SignalInfo.FromKernel(signal));
        if (Interval != 0)
        {
            runTimeAtExpiry = UserTime.Add(runTimeAtExpiry, Interval);
            Clock.Arm(this, Math.Max(UserTime.Add(Deadline, Interval), UserTime.Add(now, ShortestInterval)));
        }
    }
}
