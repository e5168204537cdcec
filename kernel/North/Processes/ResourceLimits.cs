using System;

namespace LiteBox.North.Processes;

/// <summary>The resources of getrlimit(2), by number.</summary>
internal enum Resource
{
    ProcessorTime = 0,
    FileSize = 1,
    Data = 2,
    Stack = 3,
    Core = 4,
    ResidentSet = 5,
    Processes = 6,
    OpenFiles = 7,
    LockedMemory = 8,
    AddressSpace = 9,
    FileLocks = 10,
    PendingSignals = 11,
    MessageQueueBytes = 12,
    Nice = 13,
    RealTimePriority = 14,
    RealTimeTime = 15,
}

/// <summary>A soft and a hard limit.</summary>
internal readonly struct ResourceLimit
{
    public ResourceLimit(ulong current, ulong maximum)
    {
        Current = current;
        Maximum = maximum;
    }

    /// <summary>The limit in force.</summary>
    public ulong Current { get; }

    /// <summary>How far the process may raise it.</summary>
    public ulong Maximum { get; }
}

/// <summary>The limits of one process. fork copies them, execve keeps them.</summary>
internal sealed class ResourceLimits
{
    /// <summary>No limit (RLIM_INFINITY).</summary>
    public const ulong Infinity = ulong.MaxValue;

    /// <summary>How many resources there are.</summary>
    public const int Count = 16;

    private readonly ResourceLimit[] limits = new ResourceLimit[Count];

    /// <summary>Linux's limits for the first process (include/asm-generic/resource.h), with the given limit on processes and pending signals.</summary>
    public ResourceLimits(ulong processes)
    {
        for (int i = 0; i < limits.Length; i++)
        {
            limits[i] = new ResourceLimit(Infinity, Infinity);
        }

        this[Resource.Stack] = new ResourceLimit(8 << 20, Infinity);
        this[Resource.Core] = new ResourceLimit(0, Infinity);
        this[Resource.Processes] = new ResourceLimit(processes, processes);
        this[Resource.OpenFiles] = new ResourceLimit(1024, 4096);
        this[Resource.LockedMemory] = new ResourceLimit(8 << 20, 8 << 20);
        this[Resource.PendingSignals] = new ResourceLimit(processes, processes);
        this[Resource.MessageQueueBytes] = new ResourceLimit(819200, 819200);
        this[Resource.Nice] = new ResourceLimit(0, 0);
        this[Resource.RealTimePriority] = new ResourceLimit(0, 0);
    }

    private ResourceLimits(ResourceLimits other) => other.limits.AsSpan().CopyTo(limits);

    /// <summary>The limit on one resource.</summary>
    public ResourceLimit this[Resource resource]
    {
        get => limits[(int)resource];
        set => limits[(int)resource] = value;
    }

    /// <summary>The limits of a child.</summary>
    public ResourceLimits Copy() => new(this);
}
