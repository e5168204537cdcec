using System;
using LiteBox.South.Consoles;
using LiteBox.South.Instructions;
using LiteBox.South.Stops;

namespace LiteBox.South.Snp;

/// <summary>What an SNP guest says of itself when it is up: the launch's features and policy for whoever reads the log (T45), and what it has cost so far.</summary>
internal static class BootReport
{
    private const int LineSize = 180;

    /// <summary>Writes the lines.</summary>
    internal static void Write(UartConsole console, ulong nanoseconds, HostConnection connection, ref SnpCpuidTable cpuid)
    {
        LineWriter line = new(stackalloc byte[LineSize]);
        BootLog.Begin(ref line, nanoseconds);
        line.Write("litebox: VMPL 0, C-bit "u8);
        line.WriteDecimal((ulong)SnpGuest.EncryptionBit(ref cpuid));
        line.Write(", features:"u8);
        SevStatus.WriteNames(ref line, Instruction.ReadMsr(SevStatus.Register));
        Finish(console, ref line);

        BootLog.Begin(ref line, nanoseconds);
        line.Write("litebox: "u8);
        line.WriteDecimal((ulong)connection.Ghcb.ExitCount);
        line.Write(" requests to the host, "u8);
        line.WriteDecimal((ulong)connection.Ghcb.PageStateExitCount);
        line.Write(" of them for page states; accepted: "u8);
        line.WriteDecimal((ulong)connection.Validation.LargeCount);
        line.Write(" x 2 MiB, "u8);
        line.WriteDecimal((ulong)connection.Validation.SmallCount);
        line.Write(" x 4 KiB; shared: "u8);
        line.WriteDecimal(SharedPool.PageCount);
        line.Write(" x 4 KiB"u8);
        Finish(console, ref line);
    }

    private static void Finish(UartConsole console, ref LineWriter line)
    {
        line.Write("\r\n"u8);
        console.WriteSynchronously(line.Written);
        line.Clear();
    }
}
