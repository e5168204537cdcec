using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace System.Collections.Generic;

/// <summary>
/// A hash table with chains inside one array, in the order of insertion as long as nothing is removed.
/// The number of buckets is a power of two, so the hash is mixed before it is used.
/// </summary>
public class Dictionary<TKey, TValue> : IDictionary<TKey, TValue>, IReadOnlyDictionary<TKey, TValue>
    where TKey : notnull
{
    private const int FirstCapacity = 4;
    private const int EndOfChain = -1;

    // Entries on the free list have a next of -3 and less: -3 minus the index of the next free one.
    private const int FreeListStart = -3;

    private int[] _buckets = [];
    private Entry[] _entries = [];
    private int _used;
    private int _freeList = -1;
    private int _freeCount;
    private readonly IEqualityComparer<TKey>? _comparer;

    public Dictionary()
    {
    }

    public Dictionary(int capacity)
        : this(capacity, null)
    {
    }

    public Dictionary(IEqualityComparer<TKey>? comparer)
        : this(0, comparer)
    {
    }

    public Dictionary(int capacity, IEqualityComparer<TKey>? comparer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        _comparer = comparer;
        if (capacity > 0)
        {
            Resize(capacity);
        }
    }

    public int Count => _used - _freeCount;

    public KeyCollection Keys => new(this);

    public ValueCollection Values => new(this);

    ICollection<TKey> IDictionary<TKey, TValue>.Keys => Keys;

    ICollection<TValue> IDictionary<TKey, TValue>.Values => Values;

    IEnumerable<TKey> IReadOnlyDictionary<TKey, TValue>.Keys => Keys;

    IEnumerable<TValue> IReadOnlyDictionary<TKey, TValue>.Values => Values;

    bool ICollection<KeyValuePair<TKey, TValue>>.IsReadOnly => false;

    public TValue this[TKey key]
    {
        get
        {
            int index = FindEntry(key);
            return index >= 0 ? _entries[index].Value : throw new KeyNotFoundException();
        }

        set => Insert(key, value, replace: true);
    }

    public void Add(TKey key, TValue value)
    {
        if (!Insert(key, value, replace: false))
        {
            throw new ArgumentException("The key is there already.", nameof(key));
        }
    }

    public bool TryAdd(TKey key, TValue value) => Insert(key, value, replace: false);

    public bool ContainsKey(TKey key) => FindEntry(key) >= 0;

    public bool ContainsValue(TValue value)
    {
        foreach (KeyValuePair<TKey, TValue> pair in this)
        {
            if (EqualityComparer<TValue>.Default.Equals(pair.Value, value))
            {
                return true;
            }
        }

        return false;
    }

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        int index = FindEntry(key);
        value = index >= 0 ? _entries[index].Value : default;
        return index >= 0;
    }

    public bool Remove(TKey key) => Remove(key, out _);

    public bool Remove(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        value = default;
        if (_buckets.Length == 0)
        {
            return false;
        }

        uint hash = Hash(key);
        ref int bucket = ref _buckets[hash & (uint)(_buckets.Length - 1)];
        int previous = EndOfChain;
        for (int i = bucket - 1; i >= 0; i = _entries[i].Next)
        {
            ref Entry entry = ref _entries[i];
            if (entry.Hash == hash && AreEqual(entry.Key, key))
            {
                if (previous < 0)
                {
                    bucket = entry.Next + 1;
                }
                else
                {
                    _entries[previous].Next = entry.Next;
                }

                value = entry.Value;
                entry = new Entry { Next = FreeListStart - _freeList };
                _freeList = i;
                _freeCount++;
                return true;
            }

            previous = i;
        }

        return false;
    }

    public void Clear()
    {
        Array.Clear(_buckets);
        Array.Clear(_entries, 0, _used);
        _used = 0;
        _freeList = -1;
        _freeCount = 0;
    }

    public int EnsureCapacity(int capacity)
    {
        if (capacity > _entries.Length)
        {
            Resize(capacity);
        }

        return _entries.Length;
    }

    public Enumerator GetEnumerator() => new(this);

    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator() => new Enumerator(this);

    IEnumerator IEnumerable.GetEnumerator() => new Enumerator(this);

    void ICollection<KeyValuePair<TKey, TValue>>.Add(KeyValuePair<TKey, TValue> item) => Add(item.Key, item.Value);

    bool ICollection<KeyValuePair<TKey, TValue>>.Contains(KeyValuePair<TKey, TValue> item) =>
        TryGetValue(item.Key, out TValue? value) && EqualityComparer<TValue>.Default.Equals(value, item.Value);

    bool ICollection<KeyValuePair<TKey, TValue>>.Remove(KeyValuePair<TKey, TValue> item) =>
        ((ICollection<KeyValuePair<TKey, TValue>>)this).Contains(item) && Remove(item.Key);

    void ICollection<KeyValuePair<TKey, TValue>>.CopyTo(KeyValuePair<TKey, TValue>[] array, int arrayIndex)
    {
        foreach (KeyValuePair<TKey, TValue> pair in this)
        {
            array[arrayIndex++] = pair;
        }
    }

    internal int FindEntry(TKey key)
    {
        if (_buckets.Length == 0)
        {
            return -1;
        }

        uint hash = Hash(key);
        Entry[] entries = _entries;
        int i = _buckets[hash & (uint)(_buckets.Length - 1)] - 1;
        while ((uint)i < (uint)entries.Length)
        {
            ref Entry entry = ref entries[i];
            if (entry.Hash == hash && AreEqual(entry.Key, key))
            {
                return i;
            }

            i = entry.Next;
        }

        return -1;
    }

    private bool Insert(TKey key, TValue value, bool replace)
    {
        if (key is null)
        {
            throw new ArgumentNullException(nameof(key));
        }

        int index = FindEntry(key);
        if (index >= 0)
        {
            if (replace)
            {
                _entries[index].Value = value;
            }

            return replace;
        }

        int place;
        if (_freeCount > 0)
        {
            place = _freeList;
            _freeList = FreeListStart - _entries[place].Next;
            _freeCount--;
        }
        else
        {
            if (_used == _entries.Length)
            {
                Resize(Math.Max(FirstCapacity, 2 * _used));
            }

            place = _used++;
        }

        uint hash = Hash(key);
        ref int bucket = ref _buckets[hash & (uint)(_buckets.Length - 1)];
        _entries[place] = new Entry { Hash = hash, Next = bucket - 1, Key = key, Value = value };
        bucket = place + 1;
        return true;
    }

    private void Resize(int capacity)
    {
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)capacity);
        Array.Resize(ref _entries!, size);
        _buckets = new int[size];
        for (int i = 0; i < _used; i++)
        {
            ref Entry entry = ref _entries[i];
            if (entry.Next >= EndOfChain)
            {
                ref int bucket = ref _buckets[entry.Hash & (uint)(size - 1)];
                entry.Next = bucket - 1;
                bucket = i + 1;
            }
        }
    }

    private uint Hash(TKey key)
    {
        uint hash = (uint)(_comparer == null ? EqualityComparer<TKey>.Default.GetHashCode(key) : _comparer.GetHashCode(key));
        hash *= 0x9E3779B1;
        return hash ^ (hash >> 16);
    }

    private bool AreEqual(TKey left, TKey right) =>
        _comparer == null ? EqualityComparer<TKey>.Default.Equals(left, right) : _comparer.Equals(left, right);

    private struct Entry
    {
        internal uint Hash;
        internal int Next;
        internal TKey Key;
        internal TValue Value;
    }

    public struct Enumerator : IEnumerator<KeyValuePair<TKey, TValue>>
    {
        private readonly Dictionary<TKey, TValue> _dictionary;
        private int _index;
        private KeyValuePair<TKey, TValue> _current;

        internal Enumerator(Dictionary<TKey, TValue> dictionary) => _dictionary = dictionary;

        public readonly KeyValuePair<TKey, TValue> Current => _current;

        readonly object? IEnumerator.Current => _current;

        public bool MoveNext()
        {
            while ((uint)_index < (uint)_dictionary._used)
            {
                ref Entry entry = ref _dictionary._entries[_index++];
                if (entry.Next >= EndOfChain)
                {
                    _current = new KeyValuePair<TKey, TValue>(entry.Key, entry.Value);
                    return true;
                }
            }

            _current = default;
            return false;
        }

        public void Reset() => _index = 0;

        public readonly void Dispose()
        {
        }
    }

    public sealed class KeyCollection(Dictionary<TKey, TValue> dictionary) : ICollection<TKey>, IReadOnlyCollection<TKey>
    {
        public int Count => dictionary.Count;

        bool ICollection<TKey>.IsReadOnly => true;

        public bool Contains(TKey item) => dictionary.ContainsKey(item);

        public void CopyTo(TKey[] array, int index)
        {
            foreach (KeyValuePair<TKey, TValue> pair in dictionary)
            {
                array[index++] = pair.Key;
            }
        }

        public Enumerator GetEnumerator() => new(dictionary);

        IEnumerator<TKey> IEnumerable<TKey>.GetEnumerator() => new Enumerator(dictionary);

        IEnumerator IEnumerable.GetEnumerator() => new Enumerator(dictionary);

        void ICollection<TKey>.Add(TKey item) => throw new NotSupportedException();

        void ICollection<TKey>.Clear() => throw new NotSupportedException();

        bool ICollection<TKey>.Remove(TKey item) => throw new NotSupportedException();

        public struct Enumerator : IEnumerator<TKey>
        {
            private Dictionary<TKey, TValue>.Enumerator _pairs;

            internal Enumerator(Dictionary<TKey, TValue> dictionary) => _pairs = dictionary.GetEnumerator();

            public readonly TKey Current => _pairs.Current.Key;

            readonly object? IEnumerator.Current => Current;

            public bool MoveNext() => _pairs.MoveNext();

            public void Reset() => _pairs.Reset();

            public readonly void Dispose()
            {
            }
        }
    }

    public sealed class ValueCollection(Dictionary<TKey, TValue> dictionary) : ICollection<TValue>, IReadOnlyCollection<TValue>
    {
        public int Count => dictionary.Count;

        bool ICollection<TValue>.IsReadOnly => true;

        public bool Contains(TValue item) => dictionary.ContainsValue(item);

        public void CopyTo(TValue[] array, int index)
        {
            foreach (KeyValuePair<TKey, TValue> pair in dictionary)
            {
                array[index++] = pair.Value;
            }
        }

        public Enumerator GetEnumerator() => new(dictionary);

        IEnumerator<TValue> IEnumerable<TValue>.GetEnumerator() => new Enumerator(dictionary);

        IEnumerator IEnumerable.GetEnumerator() => new Enumerator(dictionary);

        void ICollection<TValue>.Add(TValue item) => throw new NotSupportedException();

        void ICollection<TValue>.Clear() => throw new NotSupportedException();

        bool ICollection<TValue>.Remove(TValue item) => throw new NotSupportedException();

        public struct Enumerator : IEnumerator<TValue>
        {
            private Dictionary<TKey, TValue>.Enumerator _pairs;

            internal Enumerator(Dictionary<TKey, TValue> dictionary) => _pairs = dictionary.GetEnumerator();

            public readonly TValue Current => _pairs.Current.Value;

            readonly object? IEnumerator.Current => Current;

            public bool MoveNext() => _pairs.MoveNext();

            public void Reset() => _pairs.Reset();

            public readonly void Dispose()
            {
            }
        }
    }
}
