using System;
using LiteBox.Abi;
using LiteBox.North.Memory;
using LiteBox.North.Processes;
using LiteBox.North.Text;

namespace LiteBox.North.Files;

/// <summary>/proc/PID/status (proc(5); fs/proc/array.c, proc_pid_status).</summary>
internal static class ProcessStatusText
{
    private const long KibibytesPerPage = 4;

    public static Errno Write(Task reader, ProcessSubject subject, ref TextWriter text)
    {
        Process process = subject.Process;
        Task? task = subject.Task;
        Credentials credentials = task?.Credentials ?? Credentials.Root;
        char state = ProcessStateText.LetterOf(subject);
        text.Add("Name:\t"u8);
        text.Add(ProcessTexts.NameOf(subject));
        if (task is not null)
        {
            text.Add("\nUmask:\t"u8);
            text.AddOctal(task.FileSystemContext.Umask, 4);
        }

        text.Add("\nState:\t"u8);
        text.Add(ProcessStateText.WordOf(state));
        Add(ref text, "\nTgid:\t"u8, process.Id);
        Add(ref text, "\nNgid:\t"u8, 0);
        Add(ref text, "\nPid:\t"u8, task?.Id ?? process.Id);
        Add(ref text, "\nPPid:\t"u8, process.Parent?.Id ?? 0);
        Add(ref text, "\nTracerPid:\t"u8, 0);
        AddFour(ref text, "\nUid:"u8, credentials.UserId, credentials.EffectiveUserId, credentials.SavedUserId, credentials.FileUserId);
        AddFour(ref text, "\nGid:"u8, credentials.GroupId, credentials.EffectiveGroupId, credentials.SavedGroupId, credentials.FileGroupId);
        Add(ref text, "\nFDSize:\t"u8, task is null || process.IsZombie ? 0 : task.Files.Capacity);
        text.Add("\nGroups:\t"u8);
        for (int i = 0; i < credentials.Groups.Length; i++)
        {
            text.AddUnsigned(credentials.Groups[i]);
            text.Add((byte)' ');
        }

        if (credentials.Groups.Length == 0)
        {
            text.Add((byte)' ');
        }

        Add(ref text, "\nNStgid:\t"u8, process.Id);
        Add(ref text, "\nNSpid:\t"u8, task?.Id ?? process.Id);
        Add(ref text, "\nNSpgid:\t"u8, process.Group.Id);
        Add(ref text, "\nNSsid:\t"u8, process.Session.Id);
        text.Add((byte)'\n');
        if (process.Memory is { } memory)
        {
            WriteMemory(memory, ref text);
        }

        WriteSignals(subject, ref text);
        WriteCapabilities(credentials, task, ref text);
        WriteProcessors(process.Kernel.Machine.ProcessorCount, ref text);
        return Errno.None;
    }

    private static void WriteMemory(AddressSpace memory, ref TextWriter text)
    {
        MemorySizes sizes = MemorySizes.Of(memory);
        AddKibibytes(ref text, "VmPeak:\t"u8, sizes.Total);
        AddKibibytes(ref text, "VmSize:\t"u8, sizes.Total);
        AddKibibytes(ref text, "VmLck:\t"u8, (long)(memory.LockedBytes >> 12));
        AddKibibytes(ref text, "VmPin:\t"u8, 0);
        AddKibibytes(ref text, "VmHWM:\t"u8, sizes.Resident);
        AddKibibytes(ref text, "VmRSS:\t"u8, sizes.Resident);
        AddKibibytes(ref text, "RssAnon:\t"u8, sizes.Resident - sizes.ResidentFile);
        AddKibibytes(ref text, "RssFile:\t"u8, sizes.ResidentFile);
        AddKibibytes(ref text, "RssShmem:\t"u8, 0);
        AddKibibytes(ref text, "VmData:\t"u8, sizes.Data);
        AddKibibytes(ref text, "VmStk:\t"u8, sizes.Stack);
        AddKibibytes(ref text, "VmExe:\t"u8, sizes.Code);
        AddKibibytes(ref text, "VmLib:\t"u8, sizes.Library);
        AddKibibytes(ref text, "VmPTE:\t"u8, sizes.PageTable);
        AddKibibytes(ref text, "VmSwap:\t"u8, 0);
        AddKibibytes(ref text, "HugetlbPages:\t"u8, 0);
        text.Add("CoreDumping:\t0\nTHP_enabled:\t0\n"u8);
    }

    private static void WriteSignals(ProcessSubject subject, ref TextWriter text)
    {
        Process process = subject.Process;
        ProcessStateText.GetSignalMasks(process, out ulong ignored, out ulong caught);
        Add(ref text, "Threads:\t"u8, Math.Max(process.TaskCount, 1));
        text.Add("\nSigQ:\t0/"u8);
        text.AddUnsigned(process.Limits[Resource.PendingSignals].Current);
        AddMask(ref text, "\nSigPnd:\t"u8, subject.Task?.PendingSignals.Mask ?? 0);
        AddMask(ref text, "\nShdPnd:\t"u8, process.PendingSignals.Mask);
        AddMask(ref text, "\nSigBlk:\t"u8, subject.Task?.BlockedSignals ?? 0);
        AddMask(ref text, "\nSigIgn:\t"u8, ignored);
        AddMask(ref text, "\nSigCgt:\t"u8, caught);
    }

    private static void WriteCapabilities(Credentials credentials, Task? task, ref TextWriter text)
    {
        AddMask(ref text, "\nCapInh:\t"u8, credentials.InheritableCapabilities);
        AddMask(ref text, "\nCapPrm:\t"u8, credentials.PermittedCapabilities);
        AddMask(ref text, "\nCapEff:\t"u8, credentials.EffectiveCapabilities);
        AddMask(ref text, "\nCapBnd:\t"u8, credentials.BoundingCapabilities);
        AddMask(ref text, "\nCapAmb:\t"u8, 0);
        Add(ref text, "\nNoNewPrivs:\t"u8, task is { HasNoNewPrivileges: true } ? 1 : 0);
        text.Add("\nSeccomp:\t0\nSeccomp_filters:\t0\nSpeculation_Store_Bypass:\tunknown\nSpeculationIndirectBranch:\tunknown\n"u8);
    }

    private static void WriteProcessors(int count, ref TextWriter text)
    {
        ulong mask = count >= 64 ? ulong.MaxValue : (1UL << count) - 1;
        text.Add("Cpus_allowed:\t"u8);
        text.AddHex(mask);
        text.Add("\nCpus_allowed_list:\t"u8);
        SystemTexts.AddProcessorRange(count, ref text);
        text.Add("\nMems_allowed:\t1\nMems_allowed_list:\t0\nvoluntary_ctxt_switches:\t0\nnonvoluntary_ctxt_switches:\t0\n"u8);
    }

    private static void Add(ref TextWriter text, ReadOnlySpan<byte> label, long value)
    {
        text.Add(label);
        text.Add(value);
    }

    private static void AddFour(ref TextWriter text, ReadOnlySpan<byte> label, uint a, uint b, uint c, uint d)
    {
        text.Add(label);
        text.Add((byte)'\t');
        text.AddUnsigned(a);
        text.Add((byte)'\t');
        text.AddUnsigned(b);
        text.Add((byte)'\t');
        text.AddUnsigned(c);
        text.Add((byte)'\t');
        text.AddUnsigned(d);
    }

    private static void AddMask(ref TextWriter text, ReadOnlySpan<byte> label, ulong mask)
    {
        text.Add(label);
        text.AddHex(mask, 16);
    }

    private static void AddKibibytes(ref TextWriter text, ReadOnlySpan<byte> label, long pages)
    {
        text.Add(label);
        text.Add(pages * KibibytesPerPage, 8);
        text.Add(" kB\n"u8);
    }
}
