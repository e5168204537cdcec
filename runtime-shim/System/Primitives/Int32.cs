using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>A signed 32-bit integer.</summary>
public readonly struct Int32 : IComparable, IComparable<int>, IEquatable<int>, ISpanFormattable
{
    private readonly int m_value;

    public const int MaxValue = 0x7FFFFFFF;
    public const int MinValue = unchecked((int)0x80000000);

    public int CompareTo(int value) => m_value < value ? -1 : m_value > value ? 1 : 0;

    public int CompareTo(object? value) => value switch
    {
        null => 1,
        int other => CompareTo(other),
        _ => throw new ArgumentException("The value has another type."),
    };

    public bool Equals(int other) => m_value == other;

    public override bool Equals(object? obj) => obj is int other && m_value == other;

    public override int GetHashCode() => m_value;

    public override string ToString() => Number.ToString((long)m_value, null, 32);

    public string ToString(string? format) => Number.ToString((long)m_value, format, 32);

    public string ToString(string? format, IFormatProvider? provider) => Number.ToString((long)m_value, format, 32);

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default, IFormatProvider? provider = null) =>
        Number.TryFormat((long)m_value, format, 32, destination, out charsWritten);

    public static bool TryParse(ReadOnlySpan<char> text, out int result) => TryParse(text, NumberStyles.Integer, null, out result);

    public static bool TryParse(string? text, out int result) => TryParse((ReadOnlySpan<char>)text, NumberStyles.Integer, null, out result);

    public static bool TryParse(ReadOnlySpan<char> text, NumberStyles style, IFormatProvider? provider, out int result)
    {
        bool parsed = Number.TryParse(text, style, true, 32, out ulong bits);
        result = unchecked((int)bits);
        return parsed;
    }

    public static int Parse(string text) =>
        TryParse(text, out int result) ? result : throw new FormatException("The text is not a number of this type.");

    public static int Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out int result) ? result : throw new FormatException("The text is not a number of this type.");

    public static int Max(int left, int right) => left > right ? left : right;

    public static int Min(int left, int right) => left < right ? left : right;

    public static int Clamp(int value, int min, int max) => Math.Clamp(value, min, max);
}
