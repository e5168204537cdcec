using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>A signed 64-bit integer.</summary>
public readonly struct Int64 : IComparable, IComparable<long>, IEquatable<long>, ISpanFormattable
{
    private readonly long m_value;

    public const long MaxValue = 0x7FFFFFFFFFFFFFFF;
    public const long MinValue = unchecked((long)0x8000000000000000);

    public int CompareTo(long value) => m_value < value ? -1 : m_value > value ? 1 : 0;

    public int CompareTo(object? value) => value switch
    {
        null => 1,
        long other => CompareTo(other),
        _ => throw new ArgumentException("The value has another type."),
    };

    public bool Equals(long other) => m_value == other;

    public override bool Equals(object? obj) => obj is long other && m_value == other;

    public override int GetHashCode() => unchecked((int)m_value ^ (int)(m_value >> 32));

    public override string ToString() => Number.ToString((long)m_value, null, 64);

    public string ToString(string? format) => Number.ToString((long)m_value, format, 64);

    public string ToString(string? format, IFormatProvider? provider) => Number.ToString((long)m_value, format, 64);

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default, IFormatProvider? provider = null) =>
        Number.TryFormat((long)m_value, format, 64, destination, out charsWritten);

    public static bool TryParse(ReadOnlySpan<char> text, out long result) => TryParse(text, NumberStyles.Integer, null, out result);

    public static bool TryParse(string? text, out long result) => TryParse((ReadOnlySpan<char>)text, NumberStyles.Integer, null, out result);

    public static bool TryParse(ReadOnlySpan<char> text, NumberStyles style, IFormatProvider? provider, out long result)
    {
        bool parsed = Number.TryParse(text, style, true, 64, out ulong bits);
        result = unchecked((long)bits);
        return parsed;
    }

    public static long Parse(string text) =>
        TryParse(text, out long result) ? result : throw new FormatException("The text is not a number of this type.");

    public static long Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out long result) ? result : throw new FormatException("The text is not a number of this type.");

    public static long Max(long left, long right) => left > right ? left : right;

    public static long Min(long left, long right) => left < right ? left : right;

    public static long Clamp(long value, long min, long max) => Math.Clamp(value, min, max);
}
