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
    private const long KibibytesPerFrame = 4;
    private const ulong NanosecondsPerSecond = 1_000_000_000;
    private const ulong NanosecondsPerHundredth = 10_000_000;

    /// <summary>Enters the files into the root of /proc.</summary>
    public static void AddTo(FileSystem fileSystem, FixedDirectory directory, Dentry root)
    {
        directory.Add(root, "cmdline"u8, Text(fileSystem, CommandLine));
        directory.Add(root, "cpuinfo"u8, Text(fileSystem, ProcessorText.Write));
        directory.Add(root, "devices"u8, Text(fileSystem, Devices));
        directory.Add(root, "filesystems"u8, Text(fileSystem, FileSystems));
        directory.Add(root, "loadavg"u8, Text(fileSystem, LoadAverage));
        directory.Add(root, "meminfo"u8, Text(fileSystem, Memory));
        directory.Add(root, "mounts"u8, new GeneratedLink(fileSystem, static reader => "self/mounts"u8.ToArray()));
        directory.Add(root, "self"u8, new GeneratedLink(fileSystem, OwnProcess));
        directory.Add(root, "stat"u8, Text(fileSystem, Statistics));
        directory.Add(root, "swaps"u8, Text(fileSystem, Swaps));
        directory.Add(root, "thread-self"u8, new GeneratedLink(fileSystem, OwnThread));
        directory.Add(root, "uptime"u8, Text(fileSystem, Uptime));
        directory.Add(root, "version"u8, Text(fileSystem, Version));
        directory.Add(root, "vmstat"u8, Text(fileSystem, MemoryStatistics));
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

    // Linux 6.1 with Debian's options; what this kernel has no notion of is 0.
    private static Errno Memory(Task reader, ref TextWriter text)
    {
        FrameAllocator frames = reader.Kernel.Machine.Frames;
        VirtualFileSystem fileSystems = reader.Kernel.FileSystems;
        long total = frames.TotalCount * KibibytesPerFrame;
        long free = frames.FreeCount * KibibytesPerFrame;
        long files = fileSystems.CountFileFrames() * KibibytesPerFrame;
        long heap = reader.Kernel.Machine.Heap.BytesHeld / 1024;
        long anonymous = Math.Max(total - free - files - heap, 0);
        Add(ref text, "MemTotal:       "u8, total);
        Add(ref text, "MemFree:        "u8, free);
        Add(ref text, "MemAvailable:   "u8, free);
        Add(ref text, "Buffers:        "u8, 0);
        Add(ref text, "Cached:         "u8, files);
        Add(ref text, "SwapCached:     "u8, 0);
        Add(ref text, "Active:         "u8, 0);
        Add(ref text, "Inactive:       "u8, anonymous);
        Add(ref text, "Active(anon):   "u8, 0);
        Add(ref text, "Inactive(anon): "u8, anonymous);
        Add(ref text, "Active(file):   "u8, 0);
        Add(ref text, "Inactive(file): "u8, 0);
        Add(ref text, "Unevictable:    "u8, files);
        Add(ref text, "Mlocked:        "u8, 0);
        Add(ref text, "SwapTotal:      "u8, 0);
        Add(ref text, "SwapFree:       "u8, 0);
        Add(ref text, "Zswap:          "u8, 0);
        Add(ref text, "Zswapped:       "u8, 0);
        Add(ref text, "Dirty:          "u8, 0);
        Add(ref text, "Writeback:      "u8, 0);
        Add(ref text, "AnonPages:      "u8, anonymous);
        Add(ref text, "Mapped:         "u8, 0);
        Add(ref text, "Shmem:          "u8, files);
        Add(ref text, "KReclaimable:   "u8, 0);
        Add(ref text, "Slab:           "u8, heap);
        Add(ref text, "SReclaimable:   "u8, 0);
        Add(ref text, "SUnreclaim:     "u8, heap);
        Add(ref text, "KernelStack:    "u8, 0);
        Add(ref text, "PageTables:     "u8, 0);
        Add(ref text, "NFS_Unstable:   "u8, 0);
        Add(ref text, "Bounce:         "u8, 0);
        Add(ref text, "WritebackTmp:   "u8, 0);
        Add(ref text, "CommitLimit:    "u8, total / 2);
        Add(ref text, "Committed_AS:   "u8, anonymous);
        text.Add("VmallocTotal:   34359738367 kB\n"u8);
        Add(ref text, "VmallocUsed:    "u8, 0);
        Add(ref text, "VmallocChunk:   "u8, 0);
        Add(ref text, "Percpu:         "u8, 0);
        Add(ref text, "HardwareCorrupted: "u8, 0, 5);
        Add(ref text, "AnonHugePages:  "u8, 0);
        Add(ref text, "ShmemHugePages: "u8, 0);
        Add(ref text, "ShmemPmdMapped: "u8, 0);
        Add(ref text, "FileHugePages:  "u8, 0);
        Add(ref text, "FilePmdMapped:  "u8, 0);
        if (frames.UnacceptedCount != 0)
        {
            Add(ref text, "Unaccepted:     "u8, frames.UnacceptedCount * KibibytesPerFrame); // as later Linux has it
        }

        text.Add("HugePages_Total:       0\nHugePages_Free:        0\nHugePages_Rsvd:        0\nHugePages_Surp:        0\n"u8);
        Add(ref text, "Hugepagesize:   "u8, 2048);
        Add(ref text, "Hugetlb:        "u8, 0);
        return Errno.None;
    }

    private static void Add(ref TextWriter text, ReadOnlySpan<byte> label, long kibibytes, int width = 8)
    {
        text.Add(label);
        text.Add(kibibytes, width);
        text.Add(" kB\n"u8);
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

    private static Errno MemoryStatistics(Task reader, ref TextWriter text)
    {
        text.Add("nr_free_pages "u8);
        text.Add(reader.Kernel.Machine.Frames.FreeCount);
        text.Add("\nnr_shmem "u8);
        text.Add(reader.Kernel.FileSystems.CountFileFrames());
        text.Add("\npgpgin 0\npgpgout 0\npswpin 0\npswpout 0\n"u8);
        return Errno.None;
    }
}
