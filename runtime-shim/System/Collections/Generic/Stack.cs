using System.Diagnostics.CodeAnalysis;

namespace System.Collections.Generic;

/// <summary>Last in, first out.</summary>
public class Stack<T> : IReadOnlyCollection<T>
{
    private readonly List<T> _items;

    public Stack() => _items = [];

    public Stack(int capacity) => _items = new List<T>(capacity);

    public int Count => _items.Count;

    public void Push(T item) => _items.Add(item);

    public T Pop() => TryPop(out T? item) ? item : throw new InvalidOperationException("The stack is empty.");

    public bool TryPop([MaybeNullWhen(false)] out T result)
    {
        bool popped = TryPeek(out result);
        if (popped)
        {
            _items.RemoveAt(_items.Count - 1);
        }

        return popped;
    }

    public T Peek() => TryPeek(out T? item) ? item : throw new InvalidOperationException("The stack is empty.");

    public bool TryPeek([MaybeNullWhen(false)] out T result)
    {
        int count = _items.Count;
        result = count > 0 ? _items[count - 1] : default;
        return count > 0;
    }

    public bool Contains(T item) => _items.Contains(item);

    public void Clear() => _items.Clear();

    public T[] ToArray()
    {
        T[] array = _items.ToArray();
        Array.Reverse(array);
        return array;
    }

    public Enumerator GetEnumerator() => new(_items);

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => new Enumerator(_items);

    IEnumerator IEnumerable.GetEnumerator() => new Enumerator(_items);

    public struct Enumerator : IEnumerator<T>
    {
        private readonly List<T> _items;
        private int _index;

        internal Enumerator(List<T> items)
        {
            _items = items;
            _index = items.Count;
        }

        public readonly T Current => _items[_index];

        readonly object? IEnumerator.Current => Current;

        public bool MoveNext() => --_index >= 0;

        public void Reset() => _index = _items.Count;

        public readonly void Dispose()
        {
        }
    }
}
