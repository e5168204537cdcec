using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>A signed 8-bit integer.</summary>
public readonly struct SByte : IComparable, IComparable<sbyte>, IEquatable<sbyte>, ISpanFormattable
{
    private readonly sbyte m_value;

    public const sbyte MaxValue = 127;
    public const sbyte MinValue = -128;

    public int CompareTo(sbyte value) => m_value < value ? -1 : m_value > value ? 1 : 0;

    public int CompareTo(object? value) => value switch
    {
        null => 1,
        sbyte other => CompareTo(other),
        _ => throw new ArgumentException("The value has another type."),
    };

    public bool Equals(sbyte other) => m_value == other;

    public override bool Equals(object? obj) => obj is sbyte other && m_value == other;

    public override int GetHashCode() => m_value;

    public override string ToString() => Number.ToString((long)m_value, null, 8);

    public string ToString(string? format) => Number.ToString((long)m_value, format, 8);

    public string ToString(string? format, IFormatProvider? provider) => Number.ToString((long)m_value, format, 8);

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default, IFormatProvider? provider = null) =>
        Number.TryFormat((long)m_value, format, 8, destination, out charsWritten);

    public static bool TryParse(ReadOnlySpan<char> text, out sbyte result) => TryParse(text, NumberStyles.Integer, null, out result);

    public static bool TryParse(string? text, out sbyte result) => TryParse((ReadOnlySpan<char>)text, NumberStyles.Integer, null, out result);

    public static bool TryParse(ReadOnlySpan<char> text, NumberStyles style, IFormatProvider? provider, out sbyte result)
    {
        bool parsed = Number.TryParse(text, style, true, 8, out ulong bits);
        result = unchecked((sbyte)bits);
        return parsed;
    }

    public static sbyte Parse(string text) =>
        TryParse(text, out sbyte result) ? result : throw new FormatException("The text is not a number of this type.");

    public static sbyte Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out sbyte result) ? result : throw new FormatException("The text is not a number of this type.");

    public static sbyte Max(sbyte left, sbyte right) => left > right ? left : right;

    public static sbyte Min(sbyte left, sbyte right) => left < right ? left : right;

    public static sbyte Clamp(sbyte value, sbyte min, sbyte max) => Math.Clamp(value, min, max);
}
