using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>An unsigned 64-bit integer.</summary>
public readonly struct UInt64 : IComparable, IComparable<ulong>, IEquatable<ulong>, ISpanFormattable
{
    private readonly ulong m_value;

    public const ulong MaxValue = 0xFFFFFFFFFFFFFFFF;
    public const ulong MinValue = 0;

    public int CompareTo(ulong value) => m_value < value ? -1 : m_value > value ? 1 : 0;

    public int CompareTo(object? value) => value switch
    {
        null => 1,
        ulong other => CompareTo(other),
        _ => throw new ArgumentException("The value has another type."),
    };

    public bool Equals(ulong other) => m_value == other;

    public override bool Equals(object? obj) => obj is ulong other && m_value == other;

    public override int GetHashCode() => unchecked((int)m_value ^ (int)(m_value >> 32));

    public override string ToString() => Number.ToString((ulong)m_value, null, 64);

    public string ToString(string? format) => Number.ToString((ulong)m_value, format, 64);

    public string ToString(string? format, IFormatProvider? provider) => Number.ToString((ulong)m_value, format, 64);

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default, IFormatProvider? provider = null) =>
        Number.TryFormat((ulong)m_value, format, 64, destination, out charsWritten);

    public static bool TryParse(ReadOnlySpan<char> text, out ulong result) => TryParse(text, NumberStyles.Integer, null, out result);

    public static bool TryParse(string? text, out ulong result) => TryParse((ReadOnlySpan<char>)text, NumberStyles.Integer, null, out result);

    public static bool TryParse(ReadOnlySpan<char> text, NumberStyles style, IFormatProvider? provider, out ulong result)
    {
        bool parsed = Number.TryParse(text, style, false, 64, out ulong bits);
        result = unchecked((ulong)bits);
        return parsed;
    }

    public static ulong Parse(string text) =>
        TryParse(text, out ulong result) ? result : throw new FormatException("The text is not a number of this type.");

    public static ulong Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out ulong result) ? result : throw new FormatException("The text is not a number of this type.");

    public static ulong Max(ulong left, ulong right) => left > right ? left : right;

    public static ulong Min(ulong left, ulong right) => left < right ? left : right;

    public static ulong Clamp(ulong value, ulong min, ulong max) => Math.Clamp(value, min, max);
}
