using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>An unsigned 16-bit integer.</summary>
public readonly struct UInt16 : IComparable, IComparable<ushort>, IEquatable<ushort>, ISpanFormattable
{
    private readonly ushort m_value;

    public const ushort MaxValue = 65535;
    public const ushort MinValue = 0;

    public int CompareTo(ushort value) => m_value < value ? -1 : m_value > value ? 1 : 0;

    public int CompareTo(object? value) => value switch
    {
        null => 1,
        ushort other => CompareTo(other),
        _ => throw new ArgumentException("The value has another type."),
    };

    public bool Equals(ushort other) => m_value == other;

    public override bool Equals(object? obj) => obj is ushort other && m_value == other;

    public override int GetHashCode() => m_value;

    public override string ToString() => Number.ToString((ulong)m_value, null, 16);

    public string ToString(string? format) => Number.ToString((ulong)m_value, format, 16);

    public string ToString(string? format, IFormatProvider? provider) => Number.ToString((ulong)m_value, format, 16);

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default, IFormatProvider? provider = null) =>
        Number.TryFormat((ulong)m_value, format, 16, destination, out charsWritten);

    public static bool TryParse(ReadOnlySpan<char> text, out ushort result) => TryParse(text, NumberStyles.Integer, null, out result);

    public static bool TryParse(string? text, out ushort result) => TryParse((ReadOnlySpan<char>)text, NumberStyles.Integer, null, out result);

    public static bool TryParse(ReadOnlySpan<char> text, NumberStyles style, IFormatProvider? provider, out ushort result)
    {
        bool parsed = Number.TryParse(text, style, false, 16, out ulong bits);
        result = unchecked((ushort)bits);
        return parsed;
    }

    public static ushort Parse(string text) =>
        TryParse(text, out ushort result) ? result : throw new FormatException("The text is not a number of this type.");

    public static ushort Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out ushort result) ? result : throw new FormatException("The text is not a number of this type.");

    public static ushort Max(ushort left, ushort right) => left > right ? left : right;

    public static ushort Min(ushort left, ushort right) => left < right ? left : right;

    public static ushort Clamp(ushort value, ushort min, ushort max) => Math.Clamp(value, min, max);
}
