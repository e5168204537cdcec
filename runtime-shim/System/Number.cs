using System.Globalization;

namespace System;

/// <summary>Integers as text and back: decimal ("D"), hexadecimal ("X", "x") and binary ("B"), each with a least number of digits.</summary>
internal static class Number
{
    private const int LongestText = 1 + 64 + 64;

    public static string ToString(long value, ReadOnlySpan<char> format, int bits) => ToString((ulong)value, format, bits, signed: true);

    public static string ToString(ulong value, ReadOnlySpan<char> format, int bits) => ToString(value, format, bits, signed: false);

    public static string ToString(ulong value, ReadOnlySpan<char> format, int bits, bool signed)
    {
        Span<char> text = stackalloc char[LongestText];
        TryFormat(value, signed, format, bits, text, out int length);
        return new string(text[..length]);
    }

    public static bool TryFormat(long value, ReadOnlySpan<char> format, int bits, Span<char> destination, out int charsWritten) =>
        TryFormat((ulong)value, true, format, bits, destination, out charsWritten);

    public static bool TryFormat(ulong value, ReadOnlySpan<char> format, int bits, Span<char> destination, out int charsWritten) =>
        TryFormat(value, false, format, bits, destination, out charsWritten);

    public static bool TryFormat(ulong value, bool signed, ReadOnlySpan<char> format, int bits, Span<char> destination, out int charsWritten)
    {
        (char kind, int digits) = ReadFormat(format);
        ulong mask = bits == 64 ? ulong.MaxValue : (1UL << bits) - 1;
        return kind switch
        {
            'X' => TryWrite(value & mask, 16, digits, false, 'A', destination, out charsWritten),
            'x' => TryWrite(value & mask, 16, digits, false, 'a', destination, out charsWritten),
            'B' or 'b' => TryWrite(value & mask, 2, digits, false, 'A', destination, out charsWritten),
            'D' or 'd' or 'G' or 'g' => signed && (long)value < 0
                ? TryWrite(0 - value, 10, digits, true, 'A', destination, out charsWritten)
                : TryWrite(value, 10, digits, false, 'A', destination, out charsWritten),
            _ => throw new FormatException("The format is not one of D, G, X, x and B."),
        };
    }

    public static bool TryParse(ReadOnlySpan<char> text, NumberStyles style, bool signed, int bits, out ulong value)
    {
        value = 0;
        text = Trim(text, style);
        bool hexadecimal = (style & NumberStyles.AllowHexSpecifier) != 0;
        bool negative = false;
        if ((style & NumberStyles.AllowLeadingSign) != 0 && text.Length > 0 && text[0] is '-' or '+')
        {
            negative = text[0] == '-';
            text = text[1..];
        }

        if (text.IsEmpty)
        {
            return false;
        }

        ulong limit = hexadecimal ? (bits == 64 ? ulong.MaxValue : (1UL << bits) - 1)
            : signed ? (1UL << (bits - 1)) - (negative ? 0UL : 1UL)
            : negative ? 0
            : bits == 64 ? ulong.MaxValue : (1UL << bits) - 1;
        ulong radix = hexadecimal ? 16UL : 10UL;
        ulong result = 0;
        foreach (char c in text)
        {
            int digit = DigitOf(c);
            if ((uint)digit >= radix || result > (limit - (uint)digit) / radix || (uint)digit > limit)
            {
                return false;
            }

            result = (result * radix) + (uint)digit;
        }

        value = negative ? 0 - result : result;
        return true;
    }

    internal static int DigitOf(char c) =>
        char.IsAsciiDigit(c) ? c - '0' : char.IsBetween((char)(c | 0x20), 'a', 'f') ? (c | 0x20) - 'a' + 10 : int.MaxValue;

    private static (char Kind, int Digits) ReadFormat(ReadOnlySpan<char> format)
    {
        if (format.IsEmpty)
        {
            return ('D', 0);
        }

        int digits = 0;
        for (int i = 1; i < format.Length; i++)
        {
            digits = char.IsAsciiDigit(format[i]) && digits < 10 ? (digits * 10) + (format[i] - '0') : throw new FormatException("Bad format.");
        }

        return (format[0], digits <= 64 ? digits : throw new FormatException("More than 64 digits."));
    }

    private static ReadOnlySpan<char> Trim(ReadOnlySpan<char> text, NumberStyles style)
    {
        while ((style & NumberStyles.AllowLeadingWhite) != 0 && text.Length > 0 && IsWhite(text[0]))
        {
            text = text[1..];
        }

        while ((style & NumberStyles.AllowTrailingWhite) != 0 && text.Length > 0 && IsWhite(text[^1]))
        {
            text = text[..^1];
        }

        return text;
    }

    private static bool IsWhite(char c) => c == ' ' || char.IsBetween(c, '\t', '\r');

    private static bool TryWrite(ulong value, uint radix, int leastDigits, bool negative, char ten, Span<char> destination, out int charsWritten)
    {
        int digits = Math.Max(Math.Max(CountDigits(value, radix), leastDigits), 1);
        int length = digits + (negative ? 1 : 0);
        if (length > destination.Length)
        {
            charsWritten = 0;
            return false;
        }

        int at = length;
        for (int i = 0; i < digits; i++)
        {
            uint digit = (uint)(value % radix);
            value /= radix;
            destination[--at] = (char)(digit < 10 ? '0' + digit : ten + digit - 10);
        }

        if (negative)
        {
            destination[0] = '-';
        }

        charsWritten = length;
        return true;
    }

    private static int CountDigits(ulong value, uint radix)
    {
        int count = 0;
        for (; value != 0; value /= radix)
        {
            count++;
        }

        return count;
    }
}
