using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>Searching, comparing and cutting spans.</summary>
public static class MemoryExtensions
{
    // SAFETY: the span lies within the string, and keeps it alive. The compiler calls this for its conversion from string to span.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<char> AsSpan(this string? text) =>
        text == null ? default : new ReadOnlySpan<char>(ref text.GetRawStringData(), text.Length);

    public static ReadOnlySpan<char> AsSpan(this string? text, int start) => ((ReadOnlySpan<char>)text)[start..];

    public static ReadOnlySpan<char> AsSpan(this string? text, int start, int length) => ((ReadOnlySpan<char>)text).Slice(start, length);

    public static ReadOnlySpan<char> AsSpan(this string? text, Range range) => ((ReadOnlySpan<char>)text)[range];

    public static ReadOnlyMemory<char> AsMemory(this string? text) => text == null ? default : new ReadOnlyMemory<char>(text, 0, text.Length);

    public static Span<T> AsSpan<T>(this T[]? array) => new(array);

    public static Span<T> AsSpan<T>(this T[]? array, int start) => new Span<T>(array)[start..];

    public static Span<T> AsSpan<T>(this T[]? array, int start, int length) => new(array, start, length);

    public static Span<T> AsSpan<T>(this T[]? array, Range range) => new Span<T>(array)[range];

    public static Memory<T> AsMemory<T>(this T[]? array) => new(array);

    public static Memory<T> AsMemory<T>(this T[]? array, int start) => new Memory<T>(array)[start..];

    public static Memory<T> AsMemory<T>(this T[]? array, int start, int length) => new(array, start, length);

    public static int IndexOf<T>(this Span<T> span, T value)
        where T : IEquatable<T>? => IndexOf((ReadOnlySpan<T>)span, value);

    public static int IndexOf<T>(this ReadOnlySpan<T> span, T value)
        where T : IEquatable<T>?
    {
        for (int i = 0; i < span.Length; i++)
        {
            if (EqualityComparer<T>.Default.Equals(span[i], value))
            {
                return i;
            }
        }

        return -1;
    }

    public static int IndexOf<T>(this Span<T> span, ReadOnlySpan<T> value)
        where T : IEquatable<T>? => IndexOf((ReadOnlySpan<T>)span, value);

    public static int IndexOf<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> value)
        where T : IEquatable<T>?
    {
        for (int i = 0; i <= span.Length - value.Length; i++)
        {
            if (span.Slice(i, value.Length).SequenceEqual(value))
            {
                return i;
            }
        }

        return -1;
    }

    public static int IndexOf(this ReadOnlySpan<char> span, string value) => IndexOf(span, (ReadOnlySpan<char>)value);

    public static int IndexOfAny<T>(this Span<T> span, T value0, T value1)
        where T : IEquatable<T>? => IndexOfAny((ReadOnlySpan<T>)span, value0, value1);

    public static int IndexOfAny<T>(this ReadOnlySpan<T> span, T value0, T value1)
        where T : IEquatable<T>?
    {
        for (int i = 0; i < span.Length; i++)
        {
            if (EqualityComparer<T>.Default.Equals(span[i], value0) || EqualityComparer<T>.Default.Equals(span[i], value1))
            {
                return i;
            }
        }

        return -1;
    }

    public static int IndexOfAny<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> values)
        where T : IEquatable<T>?
    {
        for (int i = 0; i < span.Length; i++)
        {
            if (values.Contains(span[i]))
            {
                return i;
            }
        }

        return -1;
    }

    public static int IndexOfAnyExcept<T>(this Span<T> span, T value)
        where T : IEquatable<T>? => IndexOfAnyExcept((ReadOnlySpan<T>)span, value);

    public static int IndexOfAnyExcept<T>(this ReadOnlySpan<T> span, T value)
        where T : IEquatable<T>?
    {
        for (int i = 0; i < span.Length; i++)
        {
            if (!EqualityComparer<T>.Default.Equals(span[i], value))
            {
                return i;
            }
        }

        return -1;
    }

    public static int LastIndexOf<T>(this Span<T> span, T value)
        where T : IEquatable<T>? => LastIndexOf((ReadOnlySpan<T>)span, value);

    public static int LastIndexOf<T>(this ReadOnlySpan<T> span, T value)
        where T : IEquatable<T>?
    {
        for (int i = span.Length - 1; i >= 0; i--)
        {
            if (EqualityComparer<T>.Default.Equals(span[i], value))
            {
                return i;
            }
        }

        return -1;
    }

    public static bool Contains<T>(this Span<T> span, T value)
        where T : IEquatable<T>? => IndexOf((ReadOnlySpan<T>)span, value) >= 0;

    public static bool Contains<T>(this ReadOnlySpan<T> span, T value)
        where T : IEquatable<T>? => IndexOf(span, value) >= 0;

    public static bool ContainsAnyExcept<T>(this Span<T> span, T value)
        where T : IEquatable<T>? => IndexOfAnyExcept((ReadOnlySpan<T>)span, value) >= 0;

    public static bool ContainsAnyExcept<T>(this ReadOnlySpan<T> span, T value)
        where T : IEquatable<T>? => IndexOfAnyExcept(span, value) >= 0;

    public static bool SequenceEqual<T>(this Span<T> span, ReadOnlySpan<T> other)
        where T : IEquatable<T>? => SequenceEqual((ReadOnlySpan<T>)span, other);

    [Intrinsic]
    public static bool SequenceEqual<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> other)
        where T : IEquatable<T>?
    {
        if (span.Length != other.Length)
        {
            return false;
        }

        if (RuntimeHelpers.IsBitwiseEquatable<T>())
        {
            // SAFETY: equal lengths, and equality of such types is equality of their bytes.
            return Buffer.Compare(
                ref Unsafe.As<T, byte>(ref span._reference),
                ref Unsafe.As<T, byte>(ref other._reference),
                (nuint)(uint)span.Length * (nuint)Unsafe.SizeOf<T>()) == 0;
        }

        for (int i = 0; i < span.Length; i++)
        {
            if (!EqualityComparer<T>.Default.Equals(span[i], other[i]))
            {
                return false;
            }
        }

        return true;
    }

    public static int SequenceCompareTo<T>(this Span<T> span, ReadOnlySpan<T> other)
        where T : IComparable<T>? => SequenceCompareTo((ReadOnlySpan<T>)span, other);

    public static int SequenceCompareTo<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> other)
        where T : IComparable<T>?
    {
        int common = Math.Min(span.Length, other.Length);
        for (int i = 0; i < common; i++)
        {
            int order = Comparer<T>.Default.Compare(span[i], other[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return span.Length.CompareTo(other.Length);
    }

    public static bool StartsWith<T>(this Span<T> span, ReadOnlySpan<T> value)
        where T : IEquatable<T>? => StartsWith((ReadOnlySpan<T>)span, value);

    public static bool StartsWith<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> value)
        where T : IEquatable<T>? => value.Length <= span.Length && span[..value.Length].SequenceEqual(value);

    public static bool StartsWith<T>(this ReadOnlySpan<T> span, T value)
        where T : IEquatable<T>? => span.Length > 0 && EqualityComparer<T>.Default.Equals(span[0], value);

    public static bool StartsWith(this ReadOnlySpan<char> span, string value) => StartsWith(span, (ReadOnlySpan<char>)value);

    public static bool StartsWith(this ReadOnlySpan<char> span, ReadOnlySpan<char> value, StringComparison comparisonType) =>
        value.Length <= span.Length && span[..value.Length].Equals(value, comparisonType);

    public static bool EndsWith<T>(this Span<T> span, ReadOnlySpan<T> value)
        where T : IEquatable<T>? => EndsWith((ReadOnlySpan<T>)span, value);

    public static bool EndsWith<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> value)
        where T : IEquatable<T>? => value.Length <= span.Length && span[^value.Length..].SequenceEqual(value);

    public static bool EndsWith<T>(this ReadOnlySpan<T> span, T value)
        where T : IEquatable<T>? => span.Length > 0 && EqualityComparer<T>.Default.Equals(span[^1], value);

    public static bool EndsWith(this ReadOnlySpan<char> span, ReadOnlySpan<char> value, StringComparison comparisonType) =>
        value.Length <= span.Length && span[^value.Length..].Equals(value, comparisonType);

    public static bool Equals(this ReadOnlySpan<char> span, ReadOnlySpan<char> other, StringComparison comparisonType) =>
        comparisonType is StringComparison.OrdinalIgnoreCase or StringComparison.InvariantCultureIgnoreCase or StringComparison.CurrentCultureIgnoreCase
            ? span.EqualsIgnoreCase(other)
            : span.SequenceEqual(other);

    /// <summary>Equal but for the case of ASCII letters.</summary>
    internal static bool EqualsIgnoreCase(this ReadOnlySpan<char> span, ReadOnlySpan<char> other)
    {
        if (span.Length != other.Length)
        {
            return false;
        }

        for (int i = 0; i < span.Length; i++)
        {
            char left = span[i];
            char right = other[i];
            if (left != right && ((left | 0x20) != (right | 0x20) || !char.IsAsciiLetter(left)))
            {
                return false;
            }
        }

        return true;
    }

    public static ReadOnlySpan<char> Trim(this ReadOnlySpan<char> span) => span.TrimStart().TrimEnd();

    public static ReadOnlySpan<char> TrimStart(this ReadOnlySpan<char> span)
    {
        int start = 0;
        while (start < span.Length && IsWhite(span[start]))
        {
            start++;
        }

        return span[start..];
    }

    public static ReadOnlySpan<char> TrimEnd(this ReadOnlySpan<char> span)
    {
        int end = span.Length;
        while (end > 0 && IsWhite(span[end - 1]))
        {
            end--;
        }

        return span[..end];
    }

    public static Span<T> TrimStart<T>(this Span<T> span, T trimElement)
        where T : IEquatable<T>?
    {
        int start = 0;
        while (start < span.Length && EqualityComparer<T>.Default.Equals(span[start], trimElement))
        {
            start++;
        }

        return span[start..];
    }

    public static ReadOnlySpan<T> TrimStart<T>(this ReadOnlySpan<T> span, T trimElement)
        where T : IEquatable<T>?
    {
        int start = 0;
        while (start < span.Length && EqualityComparer<T>.Default.Equals(span[start], trimElement))
        {
            start++;
        }

        return span[start..];
    }

    public static Span<T> TrimEnd<T>(this Span<T> span, T trimElement)
        where T : IEquatable<T>? => span[..((ReadOnlySpan<T>)span).TrimEnd(trimElement).Length];

    public static ReadOnlySpan<T> TrimEnd<T>(this ReadOnlySpan<T> span, T trimElement)
        where T : IEquatable<T>?
    {
        int end = span.Length;
        while (end > 0 && EqualityComparer<T>.Default.Equals(span[end - 1], trimElement))
        {
            end--;
        }

        return span[..end];
    }

    public static ReadOnlySpan<T> Trim<T>(this ReadOnlySpan<T> span, T trimElement)
        where T : IEquatable<T>? => span.TrimStart(trimElement).TrimEnd(trimElement);

    public static int CommonPrefixLength<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> other)
    {
        int common = Math.Min(span.Length, other.Length);
        for (int i = 0; i < common; i++)
        {
            if (!EqualityComparer<T>.Default.Equals(span[i], other[i]))
            {
                return i;
            }
        }

        return common;
    }

    public static int Count<T>(this ReadOnlySpan<T> span, T value)
        where T : IEquatable<T>?
    {
        int count = 0;
        foreach (T element in span)
        {
            count += EqualityComparer<T>.Default.Equals(element, value) ? 1 : 0;
        }

        return count;
    }

    public static bool Overlaps<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> other)
    {
        if (span.IsEmpty || other.IsEmpty)
        {
            return false;
        }

        nint distance = Unsafe.ByteOffset(ref span._reference, ref other._reference);
        return (nuint)distance < (nuint)span.Length * (nuint)Unsafe.SizeOf<T>()
            || (nuint)(-distance) < (nuint)other.Length * (nuint)Unsafe.SizeOf<T>();
    }

    public static void Reverse<T>(this Span<T> span)
    {
        for (int i = 0, j = span.Length - 1; i < j; i++, j--)
        {
            (span[i], span[j]) = (span[j], span[i]);
        }
    }

    public static void Replace<T>(this Span<T> span, T oldValue, T newValue)
        where T : IEquatable<T>?
    {
        foreach (ref T element in span)
        {
            if (EqualityComparer<T>.Default.Equals(element, oldValue))
            {
                element = newValue;
            }
        }
    }

    public static void CopyTo<T>(this T[]? source, Span<T> destination) => new ReadOnlySpan<T>(source).CopyTo(destination);

    public static void Sort<T>(this Span<T> span) => SpanSort.Sort(span, Comparer<T>.Default);

    public static void Sort<T>(this Span<T> span, Comparison<T> comparison) => SpanSort.Sort(span, new ComparisonComparer<T>(comparison));

    public static void Sort<T, TComparer>(this Span<T> span, TComparer comparer)
        where TComparer : IComparer<T>? => SpanSort.Sort(span, (IComparer<T>?)comparer ?? Comparer<T>.Default);

    public static int BinarySearch<T>(this ReadOnlySpan<T> span, IComparable<T> comparable)
    {
        int low = 0;
        int high = span.Length - 1;
        while (low <= high)
        {
            int middle = low + ((high - low) >> 1);
            int order = comparable.CompareTo(span[middle]);
            if (order == 0)
            {
                return middle;
            }

            if (order > 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return ~low;
    }

    /// <summary>Writes an interpolated string into a span: <c>span.TryWrite($"...", out int written)</c>. Allocates nothing.</summary>
    public static bool TryWrite(
        this Span<char> destination,
        [InterpolatedStringHandlerArgument(nameof(destination))] ref TryWriteInterpolatedStringHandler handler,
        out int charsWritten)
    {
        charsWritten = handler.Fits ? handler.Written : 0;
        return handler.Fits;
    }

    [InterpolatedStringHandler]
    public ref struct TryWriteInterpolatedStringHandler
    {
        private readonly Span<char> _destination;

        public TryWriteInterpolatedStringHandler(int literalLength, int formattedCount, Span<char> destination, out bool shouldAppend)
        {
            _destination = destination;
            Fits = shouldAppend = literalLength <= destination.Length;
        }

        internal bool Fits { get; private set; }

        internal int Written { get; private set; }

        public bool AppendLiteral(string value) => AppendFormatted((ReadOnlySpan<char>)value);

        public bool AppendFormatted(string? value) => AppendFormatted((ReadOnlySpan<char>)value);

        public bool AppendFormatted(scoped ReadOnlySpan<char> value)
        {
            Fits = value.TryCopyTo(_destination[Written..]);
            Written += Fits ? value.Length : 0;
            return Fits;
        }

        public bool AppendFormatted<T>(T value) => AppendFormatted(value, null);

        public bool AppendFormatted<T>(T value, string? format)
        {
            Fits = InterpolatedText.TryFormat(value, format, _destination[Written..], out int written);
            Written += written;
            return Fits;
        }

        public bool AppendFormatted<T>(T value, int alignment, string? format = null)
        {
            Fits = InterpolatedText.TryFormatAligned(value, alignment, format, _destination[Written..], out int written);
            Written += written;
            return Fits;
        }
    }

    private static bool IsWhite(char c) => c is ' ' or (>= '\t' and <= '\r') or '\u0085' or '\u00A0';

    private sealed class ComparisonComparer<T>(Comparison<T> comparison) : IComparer<T>
    {
        public int Compare(T? x, T? y) => comparison(x!, y!);
    }
}

/// <summary>How one hole of an interpolated string becomes text.</summary>
internal static class InterpolatedText
{
    internal static bool TryFormat<T>(T value, string? format, Span<char> destination, out int written)
    {
        // The pattern on a struct is decided when it is compiled, and the call is direct: nothing is boxed.
        if (value is ISpanFormattable)
        {
            return ((ISpanFormattable)value).TryFormat(destination, out written, format, null);
        }

        string? text = value?.ToString();
        written = text?.Length ?? 0;
        return text == null || text.TryCopyTo(destination);
    }

    internal static bool TryFormatAligned<T>(T value, int alignment, string? format, Span<char> destination, out int written)
    {
        if (!TryFormat(value, format, destination, out written))
        {
            return false;
        }

        int width = Math.Abs(alignment);
        int padding = Math.Max(width - written, 0);
        if (written + padding > destination.Length)
        {
            return false;
        }

        if (alignment > 0)
        {
            destination[..written].CopyTo(destination[padding..]);
            destination[..padding].Fill(' ');
        }
        else
        {
            destination.Slice(written, padding).Fill(' ');
        }

        written += padding;
        return true;
    }
}
