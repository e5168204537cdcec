using LiteBox.North.Files;
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

    /// <summary>Puts the personality on a machine. Nothing runs yet.</summary>
    public LinuxKernel(Machine machine)
    {
        Machine = machine;
        Random = new RandomGenerator(machine.Entropy);
        FileSystems = new VirtualFileSystem(this);
        FileCalls.AddTo(SystemCalls);
    }

    /// <summary>The South.</summary>
    internal Machine Machine { get; }

    /// <summary>Who has which pid.</summary>
    internal ProcessTable Processes { get; } = new();

    internal SignalPool SignalPool { get; } = new(QueuedSignals);

    /// <summary>The system calls, by number.</summary>
    internal SystemCallTable SystemCalls { get; } = new();

    /// <summary>One log line about a system call that a program asked for and that is not there.</summary>
    internal void ReportUnsupported(Task task, SystemCallEntry entry, ulong number) =>
        Machine.Log(entry.Name is null ? $"litebox: system call {number} is not known" : $"litebox: system call {entry.Name} is not supported");
}
