using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>An unsigned integer as wide as a pointer: 64 bits.</summary>
public readonly struct UIntPtr : IComparable, IComparable<nuint>, IEquatable<nuint>, ISpanFormattable
{
    private readonly nuint m_value;

    public const int Size = 8;

    public static readonly nuint Zero;

    public static nuint MaxValue => unchecked((nuint)0xFFFFFFFFFFFFFFFF);
    public static nuint MinValue => 0;

    // SAFETY (all pointers here): the number is kept, not followed.
    public unsafe UIntPtr(void* value) => m_value = (nuint)value;

    public UIntPtr(ulong value) => m_value = (nuint)value;

    public UIntPtr(uint value) => m_value = value;

    public unsafe void* ToPointer() => (void*)m_value;

    public ulong ToUInt64() => m_value;

    public int CompareTo(nuint value) => m_value < value ? -1 : m_value > value ? 1 : 0;

    public int CompareTo(object? value) => value switch
    {
        null => 1,
        nuint other => CompareTo(other),
        _ => throw new ArgumentException("The value has another type."),
    };

    public bool Equals(nuint other) => m_value == other;

    public override bool Equals(object? obj) => obj is nuint other && m_value == other;

    public override int GetHashCode() => unchecked((int)m_value ^ (int)(m_value >> 32));

    public override string ToString() => Number.ToString((ulong)m_value, null, 64);

    public string ToString(string? format) => Number.ToString((ulong)m_value, format, 64);

    public string ToString(string? format, IFormatProvider? provider) => Number.ToString((ulong)m_value, format, 64);

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default, IFormatProvider? provider = null) =>
        Number.TryFormat((ulong)m_value, format, 64, destination, out charsWritten);

    public static bool TryParse(ReadOnlySpan<char> text, out nuint result) => TryParse(text, NumberStyles.Integer, null, out result);

    public static bool TryParse(string? text, out nuint result) => TryParse((ReadOnlySpan<char>)text, NumberStyles.Integer, null, out result);

    public static bool TryParse(ReadOnlySpan<char> text, NumberStyles style, IFormatProvider? provider, out nuint result)
    {
        bool parsed = Number.TryParse(text, style, false, 64, out ulong bits);
        result = unchecked((nuint)bits);
        return parsed;
    }

    public static nuint Parse(string text) =>
        TryParse(text, out nuint result) ? result : throw new FormatException("The text is not a number of this type.");

    public static nuint Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out nuint result) ? result : throw new FormatException("The text is not a number of this type.");

    public static nuint Max(nuint left, nuint right) => left > right ? left : right;

    public static nuint Min(nuint left, nuint right) => left < right ? left : right;

    public static nuint Clamp(nuint value, nuint min, nuint max) => Math.Clamp(value, min, max);
}
