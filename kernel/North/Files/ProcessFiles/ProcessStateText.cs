using LiteBox.North.Processes;
using LiteBox.North.Signals;

namespace LiteBox.North.Files;

/// <summary>What a process is doing, as /proc/PID/stat and status say it.</summary>
internal static class ProcessStateText
{
    private const ulong NanosecondsPerTick = 10_000_000; // USER_HZ is 100

    /// <summary>The letter: R, S, T or Z.</summary>
    public static char LetterOf(ProcessSubject subject)
    {
        if (subject.Task is not { } task)
        {
            return 'Z';
        }

        if (subject.Process.IsStopped)
        {
            return 'T';
        }

        return task.Thread.IsWaiting ? 'S' : 'R';
    }

    /// <summary>The word behind the letter.</summary>
    public static string WordOf(char letter) => letter switch
    {
        'R' => "R (running)",
        'S' => "S (sleeping)",
        'T' => "T (stopped)",
        _ => "Z (zombie)",
    };

    /// <summary>Nanoseconds in clock ticks.</summary>
    public static ulong ToTicks(ulong nanoseconds) => nanoseconds / NanosecondsPerTick;

    /// <summary>The masks of ignored and caught signals.</summary>
    public static void GetSignalMasks(Process process, out ulong ignored, out ulong caught)
    {
        ignored = 0;
        caught = 0;
        for (int signal = 1; signal <= 64; signal++)
        {
            ulong handler = process.Actions[signal].Handler;
            if (handler == SignalAction.Ignore)
            {
                ignored |= SignalMask.Of(signal);
            }
            else if (handler != SignalAction.Default)
            {
                caught |= SignalMask.Of(signal);
            }
        }
    }
}
