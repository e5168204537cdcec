using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>A signed 16-bit integer.</summary>
public readonly struct Int16 : IComparable, IComparable<short>, IEquatable<short>, ISpanFormattable
{
    private readonly short m_value;

    public const short MaxValue = 32767;
    public const short MinValue = -32768;

    public int CompareTo(short value) => m_value < value ? -1 : m_value > value ? 1 : 0;

    public int CompareTo(object? value) => value switch
    {
        null => 1,
        short other => CompareTo(other),
        _ => throw new ArgumentException("The value has another type."),
    };

    public bool Equals(short other) => m_value == other;

    public override bool Equals(object? obj) => obj is short other && m_value == other;

    public override int GetHashCode() => m_value;

    public override string ToString() => Number.ToString((long)m_value, null, 16);

    public string ToString(string? format) => Number.ToString((long)m_value, format, 16);

    public string ToString(string? format, IFormatProvider? provider) => Number.ToString((long)m_value, format, 16);

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default, IFormatProvider? provider = null) =>
        Number.TryFormat((long)m_value, format, 16, destination, out charsWritten);

    public static bool TryParse(ReadOnlySpan<char> text, out short result) => TryParse(text, NumberStyles.Integer, null, out result);

    public static bool TryParse(string? text, out short result) => TryParse((ReadOnlySpan<char>)text, NumberStyles.Integer, null, out result);

    public static bool TryParse(ReadOnlySpan<char> text, NumberStyles style, IFormatProvider? provider, out short result)
    {
        bool parsed = Number.TryParse(text, style, true, 16, out ulong bits);
        result = unchecked((short)bits);
        return parsed;
    }

    public static short Parse(string text) =>
        TryParse(text, out short result) ? result : throw new FormatException("The text is not a number of this type.");

    public static short Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out short result) ? result : throw new FormatException("The text is not a number of this type.");

    public static short Max(short left, short right) => left > right ? left : right;

    public static short Min(short left, short right) => left < right ? left : right;

    public static short Clamp(short value, short min, short max) => Math.Clamp(value, min, max);
}
