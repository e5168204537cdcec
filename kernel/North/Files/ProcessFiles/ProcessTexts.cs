using System;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.Text;

namespace LiteBox.North.Files;

/// <summary>The small files and the links of /proc/PID (proc(5)).</summary>
internal static class ProcessTexts
{
    private const int LongestName = 15;

    public static Errno CommandName(Task reader, ProcessSubject subject, ref TextWriter text)
    {
        text.Add(NameOf(subject));
        text.Add((byte)'\n');
        return Errno.None;
    }

    /// <summary>The command name without the zeros behind it.</summary>
    public static ReadOnlySpan<byte> NameOf(ProcessSubject subject)
    {
        ReadOnlySpan<byte> name = subject.Task is null ? subject.Process.EndedName : subject.Task.Name;
        int length = name.IndexOf((byte)0);
        return length < 0 ? name : name.Slice(0, length);
    }

    public static Errno SetCommandName(Task writer, ProcessSubject subject, ReadOnlySpan<byte> text)
    {
        if (subject.Task is not { } task || writer.Process != subject.Process)
        {
            return Errno.EINVAL;
        }

        Span<byte> name = task.Name;
        name.Clear();
        text.Slice(0, Math.Min(text.Length, LongestName)).CopyTo(name);
        return Errno.None;
    }

    public static Errno Personality(Task reader, ProcessSubject subject, ref TextWriter text)
    {
        text.AddHex(subject.Process.Personality, 8);
        text.Add((byte)'\n');
        return Errno.None;
    }

    public static Errno Zero(Task reader, ProcessSubject subject, ref TextWriter text)
    {
        text.Add((byte)'0');
        return Errno.None;
    }

    public static Errno ControlGroupRoot(Task reader, ProcessSubject subject, ref TextWriter text)
    {
        text.Add("/\n"u8);
        return Errno.None;
    }

    public static Errno ControlGroup(Task reader, ProcessSubject subject, ref TextWriter text)
    {
        text.Add("0::/\n"u8);
        return Errno.None;
    }

    public static Errno OutOfMemoryScore(Task reader, ProcessSubject subject, ref TextWriter text)
    {
        text.Add("0\n"u8);
        return Errno.None;
    }

    public static Errno OutOfMemoryAdjustment(Task reader, ProcessSubject subject, ref TextWriter text)
    {
        text.Add(subject.Process.OutOfMemoryAdjustment);
        text.Add((byte)'\n');
        return Errno.None;
    }

    public static Errno SetOutOfMemoryAdjustment(Task writer, ProcessSubject subject, ReadOnlySpan<byte> text)
    {
        const int Limit = 1000; // OOM_SCORE_ADJ_MAX
        bool isNegative = text.Length > 0 && text[0] == (byte)'-';
        ReadOnlySpan<byte> digits = TrimEnd(isNegative ? text.Slice(1) : text);
        if (!DecimalText.TryRead(digits, out int value) || value > Limit)
        {
            return Errno.EINVAL;
        }

        value = isNegative ? -value : value;
        if (value < subject.Process.OutOfMemoryAdjustment && !writer.Credentials.Has(Capability.ExceedResources))
        {
            return Errno.EACCES;
        }

        subject.Process.OutOfMemoryAdjustment = value;
        return Errno.None;
    }

    /// <summary>Without the line end and blanks that echo(1) leaves.</summary>
    public static ReadOnlySpan<byte> TrimEnd(ReadOnlySpan<byte> text)
    {
        while (text.Length > 0 && (text[^1] is (byte)'\n' or (byte)' ' or 0))
        {
            text = text.Slice(0, text.Length - 1);
        }

        return text;
    }

    public static Errno LoginUser(Task reader, ProcessSubject subject, ref TextWriter text)
    {
        text.AddUnsigned(uint.MaxValue); // not set
        return Errno.None;
    }

    public static Errno CoreDumpFilter(Task reader, ProcessSubject subject, ref TextWriter text)
    {
        text.Add("00000033\n"u8);
        return Errno.None;
    }

    public static Errno IdentityMap(Task reader, ProcessSubject subject, ref TextWriter text)
    {
        text.Add("         0          0 4294967295\n"u8);
        return Errno.None;
    }

    public static Errno SetGroups(Task reader, ProcessSubject subject, ref TextWriter text)
    {
        text.Add("allow\n"u8);
        return Errno.None;
    }

    public static Errno TimerSlack(Task reader, ProcessSubject subject, ref TextWriter text)
    {
        text.AddUnsigned(subject.Task?.TimerSlack ?? 0);
        text.Add((byte)'\n');
        return Errno.None;
    }

    public static Errno Ignore(Task writer, ProcessSubject subject, ReadOnlySpan<byte> text) => Errno.None;

    public static Errno Refuse(Task writer, ProcessSubject subject, ReadOnlySpan<byte> text) => Errno.EPERM;

    public static Errno WorkingDirectory(ProcessSubject subject, out Location place)
    {
        place = subject.Task?.FileSystemContext.WorkingDirectory ?? default;
        return subject.Task is null ? Errno.ENOENT : Errno.None;
    }

    public static Errno Root(ProcessSubject subject, out Location place)
    {
        place = subject.Task?.FileSystemContext.Root ?? default;
        return subject.Task is null ? Errno.ENOENT : Errno.None;
    }

    public static Errno Executable(ProcessSubject subject, out Location place)
    {
        place = subject.Process.Executable?.Location ?? default;
        return subject.Process.Executable is null ? Errno.ENOENT : Errno.None;
    }
}
