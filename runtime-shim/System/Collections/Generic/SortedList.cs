using System.Diagnostics.CodeAnalysis;

namespace System.Collections.Generic;

/// <summary>Keys in order, in an array beside their values: found in log n, put in and taken out in n.</summary>
public class SortedList<TKey, TValue> : IEnumerable<KeyValuePair<TKey, TValue>>
    where TKey : notnull
{
    private readonly List<TKey> _keys = [];
    private readonly List<TValue> _values = [];
    private readonly IComparer<TKey> _comparer;

    public SortedList()
        : this(null)
    {
    }

    public SortedList(IComparer<TKey>? comparer) => _comparer = comparer ?? Comparer<TKey>.Default;

    public int Count => _keys.Count;

    public IList<TKey> Keys => _keys;

    public IList<TValue> Values => _values;

    public TValue this[TKey key]
    {
        get => TryGetValue(key, out TValue? value) ? value : throw new KeyNotFoundException();
        set
        {
            int index = Search(key);
            if (index >= 0)
            {
                _values[index] = value;
            }
            else
            {
                InsertAt(~index, key, value);
            }
        }
    }

    public void Add(TKey key, TValue value)
    {
        if (!TryAdd(key, value))
        {
            throw new ArgumentException("The key is there already.", nameof(key));
        }
    }

    public bool TryAdd(TKey key, TValue value)
    {
        int index = Search(key);
        if (index < 0)
        {
            InsertAt(~index, key, value);
        }

        return index < 0;
    }

    public bool ContainsKey(TKey key) => Search(key) >= 0;

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        int index = Search(key);
        value = index >= 0 ? _values[index] : default;
        return index >= 0;
    }

    public int IndexOfKey(TKey key) => Math.Max(Search(key), -1);

    public TKey GetKeyAtIndex(int index) => _keys[index];

    public TValue GetValueAtIndex(int index) => _values[index];

    public void SetValueAtIndex(int index, TValue value) => _values[index] = value;

    public bool Remove(TKey key)
    {
        int index = Search(key);
        if (index >= 0)
        {
            RemoveAt(index);
        }

        return index >= 0;
    }

    public void RemoveAt(int index)
    {
        _keys.RemoveAt(index);
        _values.RemoveAt(index);
    }

    public void Clear()
    {
        _keys.Clear();
        _values.Clear();
    }

    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => new Enumerator(this);

    IEnumerator IEnumerable.GetEnumerator() => new Enumerator(this);

    private int Search(TKey key) => _keys.BinarySearch(key, _comparer);

    private void InsertAt(int index, TKey key, TValue value)
    {
        _keys.Insert(index, key);
        _values.Insert(index, value);
    }

    private sealed class Enumerator(SortedList<TKey, TValue> list) : IEnumerator<KeyValuePair<TKey, TValue>>
    {
        private int _index = -1;

        public KeyValuePair<TKey, TValue> Current => new(list._keys[_index], list._values[_index]);

        object? IEnumerator.Current => Current;

        public bool MoveNext() => ++_index < list.Count;

        public void Reset() => _index = -1;

        public void Dispose()
        {
        }
    }
}
