using System.Collections;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;

namespace System;

/// <summary>Text in UTF-16, which never changes. All comparisons are ordinal: there are no cultures here.</summary>
public sealed unsafe class String : IComparable, IComparable<string>, IEquatable<string>, IEnumerable<char>, ICloneable
{
    public static readonly string Empty = "";

    // The compiler lays out literals so: length, characters, a final zero.
    private readonly int _stringLength;
    private char _firstChar;

    [Intrinsic]
    public int Length => _stringLength;

    [IndexerName("Chars")]
    public char this[int index]
    {
        [Intrinsic]
        get
        {
            if ((uint)index >= (uint)_stringLength)
            {
                Internal.Runtime.CompilerHelpers.ThrowHelpers.ThrowIndexOutOfRangeException();
            }

            // SAFETY: the index is within the string.
            return Unsafe.Add(ref _firstChar, index);
        }
    }

#pragma warning disable CS0824, CS8618 // The compiler turns these constructors into calls of the Ctor methods of the same parameters.
    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern String(ReadOnlySpan<char> value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern String(char c, int count);

    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern String(char[]? value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern String(char[] value, int startIndex, int length);

    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern String(char* value, int startIndex, int length);
#pragma warning restore CS0824, CS8618

    private static string Ctor(ReadOnlySpan<char> value)
    {
        string result = FastAllocateString(value.Length);
        value.CopyTo(result.AsWritable());
        return result;
    }

    private static string Ctor(char c, int count)
    {
        string result = FastAllocateString(count);
        result.AsWritable().Fill(c);
        return result;
    }

    private static string Ctor(char[]? value) => Ctor(new ReadOnlySpan<char>(value));

    private static string Ctor(char[] value, int startIndex, int length) => Ctor(new ReadOnlySpan<char>(value, startIndex, length));

    // SAFETY: the caller says where the characters are.
    private static string Ctor(char* value, int startIndex, int length) => Ctor(new ReadOnlySpan<char>(value + startIndex, length));

    /// <summary>A new string of zeros, to be written before anybody else sees it.</summary>
    internal static string FastAllocateString(int length)
    {
        if (length == 0)
        {
            return Empty;
        }

        return Unsafe.As<string>(Internal.Runtime.Allocator.NewArray(Internal.Runtime.MethodTable.Of<string>(), length));
    }

    internal static string CreateFromChar(char c)
    {
        string result = FastAllocateString(1);
        result._firstChar = c;
        return result;
    }

    /// <summary>The characters, for the code that makes the string.</summary>
    // SAFETY: only used on strings that FastAllocateString has just made.
    internal Span<char> AsWritable() => new(ref _firstChar, _stringLength);

    internal ref char GetRawStringData() => ref _firstChar;

    [Intrinsic]
    public ref readonly char GetPinnableReference() => ref _firstChar;

    public static implicit operator ReadOnlySpan<char>(string? value) => MemoryExtensions.AsSpan(value);

    public static bool IsNullOrEmpty([NotNullWhen(false)] string? value) => value == null || value.Length == 0;

    public static bool IsNullOrWhiteSpace([NotNullWhen(false)] string? value) => value == null || value.AsSpan().Trim().IsEmpty;

    [Intrinsic]
    public static bool Equals(string? left, string? right) =>
        (object?)left == right || (left is not null && right is not null && left.Length == right.Length && left.AsSpan().SequenceEqual(right));

    public bool Equals(string? other) => Equals(this, other);

    public bool Equals(string? other, StringComparison comparisonType) => Equals(this, other, comparisonType);

    public static bool Equals(string? left, string? right, StringComparison comparisonType) => comparisonType switch
    {
        StringComparison.OrdinalIgnoreCase or StringComparison.InvariantCultureIgnoreCase or StringComparison.CurrentCultureIgnoreCase =>
            (object?)left == right || (left is not null && right is not null && left.AsSpan().EqualsIgnoreCase(right)),
        _ => Equals(left, right),
    };

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is string other && Equals(this, other);

    public static bool operator ==(string? left, string? right) => Equals(left, right);

    public static bool operator !=(string? left, string? right) => !Equals(left, right);

    public override int GetHashCode() => GetHashCode(this);

    internal static int GetHashCode(ReadOnlySpan<char> text)
    {
        // FNV-1a over code units. What an attacker can choose must not be the key of a plain dictionary, here as anywhere.
        uint hash = 2166136261;
        foreach (char c in text)
        {
            hash = (hash ^ c) * 16777619;
        }

        return (int)hash;
    }

    public override string ToString() => this;

    public object Clone() => this;

    public int CompareTo(string? other) => CompareOrdinal(this, other);

    public int CompareTo(object? value) => CompareOrdinal(this, (string?)value);

    public static int CompareOrdinal(string? left, string? right) =>
        (object?)left == right ? 0 : left is null ? -1 : right is null ? 1 : left.AsSpan().SequenceCompareTo(right);

    public static int Compare(string? left, string? right, StringComparison comparisonType) => comparisonType == StringComparison.Ordinal
        ? CompareOrdinal(left, right)
        : throw new NotSupportedException("Only ordinal comparison is here.");

    public bool Contains(char value) => IndexOf(value) >= 0;

    public bool Contains(string value) => this.AsSpan().IndexOf(value) >= 0;

    public bool StartsWith(char value) => Length > 0 && _firstChar == value;

    public bool StartsWith(string value, StringComparison comparisonType) => this.AsSpan().StartsWith(value, comparisonType);

    public bool EndsWith(char value) => Length > 0 && this[^1] == value;

    public bool EndsWith(string value, StringComparison comparisonType) => this.AsSpan().EndsWith(value, comparisonType);

    public int IndexOf(char value) => this.AsSpan().IndexOf(value);

    public int IndexOf(char value, int startIndex)
    {
        int index = this.AsSpan(startIndex).IndexOf(value);
        return index < 0 ? -1 : index + startIndex;
    }

    public int IndexOf(string value, StringComparison comparisonType) => comparisonType == StringComparison.Ordinal
        ? this.AsSpan().IndexOf(value)
        : throw new NotSupportedException("Only ordinal comparison is here.");

    public int LastIndexOf(char value) => this.AsSpan().LastIndexOf(value);

    public string Substring(int startIndex) => Substring(startIndex, Length - startIndex);

    public string Substring(int startIndex, int length) =>
        startIndex == 0 && length == Length ? this : new string(this.AsSpan(startIndex, length));

    public string Trim() => new(this.AsSpan().Trim());

    public string TrimStart() => new(this.AsSpan().TrimStart());

    public string TrimEnd() => new(this.AsSpan().TrimEnd());

    public string TrimStart(char trimChar) => new(this.AsSpan().TrimStart(trimChar));

    public string TrimEnd(char trimChar) => new(this.AsSpan().TrimEnd(trimChar));

    public string PadLeft(int totalWidth, char paddingChar = ' ')
    {
        int padding = Math.Max(totalWidth - Length, 0);
        string result = FastAllocateString(Length + padding);
        result.AsWritable()[..padding].Fill(paddingChar);
        this.AsSpan().CopyTo(result.AsWritable()[padding..]);
        return result;
    }

    public string PadRight(int totalWidth, char paddingChar = ' ')
    {
        int padding = Math.Max(totalWidth - Length, 0);
        string result = FastAllocateString(Length + padding);
        result.AsWritable()[Length..].Fill(paddingChar);
        this.AsSpan().CopyTo(result.AsWritable());
        return result;
    }

    public string Replace(char oldChar, char newChar)
    {
        string result = FastAllocateString(Length);
        for (int i = 0; i < Length; i++)
        {
            result.AsWritable()[i] = this[i] == oldChar ? newChar : this[i];
        }

        return result;
    }

    public string ToUpperInvariant() => MapAscii('a', 'z', -0x20);

    public string ToLowerInvariant() => MapAscii('A', 'Z', 0x20);

    public char[] ToCharArray() => this.AsSpan().ToArray();

    public string[] Split(char separator, StringSplitOptions options = StringSplitOptions.None)
    {
        List<string> parts = [];
        ReadOnlySpan<char> rest = this;
        while (true)
        {
            int end = rest.IndexOf(separator);
            ReadOnlySpan<char> part = end < 0 ? rest : rest[..end];
            if ((options & StringSplitOptions.TrimEntries) != 0)
            {
                part = part.Trim();
            }

            if (!part.IsEmpty || (options & StringSplitOptions.RemoveEmptyEntries) == 0)
            {
                parts.Add(new string(part));
            }

            if (end < 0)
            {
                return parts.ToArray();
            }

            rest = rest[(end + 1)..];
        }
    }

    public void CopyTo(Span<char> destination) => this.AsSpan().CopyTo(destination);

    public bool TryCopyTo(Span<char> destination) => this.AsSpan().TryCopyTo(destination);

    public static string Concat(string? first, string? second) => Concat(first.AsSpan(), second.AsSpan(), default, default);

    public static string Concat(string? first, string? second, string? third) => Concat(first.AsSpan(), second.AsSpan(), third.AsSpan(), default);

    public static string Concat(string? first, string? second, string? third, string? fourth) =>
        Concat(first.AsSpan(), second.AsSpan(), third.AsSpan(), fourth.AsSpan());

    public static string Concat(ReadOnlySpan<char> first, ReadOnlySpan<char> second) => Concat(first, second, default, default);

    public static string Concat(ReadOnlySpan<char> first, ReadOnlySpan<char> second, ReadOnlySpan<char> third) =>
        Concat(first, second, third, default);

    public static string Concat(ReadOnlySpan<char> first, ReadOnlySpan<char> second, ReadOnlySpan<char> third, ReadOnlySpan<char> fourth)
    {
        string result = FastAllocateString(checked(first.Length + second.Length + third.Length + fourth.Length));
        Span<char> rest = result.AsWritable();
        first.CopyTo(rest);
        rest = rest[first.Length..];
        second.CopyTo(rest);
        rest = rest[second.Length..];
        third.CopyTo(rest);
        fourth.CopyTo(rest[third.Length..]);
        return result;
    }

    public static string Concat(params string?[] values) => Join(default(ReadOnlySpan<char>), values);

    public static string Concat(params ReadOnlySpan<string?> values) => Join(default(ReadOnlySpan<char>), values);

    public static string Join(string? separator, params string?[] value) => Join(separator.AsSpan(), value);

    public static string Join(char separator, params string?[] value) => Join(new ReadOnlySpan<char>(in separator), value);

    public static string Join(string? separator, IEnumerable<string?> values) => Join(separator.AsSpan(), values);

    public static string Join<T>(string? separator, IEnumerable<T> values) => Join(separator.AsSpan(), values);

    public static string Join<T>(char separator, IEnumerable<T> values) => Join(new ReadOnlySpan<char>(in separator), values);

    private static string Join<T>(ReadOnlySpan<char> separator, IEnumerable<T> values)
    {
        StringBuilder text = new();
        bool first = true;
        foreach (T value in values)
        {
            text.Append(first ? default : separator).Append(value?.ToString());
            first = false;
        }

        return text.ToString();
    }

    public static string Create<TState>(int length, TState state, Buffers.SpanAction<char, TState> action)
        where TState : allows ref struct
    {
        string result = FastAllocateString(length);
        action(result.AsWritable(), state);
        return result;
    }

    public CharEnumerator GetEnumerator() => new(this);

    IEnumerator<char> IEnumerable<char>.GetEnumerator() => new CharEnumerator(this);

    IEnumerator IEnumerable.GetEnumerator() => new CharEnumerator(this);

    private static string Join(ReadOnlySpan<char> separator, ReadOnlySpan<string?> values)
    {
        StringBuilder text = new();
        for (int i = 0; i < values.Length; i++)
        {
            text.Append(i == 0 ? default : separator).Append(values[i]);
        }

        return text.ToString();
    }

    private string MapAscii(char from, char to, int distance)
    {
        string result = FastAllocateString(Length);
        for (int i = 0; i < Length; i++)
        {
            char c = this[i];
            result.AsWritable()[i] = char.IsBetween(c, from, to) ? (char)(c + distance) : c;
        }

        return result;
    }
}

public sealed class CharEnumerator(string text) : IEnumerator<char>
{
    private int _index = -1;

    public char Current => text[_index];

    object? IEnumerator.Current => Current;

    public bool MoveNext() => ++_index < text.Length;

    public void Reset() => _index = -1;

    public void Dispose()
    {
    }
}

public enum StringComparison
{
    CurrentCulture = 0,
    CurrentCultureIgnoreCase = 1,
    InvariantCulture = 2,
    InvariantCultureIgnoreCase = 3,
    Ordinal = 4,
    OrdinalIgnoreCase = 5,
}

[Flags]
public enum StringSplitOptions
{
    None = 0,
    RemoveEmptyEntries = 1,
    TrimEntries = 2,
}
