using System;
using System.Globalization;
using System.Text.RegularExpressions;

namespace LiteBox.Qemu;

/// <summary>How a workload ended.</summary>
public enum WorkloadEnd
{
    /// <summary>The console does not say.</summary>
    Unknown,

    /// <summary>The first process exited.</summary>
    Exited,

    /// <summary>A signal killed the first process.</summary>
    Killed,

    /// <summary>The kernel stopped itself: one of its invariants was broken.</summary>
    Stopped,
}

/// <summary>How the workload ended, as the kernel's last console lines tell it.</summary>
/// <param name="End">The kind of end.</param>
/// <param name="Number">Exit status, signal number, or stop number.</param>
public readonly partial record struct WorkloadOutcome(WorkloadEnd End, int Number)
{
    private const int SignalBase = 128;
    private const int KernelStopped = 125;
    private const int NothingSaid = 124;

    /// <summary>What a shell would see as the exit status: 128 + n for a signal, 125 when the kernel stopped, 124 when nothing was said.</summary>
    public int ExitStatus => End switch
    {
        WorkloadEnd.Exited => Number,
        WorkloadEnd.Killed => SignalBase + Number,
        WorkloadEnd.Stopped => KernelStopped,
        _ => NothingSaid,
    };

    /// <summary>Finds the outcome in a console's output. A stop report counts more than anything else; else the last word counts.</summary>
    public static WorkloadOutcome Find(string console)
    {
        if (StopLine().Match(console) is { Success: true } stop)
        {
            return new WorkloadOutcome(WorkloadEnd.Stopped, NumberOf(stop));
        }

        Match? last = null;
        foreach (Match match in EndLine().Matches(console))
        {
            last = match;
        }

        return last == null
            ? default
            : new WorkloadOutcome(last.Groups["how"].Value[0] == 'e' ? WorkloadEnd.Exited : WorkloadEnd.Killed, NumberOf(last));
    }

    /// <inheritdoc/>
    public override string ToString() => End switch
    {
        WorkloadEnd.Exited => $"exited with status {Number}",
        WorkloadEnd.Killed => $"killed by signal {Number}",
        WorkloadEnd.Stopped => $"the kernel stopped (number {Number})",
        _ => "no word of the workload's end",
    };

    private static int NumberOf(Match match) =>
        int.TryParse(match.Groups["number"].Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) ? number : -1;

    [GeneratedRegex(@"litebox: workload (?<how>exited with status|killed by signal) (?<number>\d+)")]
    private static partial Regex EndLine();

    [GeneratedRegex(@"litebox: STOP\D*(?<number>\d*)")]
    private static partial Regex StopLine();
}
