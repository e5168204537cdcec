using System.Diagnostics.CodeAnalysis;

namespace System.Collections.Generic;

/// <summary>A set by hash.</summary>
public class HashSet<T> : ISet<T>, IReadOnlySet<T>
{
    private readonly Dictionary<Element, bool> _elements;

    public HashSet()
        : this((IEqualityComparer<T>?)null)
    {
    }

    public HashSet(int capacity)
        : this(capacity, null)
    {
    }

    public HashSet(IEqualityComparer<T>? comparer)
        : this(0, comparer)
    {
    }

    public HashSet(int capacity, IEqualityComparer<T>? comparer) =>
        _elements = new Dictionary<Element, bool>(capacity, comparer == null ? null : new ElementComparer(comparer));

    public HashSet(IEnumerable<T> collection)
        : this() => UnionWith(collection);

    public int Count => _elements.Count;

    bool ICollection<T>.IsReadOnly => false;

    public bool Add(T item) => _elements.TryAdd(new Element(item), true);

    void ICollection<T>.Add(T item) => Add(item);

    public bool Remove(T item) => _elements.Remove(new Element(item));

    public bool Contains(T item) => _elements.ContainsKey(new Element(item));

    public bool TryGetValue(T equalValue, [MaybeNullWhen(false)] out T actualValue)
    {
        foreach (T item in this)
        {
            if (EqualityComparer<T>.Default.Equals(item, equalValue))
            {
                actualValue = item;
                return true;
            }
        }

        actualValue = default;
        return false;
    }

    public void Clear() => _elements.Clear();

    public void UnionWith(IEnumerable<T> other)
    {
        foreach (T item in other)
        {
            Add(item);
        }
    }

    public void ExceptWith(IEnumerable<T> other)
    {
        foreach (T item in other)
        {
            Remove(item);
        }
    }

    public void CopyTo(T[] array) => CopyTo(array, 0);

    public void CopyTo(T[] array, int arrayIndex)
    {
        foreach (T item in this)
        {
            array[arrayIndex++] = item;
        }
    }

    public Enumerator GetEnumerator() => new(this);

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => new Enumerator(this);

    IEnumerator IEnumerable.GetEnumerator() => new Enumerator(this);

    public struct Enumerator : IEnumerator<T>
    {
        private Dictionary<Element, bool>.Enumerator _pairs;

        internal Enumerator(HashSet<T> set) => _pairs = set._elements.GetEnumerator();

        public readonly T Current => _pairs.Current.Key.Value;

        readonly object? IEnumerator.Current => Current;

        public bool MoveNext() => _pairs.MoveNext();

        public void Reset() => _pairs.Reset();

        public readonly void Dispose()
        {
        }
    }

    // A key that may be null, which a dictionary's may not.
    internal readonly struct Element(T value) : IEquatable<Element>
    {
        internal readonly T Value = value;

        public bool Equals(Element other) => EqualityComparer<T>.Default.Equals(Value, other.Value);

        public override bool Equals(object? obj) => obj is Element other && Equals(other);

        public override int GetHashCode() => Value is null ? 0 : EqualityComparer<T>.Default.GetHashCode(Value);
    }

    private sealed class ElementComparer(IEqualityComparer<T> comparer) : IEqualityComparer<Element>
    {
        public bool Equals(Element x, Element y) => comparer.Equals(x.Value, y.Value);

        public int GetHashCode(Element obj) => obj.Value is null ? 0 : comparer.GetHashCode(obj.Value);
    }
}
