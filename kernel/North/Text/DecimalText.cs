using System;

namespace LiteBox.North.Text;

/// <summary>Numbers as ASCII text.</summary>
internal static class DecimalText
{
    /// <summary>The most characters a 64-bit number takes.</summary>
    public const int MaximumLength = 20;

    /// <summary>Writes a number at the start of the span; the result is its length.</summary>
    public static int Write(Span<byte> destination, ulong value)
    {
        Span<byte> digits = stackalloc byte[MaximumLength];
        int start = MaximumLength;
        do
        {
            digits[--start] = (byte)('0' + (value % 10));
            value /= 10;
        }
        while (value != 0);

        digits.Slice(start).CopyTo(destination);
        return MaximumLength - start;
    }

    /// <summary>Reads a number that makes up the whole span, without sign or leading zeros. False: it is none, or too large.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        if (text.Length is 0 or > 9 || (text.Length > 1 && text[0] == (byte)'0'))
        {
            return false;
        }

        foreach (byte digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            value = (value * 10) + (digit - '0');
        }

        return true;
    }
}
