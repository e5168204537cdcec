using System;
using LiteBox.North.Files;
using LiteBox.North.Futexes;
using LiteBox.North.Processes;
using LiteBox.North.Randomness;
using LiteBox.North.Signals;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North;

/// <summary>The root of the Linux personality: one a boot. Everything else is reached from here.</summary>
public sealed partial class LinuxKernel
{
    /// <summary>Entries for queued signals: enough for what real programs queue at once, small enough for a machine of 64 MiB.</summary>
    private const int QueuedSignals = 1024;

    /// <summary>Frames that each task is reckoned to need at least (stacks, tables, kernel objects): bounds their number before memory does.</summary>
    private const long FramesPerTask = 24;

    /// <summary>Tasks that a machine carries whatever its memory.</summary>
    private const long FewestTasks = 64;

    /// <summary>The leaf of CPUID that describes XSAVE (APM volume 3, E.4.6).</summary>
    private const uint ExtendedStateLeaf = 0xD;

    /// <summary>The area of x87 and SSE with its header, which the other features follow.</summary>
    private const int SmallestExtendedArea = 576;

    private byte[] hostName = "litebox"u8.ToArray();
    private byte[] domainName = "(none)"u8.ToArray();
    private PageTable? emptyPageTable;
    private ulong extendedFeatures;

    /// <summary>Puts the personality on a machine. Nothing runs yet.</summary>
    public LinuxKernel(Machine machine)
    {
        Machine = machine;
        MaximumTasks = (int)Math.Min(Math.Max(machine.Frames.TotalCount / FramesPerTask, FewestTasks), ProcessTable.Maximum);
        SystemNames = LinuxVersion.Describe(hostName, domainName);
        Random = new RandomGenerator(machine.Entropy);
        FileSystems = new VirtualFileSystem(this);
        SystemCallRooms.AddAll(SystemCalls);
    }

    /// <summary>The South.</summary>
    internal Machine Machine { get; }

    /// <summary>Who has which pid.</summary>
    internal ProcessTable Processes { get; } = new();

    /// <summary>The most tasks there may be (/proc/sys/kernel/threads-max).</summary>
    internal int MaximumTasks { get; }

    /// <summary>Entries for queued signals.</summary>
    internal SignalPool SignalPool { get; } = new(QueuedSignals);

    /// <summary>Who waits on which word.</summary>
    internal FutexTable Futexes { get; } = new();

    /// <summary>Who waits for time or a signal only: nobody wakes this queue.</summary>
    internal WaitQueue Sleepers { get; } = new();

    /// <summary>The system calls, by number.</summary>
    internal SystemCallTable SystemCalls { get; } = new();

    /// <summary>sethostname(2).</summary>
    internal byte[] HostName
    {
        get => hostName;
        set
        {
            hostName = value;
            SystemNames = LinuxVersion.Describe(hostName, domainName);
        }
    }

    /// <summary>setdomainname(2).</summary>
    internal byte[] DomainName
    {
        get => domainName;
        set
        {
            domainName = value;
            SystemNames = LinuxVersion.Describe(hostName, domainName);
        }
    }

    /// <summary>struct new_utsname (uname(2)), kept as bytes: programs ask more often than names change.</summary>
    internal byte[] SystemNames { get; private set; }

    /// <summary>An address space without anything: what a task stands on between the end of its memory and its own.</summary>
    internal PageTable EmptyPageTable =>
        emptyPageTable ?? throw new InvalidOperationException("The kernel was not started.");

    /// <summary>The most bytes that a signal frame takes (AT_MINSIGSTKSZ).</summary>
    internal int SignalFrameSize => SignalFrame.MaximumSize((int)Math.Max(Machine.Cpuid(ExtendedStateLeaf, 0).Ebx, 512));

    /// <summary>The features whose state lies in an XSAVE area of this size: the mask that a signal frame names.</summary>
    internal ulong ExtendedFeatures(int areaSize) => extendedFeatures != 0 ? extendedFeatures : FindExtendedFeatures(areaSize);

    private ulong FindExtendedFeatures(int areaSize)
    {
        extendedFeatures = 3; // x87 and SSE
        ulong supported = Machine.Cpuid(ExtendedStateLeaf, 0).Eax;
        for (uint feature = 2; feature < 32; feature++)
        {
            CpuidResult result = Machine.Cpuid(ExtendedStateLeaf, feature);
            bool isInArea = result.Eax != 0 && result.Ebx >= SmallestExtendedArea && result.Ebx + (long)result.Eax <= areaSize;
            if ((supported >> (int)feature & 1) != 0 && isInArea)
            {
                extendedFeatures |= 1UL << (int)feature;
            }
        }

        return extendedFeatures;
    }

    /// <summary>One log line about a system call that a program asked for and that is not there.</summary>
    internal void ReportUnsupported(Task task, SystemCallEntry entry, ulong number) =>
        Machine.Log(entry.Name is null ? $"litebox: system call {number} is not known" : $"litebox: system call {entry.Name} is not supported");

    /// <summary>The first process is over: so is the machine.</summary>
    internal void EndWorkload(int waitStatus)
    {
        Machine.Log(WaitStatuses.IsExit(waitStatus)
            ? $"litebox: workload exited with status {WaitStatuses.ExitCode(waitStatus)}"
            : $"litebox: workload killed by signal {WaitStatuses.Signal(waitStatus)}");
        Machine.PowerOff(waitStatus);
    }
}
