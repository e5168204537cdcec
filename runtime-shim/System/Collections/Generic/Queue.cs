using System.Diagnostics.CodeAnalysis;

namespace System.Collections.Generic;

/// <summary>First in, first out: a ring in an array.</summary>
public class Queue<T> : IReadOnlyCollection<T>
{
    private const int FirstCapacity = 4;

    private T[] _ring;
    private int _head;
    private int _size;

    public Queue() => _ring = [];

    public Queue(int capacity) => _ring = new T[capacity];

    public Queue(IEnumerable<T> collection)
    {
        _ring = [];
        foreach (T item in collection)
        {
            Enqueue(item);
        }
    }

    public int Count => _size;

    public void Enqueue(T item)
    {
        if (_size == _ring.Length)
        {
            Grow();
        }

        _ring[Place(_size)] = item;
        _size++;
    }

    public T Dequeue() => TryDequeue(out T? item) ? item : throw new InvalidOperationException("The queue is empty.");

    public bool TryDequeue([MaybeNullWhen(false)] out T result)
    {
        if (_size == 0)
        {
            result = default;
            return false;
        }

        result = _ring[_head];
        _ring[_head] = default!;
        _head = Place(1);
        _size--;
        return true;
    }

    public T Peek() => _size > 0 ? _ring[_head] : throw new InvalidOperationException("The queue is empty.");

    public bool TryPeek([MaybeNullWhen(false)] out T result)
    {
        result = _size > 0 ? _ring[_head] : default;
        return _size > 0;
    }

    public bool Contains(T item)
    {
        foreach (T element in this)
        {
            if (EqualityComparer<T>.Default.Equals(element, item))
            {
                return true;
            }
        }

        return false;
    }

    public void Clear()
    {
        Array.Clear(_ring);
        _head = 0;
        _size = 0;
    }

    public T[] ToArray()
    {
        T[] array = new T[_size];
        for (int i = 0; i < _size; i++)
        {
            array[i] = _ring[Place(i)];
        }

        return array;
    }

    public Enumerator GetEnumerator() => new(this);

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => new Enumerator(this);

    IEnumerator IEnumerable.GetEnumerator() => new Enumerator(this);

    private int Place(int offset)
    {
        int place = _head + offset;
        return place >= _ring.Length ? place - _ring.Length : place;
    }

    private void Grow()
    {
        T[] larger = new T[Math.Max(FirstCapacity, 2 * _ring.Length)];
        int first = Math.Min(_size, _ring.Length - _head);
        Array.Copy(_ring, _head, larger, 0, first);
        Array.Copy(_ring, 0, larger, first, _size - first);
        _ring = larger;
        _head = 0;
    }

    public struct Enumerator : IEnumerator<T>
    {
        private readonly Queue<T> _queue;
        private int _index;

        internal Enumerator(Queue<T> queue)
        {
            _queue = queue;
            _index = -1;
        }

        public readonly T Current => _queue._ring[_queue.Place(_index)];

        readonly object? IEnumerator.Current => Current;

        public bool MoveNext() => ++_index < _queue._size;

        public void Reset() => _index = -1;

        public readonly void Dispose()
        {
        }
    }
}
