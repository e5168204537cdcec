using System;
using LiteBox.South.Stops;

namespace LiteBox.South.Consoles;

/// <summary>Lines of the boot log, with the time in front as Linux has it: seconds and microseconds.</summary>
internal static class BootLog
{
    private const int LineSize = 200;

    /// <summary>Writes a line, waiting for the transmitter.</summary>
    internal static void Write(UartConsole console, ulong nanoseconds, ReadOnlySpan<char> text)
    {
        LineWriter line = new(stackalloc byte[LineSize]);
        Format(ref line, nanoseconds, text);
        console.WriteSynchronously(line.Written);
        console.WriteSynchronously("\r\n"u8);
    }

    /// <summary>The line without its end.</summary>
    internal static void Format(ref LineWriter line, ulong nanoseconds, ReadOnlySpan<char> text)
    {
        Begin(ref line, nanoseconds);
        line.Write(text);
    }

    /// <summary>The time in front of a line.</summary>
    internal static void Begin(ref LineWriter line, ulong nanoseconds)
    {
        line.Write((byte)'[');
        line.WriteDecimal(nanoseconds / 1_000_000_000, 5);
        line.Write((byte)'.');
        line.WriteDecimal(nanoseconds / 1000 % 1_000_000, 6, (byte)'0');
        line.Write("] "u8);
    }
}
