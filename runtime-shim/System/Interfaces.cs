namespace System
{
    public interface IDisposable
    {
        void Dispose();
    }

    public interface ICloneable
    {
        object Clone();
    }

    public interface IComparable
    {
        int CompareTo(object? obj);
    }

    public interface IComparable<in T>
        where T : allows ref struct
    {
        int CompareTo(T? other);
    }

    public interface IEquatable<T>
        where T : allows ref struct
    {
        bool Equals(T? other);
    }

    public interface IFormatProvider
    {
        object? GetFormat(Type? formatType);
    }

    public interface IFormattable
    {
        string ToString(string? format, IFormatProvider? formatProvider);
    }

    public interface ISpanFormattable : IFormattable
    {
        bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider);
    }
}

namespace System.Collections
{
    public interface IEnumerator
    {
        object? Current { get; }

        bool MoveNext();

        void Reset();
    }

    public interface IEnumerable
    {
        IEnumerator GetEnumerator();
    }

    public interface ICollection : IEnumerable
    {
        int Count { get; }

        bool IsSynchronized { get; }

        object SyncRoot { get; }

        void CopyTo(Array array, int index);
    }

    public interface IList : ICollection
    {
        bool IsFixedSize { get; }

        bool IsReadOnly { get; }

        object? this[int index] { get; set; }

        int Add(object? value);

        void Clear();

        bool Contains(object? value);

        int IndexOf(object? value);

        void Insert(int index, object? value);

        void Remove(object? value);

        void RemoveAt(int index);
    }

    public interface IStructuralEquatable;

    public interface IStructuralComparable;
}

namespace System.Collections.Generic
{
    public interface IEnumerator<out T> : IDisposable, IEnumerator
        where T : allows ref struct
    {
        new T Current { get; }
    }

    public interface IEnumerable<out T> : IEnumerable
        where T : allows ref struct
    {
        new IEnumerator<T> GetEnumerator();
    }

    public interface IReadOnlyCollection<out T> : IEnumerable<T>
    {
        int Count { get; }
    }

    public interface IReadOnlyList<out T> : IReadOnlyCollection<T>
    {
        T this[int index] { get; }
    }

    public interface ICollection<T> : IEnumerable<T>
    {
        int Count { get; }

        bool IsReadOnly { get; }

        void Add(T item);

        void Clear();

        bool Contains(T item);

        void CopyTo(T[] array, int arrayIndex);

        bool Remove(T item);
    }

    public interface IList<T> : ICollection<T>
    {
        T this[int index] { get; set; }

        int IndexOf(T item);

        void Insert(int index, T item);

        void RemoveAt(int index);
    }

    public interface ISet<T> : ICollection<T>
    {
        new bool Add(T item);
    }

    public interface IReadOnlySet<T> : IReadOnlyCollection<T>
    {
        bool Contains(T item);
    }

    public interface IDictionary<TKey, TValue> : ICollection<KeyValuePair<TKey, TValue>>
    {
        TValue this[TKey key] { get; set; }

        ICollection<TKey> Keys { get; }

        ICollection<TValue> Values { get; }

        bool ContainsKey(TKey key);

        void Add(TKey key, TValue value);

        bool Remove(TKey key);

        bool TryGetValue(TKey key, [Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out TValue value);
    }

    public interface IReadOnlyDictionary<TKey, TValue> : IReadOnlyCollection<KeyValuePair<TKey, TValue>>
    {
        TValue this[TKey key] { get; }

        IEnumerable<TKey> Keys { get; }

        IEnumerable<TValue> Values { get; }

        bool ContainsKey(TKey key);

        bool TryGetValue(TKey key, [Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out TValue value);
    }

    public interface IComparer<in T>
        where T : allows ref struct
    {
        int Compare(T? x, T? y);
    }

    public interface IEqualityComparer<in T>
        where T : allows ref struct
    {
        bool Equals(T? x, T? y);

        int GetHashCode([Diagnostics.CodeAnalysis.DisallowNull] T obj);
    }

    public readonly struct KeyValuePair<TKey, TValue>(TKey key, TValue value)
    {
        public TKey Key { get; } = key;

        public TValue Value { get; } = value;

        public void Deconstruct(out TKey key, out TValue value)
        {
            key = Key;
            value = Value;
        }
    }

    public static class KeyValuePair
    {
        public static KeyValuePair<TKey, TValue> Create<TKey, TValue>(TKey key, TValue value) => new(key, value);
    }
}

namespace System.Globalization
{
    [Flags]
    public enum NumberStyles
    {
        None = 0x0000,
        AllowLeadingWhite = 0x0001,
        AllowTrailingWhite = 0x0002,
        AllowLeadingSign = 0x0004,
        Integer = AllowLeadingWhite | AllowTrailingWhite | AllowLeadingSign,
        AllowHexSpecifier = 0x0200,
        HexNumber = AllowLeadingWhite | AllowTrailingWhite | AllowHexSpecifier,
    }

    /// <summary>There is one culture, the invariant one, and nothing asks it anything.</summary>
    public sealed class CultureInfo : IFormatProvider
    {
        public static CultureInfo InvariantCulture { get; } = new();

        public object? GetFormat(Type? formatType) => null;
    }
}
