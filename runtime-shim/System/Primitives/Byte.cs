using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>An unsigned 8-bit integer.</summary>
public readonly struct Byte : IComparable, IComparable<byte>, IEquatable<byte>, ISpanFormattable
{
    private readonly byte m_value;

    public const byte MaxValue = 255;
    public const byte MinValue = 0;

    public int CompareTo(byte value) => m_value < value ? -1 : m_value > value ? 1 : 0;

    public int CompareTo(object? value) => value switch
    {
        null => 1,
        byte other => CompareTo(other),
        _ => throw new ArgumentException("The value has another type."),
    };

    public bool Equals(byte other) => m_value == other;

    public override bool Equals(object? obj) => obj is byte other && m_value == other;

    public override int GetHashCode() => m_value;

    public override string ToString() => Number.ToString((ulong)m_value, null, 8);

    public string ToString(string? format) => Number.ToString((ulong)m_value, format, 8);

    public string ToString(string? format, IFormatProvider? provider) => Number.ToString((ulong)m_value, format, 8);

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default, IFormatProvider? provider = null) =>
        Number.TryFormat((ulong)m_value, format, 8, destination, out charsWritten);

    public static bool TryParse(ReadOnlySpan<char> text, out byte result) => TryParse(text, NumberStyles.Integer, null, out result);

    public static bool TryParse(string? text, out byte result) => TryParse((ReadOnlySpan<char>)text, NumberStyles.Integer, null, out result);

    public static bool TryParse(ReadOnlySpan<char> text, NumberStyles style, IFormatProvider? provider, out byte result)
    {
        bool parsed = Number.TryParse(text, style, false, 8, out ulong bits);
        result = unchecked((byte)bits);
        return parsed;
    }

    public static byte Parse(string text) =>
        TryParse(text, out byte result) ? result : throw new FormatException("The text is not a number of this type.");

    public static byte Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out byte result) ? result : throw new FormatException("The text is not a number of this type.");

    public static byte Max(byte left, byte right) => left > right ? left : right;

    public static byte Min(byte left, byte right) => left < right ? left : right;

    public static byte Clamp(byte value, byte min, byte max) => Math.Clamp(value, min, max);
}
