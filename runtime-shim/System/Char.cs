namespace System;

/// <summary>A UTF-16 code unit. Classes of characters are those of ASCII: the kernel reads no other text.</summary>
public readonly struct Char : IComparable, IComparable<char>, IEquatable<char>, ISpanFormattable
{
    public const char MaxValue = '\uFFFF';
    public const char MinValue = '\0';

    private readonly char m_value;

    public int CompareTo(char value) => m_value - value;

    public int CompareTo(object? value) => value is char other ? CompareTo(other) : 1;

    public bool Equals(char obj) => m_value == obj;

    public override bool Equals(object? obj) => obj is char other && m_value == other;

    public override int GetHashCode() => m_value | (m_value << 16);

    public override string ToString() => string.CreateFromChar(m_value);

    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    public static string ToString(char c) => string.CreateFromChar(c);

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default, IFormatProvider? provider = null)
    {
        if (destination.IsEmpty)
        {
            charsWritten = 0;
            return false;
        }

        destination[0] = m_value;
        charsWritten = 1;
        return true;
    }

    public static bool IsAscii(char c) => c < 0x80;

    public static bool IsBetween(char c, char minInclusive, char maxInclusive) => (uint)(c - minInclusive) <= (uint)(maxInclusive - minInclusive);

    public static bool IsAsciiDigit(char c) => IsBetween(c, '0', '9');

    public static bool IsAsciiLetter(char c) => IsBetween((char)(c | 0x20), 'a', 'z');

    public static bool IsAsciiLetterLower(char c) => IsBetween(c, 'a', 'z');

    public static bool IsAsciiLetterUpper(char c) => IsBetween(c, 'A', 'Z');

    public static bool IsAsciiLetterOrDigit(char c) => IsAsciiLetter(c) || IsAsciiDigit(c);

    public static bool IsAsciiHexDigit(char c) => IsAsciiDigit(c) || IsBetween((char)(c | 0x20), 'a', 'f');

    public static bool IsSurrogate(char c) => IsBetween(c, '\uD800', '\uDFFF');

    public static bool IsHighSurrogate(char c) => IsBetween(c, '\uD800', '\uDBFF');

    public static bool IsLowSurrogate(char c) => IsBetween(c, '\uDC00', '\uDFFF');
}
