using LiteBox.Abi;

namespace LiteBox.North.Processes;

/// <summary>
/// What getrusage(2) and wait4(2) tell. The time that South counts is not divided into user and system time: all of it is told as user time.
/// </summary>
internal static class ResourceUsages
{
    private const ulong NanosecondsPerSecond = 1_000_000_000;
    private const ulong NanosecondsPerMicrosecond = 1000;

    /// <summary>A process itself.</summary>
    public static ResourceUsage Of(Process process) => Create(process.RunTime, process.FaultCount);

    /// <summary>The children that a process has waited for.</summary>
    public static ResourceUsage OfChildren(Process process) => Create(process.ChildrenRunTime, process.ChildrenFaultCount);

    /// <summary>A child with the children that it has waited for.</summary>
    public static ResourceUsage OfWaitedFor(Process child) =>
        Create(child.RunTime + child.ChildrenRunTime, child.FaultCount + child.ChildrenFaultCount);

    /// <summary>One task.</summary>
    public static ResourceUsage Of(Task task) => Create(task.Thread.RunTime, 0);

    private static ResourceUsage Create(ulong runTime, long faults) => new()
    {
        UserTime = new Timeval
        {
            Seconds = (long)(runTime / NanosecondsPerSecond),
            Microseconds = (long)(runTime % NanosecondsPerSecond / NanosecondsPerMicrosecond),
        },
        MinorFaults = faults,
    };
}
