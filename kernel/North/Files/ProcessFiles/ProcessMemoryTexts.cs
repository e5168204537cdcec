using System;
using LiteBox.Abi;
using LiteBox.North.Memory;
using LiteBox.North.Processes;
using LiteBox.North.Text;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>Files of /proc/PID that show the process's own memory: arguments, environment, auxiliary vector; and its sizes.</summary>
internal static class ProcessMemoryTexts
{
    public static Errno CommandLine(Task reader, ProcessSubject subject, ref TextWriter text)
    {
        if (subject.Process.Memory is { } memory)
        {
            Copy(memory, memory.Layout.ArgumentStart, memory.Layout.ArgumentEnd, ref text);
        }

        return Errno.None;
    }

    public static Errno Environment(Task reader, ProcessSubject subject, ref TextWriter text)
    {
        if (!subject.MayInspect(reader))
        {
            return Errno.EACCES;
        }

        if (subject.Process.Memory is { } memory)
        {
            Copy(memory, memory.Layout.EnvironmentStart, memory.Layout.EnvironmentEnd, ref text);
        }

        return Errno.None;
    }

    public static Errno AuxiliaryVector(Task reader, ProcessSubject subject, ref TextWriter text)
    {
        if (!subject.MayInspect(reader))
        {
            return Errno.EACCES;
        }

        if (subject.Process.Memory is { } memory)
        {
            Copy(memory, memory.Layout.AuxiliaryStart, memory.Layout.AuxiliaryEnd, ref text);
        }

        return Errno.None;
    }

    /// <summary>statm: size resident shared text lib data dt.</summary>
    public static Errno Sizes(Task reader, ProcessSubject subject, ref TextWriter text)
    {
        if (subject.Process.Memory is not { } memory)
        {
            text.Add("0 0 0 0 0 0 0\n"u8);
            return Errno.None;
        }

        MemorySizes sizes = MemorySizes.Of(memory);
        text.Add(sizes.Total);
        text.Add((byte)' ');
        text.Add(sizes.Resident);
        text.Add((byte)' ');
        text.Add(sizes.ResidentFile);
        text.Add((byte)' ');
        text.Add(sizes.Code);
        text.Add(" 0 "u8);
        text.Add(sizes.Data + sizes.Stack);
        text.Add(" 0\n"u8);
        return Errno.None;
    }

    // A page that cannot be read ends the text.
    private static void Copy(AddressSpace memory, UserAddress start, UserAddress end, ref TextWriter text)
    {
        Span<byte> piece = stackalloc byte[256];
        while (start < end)
        {
            Span<byte> part = piece.Slice(0, (int)Math.Min((ulong)piece.Length, end - start));
            if (!memory.TryReadBytes(start, part))
            {
                return;
            }

            text.Add(part);
            start += (ulong)part.Length;
        }
    }
}
