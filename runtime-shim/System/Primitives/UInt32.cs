using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>An unsigned 32-bit integer.</summary>
public readonly struct UInt32 : IComparable, IComparable<uint>, IEquatable<uint>, ISpanFormattable
{
    private readonly uint m_value;

    public const uint MaxValue = 0xFFFFFFFF;
    public const uint MinValue = 0;

    public int CompareTo(uint value) => m_value < value ? -1 : m_value > value ? 1 : 0;

    public int CompareTo(object? value) => value switch
    {
        null => 1,
        uint other => CompareTo(other),
        _ => throw new ArgumentException("The value has another type."),
    };

    public bool Equals(uint other) => m_value == other;

    public override bool Equals(object? obj) => obj is uint other && m_value == other;

    public override int GetHashCode() => (int)m_value;

    public override string ToString() => Number.ToString((ulong)m_value, null, 32);

    public string ToString(string? format) => Number.ToString((ulong)m_value, format, 32);

    public string ToString(string? format, IFormatProvider? provider) => Number.ToString((ulong)m_value, format, 32);

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default, IFormatProvider? provider = null) =>
        Number.TryFormat((ulong)m_value, format, 32, destination, out charsWritten);

    public static bool TryParse(ReadOnlySpan<char> text, out uint result) => TryParse(text, NumberStyles.Integer, null, out result);

    public static bool TryParse(string? text, out uint result) => TryParse((ReadOnlySpan<char>)text, NumberStyles.Integer, null, out result);

    public static bool TryParse(ReadOnlySpan<char> text, NumberStyles style, IFormatProvider? provider, out uint result)
    {
        bool parsed = Number.TryParse(text, style, false, 32, out ulong bits);
        result = unchecked((uint)bits);
        return parsed;
    }

    public static uint Parse(string text) =>
        TryParse(text, out uint result) ? result : throw new FormatException("The text is not a number of this type.");

    public static uint Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out uint result) ? result : throw new FormatException("The text is not a number of this type.");

    public static uint Max(uint left, uint right) => left > right ? left : right;

    public static uint Min(uint left, uint right) => left < right ? left : right;

    public static uint Clamp(uint value, uint min, uint max) => Math.Clamp(value, min, max);
}
