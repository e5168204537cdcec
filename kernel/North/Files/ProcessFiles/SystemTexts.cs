using System;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.Text;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>The files of /proc that are about the whole system (proc(5)).</summary>
internal static class SystemTexts
{
    private const uint Everybody = 0x124; // 0444
    private const uint OwnerOnly = 0x100; // 0400
    private const ulong NanosecondsPerSecond = 1_000_000_000;
    private const ulong NanosecondsPerHundredth = 10_000_000;

    /// <summary>Enters the files into the root of /proc.</summary>
    public static void AddTo(FileSystem fileSystem, FixedDirectory directory, Dentry root)
    {
        directory.Add(root, "cmdline"u8, Text(fileSystem, CommandLine));
        directory.Add(root, "cpuinfo"u8, Text(fileSystem, ProcessorText.Write));
        directory.Add(root, "devices"u8, Text(fileSystem, Devices));
        directory.Add(root, "filesystems"u8, Text(fileSystem, FileSystems));
        directory.Add(root, "litebox"u8, Text(fileSystem, TrustTexts.Write));
        directory.Add(root, "loadavg"u8, Text(fileSystem, LoadAverage));
        directory.Add(root, "meminfo"u8, Text(fileSystem, MemoryTexts.Sizes));
        directory.Add(root, "mounts"u8, new GeneratedLink(fileSystem, static reader => "self/mounts"u8.ToArray()));
        directory.Add(root, "self"u8, new GeneratedLink(fileSystem, OwnProcess));
        directory.Add(root, "slabinfo"u8, new GeneratedText(fileSystem, OwnerOnly, MemoryTexts.Heap));
        directory.Add(root, "stat"u8, Text(fileSystem, Statistics));
        directory.Add(root, "swaps"u8, Text(fileSystem, Swaps));
        directory.Add(root, "thread-self"u8, new GeneratedLink(fileSystem, OwnThread));
        directory.Add(root, "uptime"u8, Text(fileSystem, Uptime));
        directory.Add(root, "version"u8, Text(fileSystem, Version));
        directory.Add(root, "vmstat"u8, Text(fileSystem, MemoryTexts.Statistics));
        SystemParameters.AddTo(fileSystem, directory, root);
    }

    /// <summary>"0" or "0-3".</summary>
    public static void AddProcessorRange(int count, ref TextWriter text)
    {
        text.Add((byte)'0');
        if (count > 1)
        {
            text.Add((byte)'-');
            text.Add(count - 1);
        }
    }

    private static GeneratedText Text(FileSystem fileSystem, TextSource source) => new(fileSystem, Everybody, source);

    private static byte[]? OwnProcess(Task? reader) => reader is null ? null : Number(reader.Process.Id);

    private static byte[]? OwnThread(Task? reader)
    {
        if (reader is null)
        {
            return null;
        }

        TextWriter text = new();
        text.Add(reader.Process.Id);
        text.Add("/task/"u8);
        text.Add(reader.Id);
        return text.ToArray();
    }

    private static byte[] Number(int value)
    {
        Span<byte> text = stackalloc byte[DecimalText.MaximumLength];
        return text.Slice(0, DecimalText.Write(text, (ulong)value)).ToArray();
    }

    private static Errno CommandLine(Task reader, ref TextWriter text)
    {
        text.Add(ProcessTexts.TrimEnd(reader.Kernel.Machine.CommandLine));
        text.Add((byte)'\n');
        return Errno.None;
    }

    private static Errno Devices(Task reader, ref TextWriter text)
    {
        text.Add("Character devices:\n  1 mem\n  4 tty\n  4 ttyS\n  5 /dev/tty\n  5 /dev/console\n\nBlock devices:\n"u8);
        return Errno.None;
    }

    private static Errno FileSystems(Task reader, ref TextWriter text)
    {
        text.Add("nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\nnodev\tdevtmpfs\nnodev\tconfigfs\nnodev\tpipefs\nnodev\tramfs\n"u8);
        return Errno.None;
    }

    private static Errno LoadAverage(Task reader, ref TextWriter text)
    {
        // No averages are kept: the numbers of tasks are true, the loads are not measured.
        ProcessTable processes = reader.Kernel.Processes;
        text.Add("0.00 0.00 0.00 "u8);
        text.Add(reader.Kernel.Machine.Scheduler.RunnableCount);
        text.Add((byte)'/');
        text.Add(processes.TaskCount);
        text.Add((byte)' ');
        text.Add(processes.LastId);
        text.Add((byte)'\n');
        return Errno.None;
    }

    private static Errno Statistics(Task reader, ref TextWriter text)
    {
        Machine machine = reader.Kernel.Machine;
        ulong idle = machine.Scheduler.IdleTime / NanosecondsPerHundredth;
        ulong all = machine.Clock.Monotonic / NanosecondsPerHundredth * (ulong)machine.ProcessorCount;
        ulong busy = all > idle ? all - idle : 0;
        text.Add("cpu  "u8);
        AddTimes(ref text, busy, idle);
        for (int i = 0; i < machine.ProcessorCount; i++)
        {
            text.Add("cpu"u8);
            text.Add(i);
            text.Add((byte)' ');
            AddTimes(ref text, busy / (ulong)machine.ProcessorCount, idle / (ulong)machine.ProcessorCount);
        }

        text.Add("intr 0\nctxt 0\nbtime "u8);
        text.AddUnsigned((machine.Clock.Realtime - machine.Clock.Monotonic) / NanosecondsPerSecond);
        text.Add("\nprocesses "u8);
        text.Add(reader.Kernel.Processes.TasksEverMade);
        text.Add("\nprocs_running "u8);
        text.Add(machine.Scheduler.RunnableCount);
        text.Add("\nprocs_blocked 0\nsoftirq 0 0 0 0 0 0 0 0 0 0 0\n"u8);
        return Errno.None;
    }

    // user nice system idle iowait irq softirq steal guest guest_nice
    private static void AddTimes(ref TextWriter text, ulong user, ulong idle)
    {
        text.AddUnsigned(user);
        text.Add(" 0 0 "u8);
        text.AddUnsigned(idle);
        text.Add(" 0 0 0 0 0 0\n"u8);
    }

    private static Errno Swaps(Task reader, ref TextWriter text)
    {
        text.Add("Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"u8);
        return Errno.None;
    }

    private static Errno Uptime(Task reader, ref TextWriter text)
    {
        AddHundredths(ref text, reader.Kernel.Machine.Clock.Monotonic);
        text.Add((byte)' ');
        AddHundredths(ref text, reader.Kernel.Machine.Scheduler.IdleTime);
        text.Add((byte)'\n');
        return Errno.None;
    }

    private static void AddHundredths(ref TextWriter text, ulong nanoseconds)
    {
        text.AddUnsigned(nanoseconds / NanosecondsPerSecond);
        text.Add((byte)'.');
        text.AddUnsigned(nanoseconds % NanosecondsPerSecond / NanosecondsPerHundredth, 2, (byte)'0');
    }

    private static Errno Version(Task reader, ref TextWriter text)
    {
        text.Add("Linux version "u8);
        text.Add(LinuxVersion.Release);
        text.Add((byte)' ');
        text.Add(LinuxVersion.Version);
        text.Add((byte)'\n');
        return Errno.None;
    }
}
