using System;

namespace LiteBox.South.Stops;

/// <summary>Builds a line of ASCII text in memory that somebody else owns. What does not fit is dropped: a report must not fail.</summary>
internal ref struct LineWriter
{
    private readonly Span<byte> buffer;
    private int length;

    internal LineWriter(Span<byte> buffer)
    {
        this.buffer = buffer;
        length = 0;
    }

    /// <summary>What was written.</summary>
    internal readonly ReadOnlySpan<byte> Written => buffer[..length];

    /// <summary>Starts anew.</summary>
    internal void Clear() => length = 0;

    internal void Write(byte character)
    {
        if (length < buffer.Length)
        {
            buffer[length] = character;
            length++;
        }
    }

    internal void Write(scoped ReadOnlySpan<byte> text)
    {
        foreach (byte character in text)
        {
            Write(character);
        }
    }

    /// <summary>Text; what is not ASCII becomes a question mark.</summary>
    internal void Write(scoped ReadOnlySpan<char> text)
    {
        foreach (char character in text)
        {
            Write(character < 0x80 ? (byte)character : (byte)'?');
        }
    }

    /// <summary>All 16 digits.</summary>
    internal void WriteHexadecimal(ulong value)
    {
        for (int shift = 60; shift >= 0; shift -= 4)
        {
            Write("0123456789abcdef"u8[(int)(value >> shift) & 0xF]);
        }
    }

    /// <summary>At least <paramref name="width"/> characters, with <paramref name="padding"/> in front.</summary>
    internal void WriteDecimal(ulong value, int width = 1, byte padding = (byte)' ')
    {
        Span<byte> digits = stackalloc byte[20];
        int first = digits.Length;
        do
        {
            first--;
            digits[first] = (byte)('0' + (value % 10));
            value /= 10;
        }
        while (value != 0);

        for (int missing = width - (digits.Length - first); missing > 0; missing--)
        {
            Write(padding);
        }

        Write(digits[first..]);
    }
}
