using LiteBox.North.Processes;
using LiteBox.North.Signals;

namespace LiteBox.North.Time;

/// <summary>The three interval timers of a process (setitimer(2)), each made when it is first armed. fork does not copy them, execve keeps them.</summary>
internal sealed class ProcessTimers
{
    private readonly Process process;
    private readonly ProcessTimer?[] timers = new ProcessTimer?[Count];

    public ProcessTimers(Process process) => this.process = process;

    /// <summary>ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF.</summary>
    public const int Count = 3;

    /// <summary>A timer, or null where it was never armed.</summary>
    public ProcessTimer? Find(int kind) => timers[kind];

    /// <summary>A timer, made if need be.</summary>
    public ProcessTimer Get(int kind) => timers[kind] ??= kind switch
    {
        0 => new ProcessTimer(process, SignalNumber.SIGALRM, countsRunTime: false),
        1 => new ProcessTimer(process, SignalNumber.SIGVTALRM, countsRunTime: true),
        _ => new ProcessTimer(process, SignalNumber.SIGPROF, countsRunTime: true),
    };

    /// <summary>The process ends.</summary>
    public void Cancel()
    {
        foreach (ProcessTimer? timer in timers)
        {
            timer?.Set(0, 0);
        }
    }
}
