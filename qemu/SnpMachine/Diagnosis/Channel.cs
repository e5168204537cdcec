using System;
using LiteBox.SnpMachine.Hardware;

namespace LiteBox.SnpMachine.Diagnosis;

/// <summary>
/// Where the machine speaks: one port for text and one for JSON lines, each the port of a QEMU debug console, and neither reachable by
/// the guest.
/// </summary>
internal static unsafe class Channel
{
    /// <summary>I/O port of the text for people.</summary>
    public const ushort TextPort = 0xE9;

    /// <summary>I/O port of the JSON lines for programs.</summary>
    public const ushort JsonPort = 0xEA;

    public static void Write(ushort port, ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            Processor.Out8(port, text[i]);
        }
    }

    /// <summary>At least <paramref name="digits"/> hexadecimal digits.</summary>
    public static void WriteHex(ushort port, ulong value, int digits = 1)
    {
        int shown = digits;
        while (shown < 16 && value >> (4 * shown) != 0)
        {
            shown++;
        }
        for (int i = shown - 1; i >= 0; i--)
        {
            int digit = (int)(value >> (4 * i)) & 15;
            Processor.Out8(port, (byte)(digit < 10 ? '0' + digit : 'a' + digit - 10));
        }
    }

    public static void WriteDecimal(ushort port, ulong value)
    {
        byte* digits = stackalloc byte[20];
        int count = 0;
        do
        {
            digits[count++] = (byte)('0' + value % 10);
            value /= 10;
        }
        while (value != 0);
        while (count > 0)
        {
            Processor.Out8(port, digits[--count]);
        }
    }

    /// <summary>Bytes as pairs of hexadecimal digits.</summary>
    public static void WriteBytes(ushort port, ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            WriteHex(port, bytes[i], 2);
        }
    }

    /// <summary>A line of text.</summary>
    public static void Line(ReadOnlySpan<byte> text)
    {
        Write(TextPort, "snp: "u8);
        Write(TextPort, text);
        Write(TextPort, "\n"u8);
    }

    /// <summary>A line of text that ends in a number.</summary>
    public static void Line(ReadOnlySpan<byte> text, ulong value)
    {
        Write(TextPort, "snp: "u8);
        Write(TextPort, text);
        Write(TextPort, " 0x"u8);
        WriteHex(TextPort, value);
        Write(TextPort, "\n"u8);
    }
}
