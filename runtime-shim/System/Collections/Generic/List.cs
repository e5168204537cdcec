using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace System.Collections.Generic;

/// <summary>A growing array.</summary>
public class List<T> : IList<T>, IReadOnlyList<T>
{
    private const int FirstCapacity = 4;

    internal T[] _items;
    internal int _size;

    public List() => _items = [];

    public List(int capacity) => _items = capacity == 0 ? [] : new T[capacity];

    public List(IEnumerable<T> collection)
    {
        _items = [];
        AddRange(collection);
    }

    public int Count => _size;

    public int Capacity
    {
        get => _items.Length;
        set
        {
            if (value < _size)
            {
                throw new ArgumentOutOfRangeException(nameof(value));
            }

            Array.Resize(ref _items!, value);
        }
    }

    bool ICollection<T>.IsReadOnly => false;

    public T this[int index]
    {
        get
        {
            if ((uint)index >= (uint)_size)
            {
                Internal.Runtime.CompilerHelpers.ThrowHelpers.ThrowArgumentOutOfRangeException();
            }

            return _items[index];
        }

        set
        {
            if ((uint)index >= (uint)_size)
            {
                Internal.Runtime.CompilerHelpers.ThrowHelpers.ThrowArgumentOutOfRangeException();
            }

            _items[index] = value;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(T item)
    {
        T[] items = _items;
        int size = _size;
        if ((uint)size < (uint)items.Length)
        {
            _size = size + 1;
            items[size] = item;
        }
        else
        {
            AddAfterGrowth(item);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddAfterGrowth(T item)
    {
        EnsureCapacity(_size + 1);
        _items[_size++] = item;
    }

    public void AddRange(IEnumerable<T> collection)
    {
        if (collection is ICollection<T> sized)
        {
            int count = sized.Count;
            EnsureCapacity(_size + count);
            sized.CopyTo(_items, _size);
            _size += count;
            return;
        }

        foreach (T item in collection)
        {
            Add(item);
        }
    }

    public int EnsureCapacity(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        if (_items.Length < capacity)
        {
            Capacity = Math.Max(capacity, Math.Max(FirstCapacity, (int)Math.Min(2 * (uint)_items.Length, (uint)Array.MaxLength)));
        }

        return _items.Length;
    }

    public void Insert(int index, T item)
    {
        if ((uint)index > (uint)_size)
        {
            throw new ArgumentOutOfRangeException(nameof(index));
        }

        EnsureCapacity(_size + 1);
        Array.Copy(_items, index, _items, index + 1, _size - index);
        _items[index] = item;
        _size++;
    }

    public bool Remove(T item)
    {
        int index = IndexOf(item);
        if (index < 0)
        {
            return false;
        }

        RemoveAt(index);
        return true;
    }

    public void RemoveAt(int index) => RemoveRange(index, 1);

    public void RemoveRange(int index, int count)
    {
        if (index < 0 || count < 0 || count > _size - index)
        {
            throw new ArgumentOutOfRangeException(nameof(index));
        }

        _size -= count;
        Array.Copy(_items, index + count, _items, index, _size - index);
        Array.Clear(_items, _size, count);
    }

    public int RemoveAll(Predicate<T> match)
    {
        int kept = 0;
        for (int i = 0; i < _size; i++)
        {
            if (!match(_items[i]))
            {
                _items[kept++] = _items[i];
            }
        }

        int removed = _size - kept;
        Array.Clear(_items, kept, removed);
        _size = kept;
        return removed;
    }

    public void Clear()
    {
        Array.Clear(_items, 0, _size);
        _size = 0;
    }

    public bool Contains(T item) => IndexOf(item) >= 0;

    public int IndexOf(T item) => Array.IndexOf(_items, item, 0, _size);

    public int FindIndex(Predicate<T> match)
    {
        for (int i = 0; i < _size; i++)
        {
            if (match(_items[i]))
            {
                return i;
            }
        }

        return -1;
    }

    public T? Find(Predicate<T> match)
    {
        int index = FindIndex(match);
        return index < 0 ? default : _items[index];
    }

    public bool Exists(Predicate<T> match) => FindIndex(match) >= 0;

    public void ForEach(Action<T> action)
    {
        for (int i = 0; i < _size; i++)
        {
            action(_items[i]);
        }
    }

    public int BinarySearch(T item) => Array.BinarySearch(_items, 0, _size, item, null);

    public int BinarySearch(T item, IComparer<T>? comparer) => Array.BinarySearch(_items, 0, _size, item, comparer);

    public int BinarySearch(int index, int count, T item, IComparer<T>? comparer) => Array.BinarySearch(_items, index, count, item, comparer);

    public void Sort() => new Span<T>(_items, 0, _size).Sort();

    public void Sort(IComparer<T>? comparer) => SpanSort.Sort(new Span<T>(_items, 0, _size), comparer ?? Comparer<T>.Default);

    public void Sort(Comparison<T> comparison) => new Span<T>(_items, 0, _size).Sort(comparison);

    public void Reverse() => new Span<T>(_items, 0, _size).Reverse();

    public void CopyTo(T[] array) => CopyTo(array, 0);

    public void CopyTo(T[] array, int arrayIndex) => Array.Copy(_items, 0, array, arrayIndex, _size);

    public List<T> GetRange(int index, int count)
    {
        List<T> range = new(count);
        new Span<T>(_items, 0, _size).Slice(index, count).CopyTo(range._items);
        range._size = count;
        return range;
    }

    public T[] ToArray() => new Span<T>(_items, 0, _size).ToArray();

    public void TrimExcess() => Capacity = _size;

    public Enumerator GetEnumerator() => new(this);

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => new Enumerator(this);

    IEnumerator IEnumerable.GetEnumerator() => new Enumerator(this);

    public struct Enumerator : IEnumerator<T>
    {
        private readonly List<T> _list;
        private int _index;
        private T? _current;

        internal Enumerator(List<T> list) => _list = list;

        public readonly T Current => _current!;

        readonly object? IEnumerator.Current => _current;

        public bool MoveNext()
        {
            if ((uint)_index < (uint)_list._size)
            {
                _current = _list._items[_index++];
                return true;
            }

            _current = default;
            return false;
        }

        public void Reset() => _index = 0;

        public readonly void Dispose()
        {
        }
    }
}
