using System;
using LiteBox.South.Handover;

namespace LiteBox.South.Consoles;

/// <summary>Whether the serial port is the workload's console.</summary>
internal static class ConsoleChoice
{
    /// <summary>Always in a debug image; in a release image where the measured command line has the word <c>console=ttyS0</c> before any <c>--</c>.</summary>
    internal static bool IsWanted(ReadOnlySpan<byte> commandLine) => ImageKind.IsDebug || IsNamed(commandLine);

    /// <summary>True where the command line names the serial port, with or without its speed.</summary>
    internal static bool IsNamed(ReadOnlySpan<byte> commandLine)
    {
        while (!commandLine.IsEmpty)
        {
            int end = commandLine.IndexOf((byte)' ');
            ReadOnlySpan<byte> word = end < 0 ? commandLine : commandLine[..end];
            if (word.SequenceEqual("--"u8))
            {
                return false;
            }

            if (word.SequenceEqual("console=ttyS0"u8) || word.StartsWith("console=ttyS0,"u8))
            {
                return true;
            }

            commandLine = end < 0 ? default : commandLine[(end + 1)..];
        }

        return false;
    }
}
