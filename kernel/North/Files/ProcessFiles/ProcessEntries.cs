using System;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.Text;

namespace LiteBox.North.Files;

/// <summary>Makes the inode of a name in /proc/PID.</summary>
internal delegate Inode ProcessInodeMaker(FileSystem fileSystem, ProcessSubject subject);

/// <summary>One name in /proc/PID.</summary>
internal sealed class ProcessEntry
{
    private readonly byte[] name;
    private readonly ProcessInodeMaker maker;

    public ProcessEntry(ReadOnlySpan<byte> name, uint mode, ProcessInodeMaker maker, bool isForProcessOnly = false)
    {
        this.name = name.ToArray();
        Mode = mode;
        this.maker = maker;
        IsForProcessOnly = isForProcessOnly;
    }

    public ReadOnlySpan<byte> Name => name;

    public uint Mode { get; }

    /// <summary>True for names that /proc/PID/task/TID does not have.</summary>
    public bool IsForProcessOnly { get; }

    public Inode Create(FileSystem fileSystem, ProcessSubject subject) => maker(fileSystem, subject);
}

/// <summary>The names in /proc/PID, in Linux's order (fs/proc/base.c, tgid_base_stuff).</summary>
internal static class ProcessEntries
{
    private const uint Everybody = 0x124; // 0444
    private const uint OwnerOnly = 0x100; // 0400
    private const uint OwnerWrites = 0x1A4; // 0644

    public static ProcessEntry[] All { get; } =
    [
        new("task"u8, FileMode.Directory | 0x16D, (f, s) => new TaskListDirectory(f, s), isForProcessOnly: true),
        new("fd"u8, FileMode.Directory | 0x140, (f, s) => new DescriptorDirectory(f, s, showsInformation: false)),
        new("fdinfo"u8, FileMode.Directory | 0x140, (f, s) => new DescriptorDirectory(f, s, showsInformation: true)),
        Text("environ"u8, OwnerOnly, ProcessMemoryTexts.Environment),
        Text("auxv"u8, OwnerOnly, ProcessMemoryTexts.AuxiliaryVector),
        Text("status"u8, Everybody, ProcessStatusText.Write),
        Text("personality"u8, OwnerOnly, ProcessTexts.Personality),
        Text("limits"u8, Everybody, ProcessLimitsText.Write),
        Text("comm"u8, OwnerWrites, ProcessTexts.CommandName, ProcessTexts.SetCommandName),
        Text("cmdline"u8, Everybody, ProcessMemoryTexts.CommandLine),
        Text("stat"u8, Everybody, ProcessStatText.Write),
        Text("statm"u8, Everybody, ProcessMemoryTexts.Sizes),
        Text("maps"u8, Everybody, ProcessMapsText.Write),
        new("cwd"u8, FileMode.SymbolicLink | FileMode.AccessMask, (f, s) => Link(f, s, ProcessTexts.WorkingDirectory)),
        new("root"u8, FileMode.SymbolicLink | FileMode.AccessMask, (f, s) => Link(f, s, ProcessTexts.Root)),
        new("exe"u8, FileMode.SymbolicLink | FileMode.AccessMask, (f, s) => Link(f, s, ProcessTexts.Executable)),
        Text("mounts"u8, Everybody, MountTexts.Mounts),
        Text("mountinfo"u8, Everybody, MountTexts.MountInformation),
        Text("smaps"u8, Everybody, ProcessMapsText.WriteWithSizes),
        Text("wchan"u8, Everybody, ProcessTexts.Zero),
        Text("cpuset"u8, Everybody, ProcessTexts.ControlGroupRoot),
        Text("cgroup"u8, Everybody, ProcessTexts.ControlGroup),
        Text("oom_score"u8, Everybody, ProcessTexts.OutOfMemoryScore),
        Text("oom_score_adj"u8, OwnerWrites, ProcessTexts.OutOfMemoryAdjustment, ProcessTexts.SetOutOfMemoryAdjustment),
        Text("loginuid"u8, OwnerWrites, ProcessTexts.LoginUser, ProcessTexts.Ignore),
        Text("sessionid"u8, Everybody, ProcessTexts.LoginUser),
        Text("coredump_filter"u8, OwnerWrites, ProcessTexts.CoreDumpFilter, ProcessTexts.Ignore),
        Text("uid_map"u8, OwnerWrites, ProcessTexts.IdentityMap, ProcessTexts.Refuse),
        Text("gid_map"u8, OwnerWrites, ProcessTexts.IdentityMap, ProcessTexts.Refuse),
        Text("setgroups"u8, OwnerWrites, ProcessTexts.SetGroups, ProcessTexts.Refuse),
        Text("timerslack_ns"u8, 0x1B6, ProcessTexts.TimerSlack),
    ];

    private static ProcessEntry Text(ReadOnlySpan<byte> name, uint permissions, ProcessTextSource source, ProcessTextSink? sink = null) =>
        new(
            name,
            FileMode.Regular | permissions,
            (fileSystem, subject) => new GeneratedText(
                fileSystem,
                permissions,
                (Task reader, ref TextWriter text) => subject.Exists ? source(reader, subject, ref text) : Errno.ESRCH,
                sink is null ? null : (writer, text) => subject.Exists ? sink(writer, subject, text) : Errno.ESRCH));

    private static GeneratedLink Link(FileSystem fileSystem, ProcessSubject subject, ProcessPlaceSource source) =>
        new(
            fileSystem,
            (Task reader, out Location target) =>
            {
                target = default;
                if (!subject.Exists)
                {
                    return Errno.ENOENT;
                }

                return subject.MayInspect(reader) ? source(subject, out target) : Errno.EACCES;
            });
}

/// <summary>Finds a place that belongs to a process.</summary>
internal delegate Errno ProcessPlaceSource(ProcessSubject subject, out Location place);
