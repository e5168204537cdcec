using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>A signed integer as wide as a pointer: 64 bits.</summary>
public readonly struct IntPtr : IComparable, IComparable<nint>, IEquatable<nint>, ISpanFormattable
{
    private readonly nint m_value;

    public const int Size = 8;

    public static readonly nint Zero;

    public static nint MaxValue => unchecked((nint)0x7FFFFFFFFFFFFFFF);
    public static nint MinValue => unchecked((nint)0x8000000000000000);

    // SAFETY (all pointers here): the number is kept, not followed.
    public unsafe IntPtr(void* value) => m_value = (nint)value;

    public IntPtr(long value) => m_value = (nint)value;

    public IntPtr(int value) => m_value = value;

    public unsafe void* ToPointer() => (void*)m_value;

    public long ToInt64() => m_value;

    public int CompareTo(nint value) => m_value < value ? -1 : m_value > value ? 1 : 0;

    public int CompareTo(object? value) => value switch
    {
        null => 1,
        nint other => CompareTo(other),
        _ => throw new ArgumentException("The value has another type."),
    };

    public bool Equals(nint other) => m_value == other;

    public override bool Equals(object? obj) => obj is nint other && m_value == other;

    public override int GetHashCode() => unchecked((int)m_value ^ (int)(m_value >> 32));

    public override string ToString() => Number.ToString((long)m_value, null, 64);

    public string ToString(string? format) => Number.ToString((long)m_value, format, 64);

    public string ToString(string? format, IFormatProvider? provider) => Number.ToString((long)m_value, format, 64);

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default, IFormatProvider? provider = null) =>
        Number.TryFormat((long)m_value, format, 64, destination, out charsWritten);

    public static bool TryParse(ReadOnlySpan<char> text, out nint result) => TryParse(text, NumberStyles.Integer, null, out result);

    public static bool TryParse(string? text, out nint result) => TryParse((ReadOnlySpan<char>)text, NumberStyles.Integer, null, out result);

    public static bool TryParse(ReadOnlySpan<char> text, NumberStyles style, IFormatProvider? provider, out nint result)
    {
        bool parsed = Number.TryParse(text, style, true, 64, out ulong bits);
        result = unchecked((nint)bits);
        return parsed;
    }

    public static nint Parse(string text) =>
        TryParse(text, out nint result) ? result : throw new FormatException("The text is not a number of this type.");

    public static nint Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out nint result) ? result : throw new FormatException("The text is not a number of this type.");

    public static nint Max(nint left, nint right) => left > right ? left : right;

    public static nint Min(nint left, nint right) => left < right ? left : right;

    public static nint Clamp(nint value, nint min, nint max) => Math.Clamp(value, min, max);
}
