using System.Diagnostics.CodeAnalysis;

namespace System.Collections.Generic;

/// <summary>The least priority first: a binary heap. Equal priorities come in no particular order, as in .NET.</summary>
public class PriorityQueue<TElement, TPriority>
{
    private readonly List<(TElement Element, TPriority Priority)> _heap;
    private readonly IComparer<TPriority> _comparer;

    public PriorityQueue()
        : this(0, null)
    {
    }

    public PriorityQueue(int initialCapacity)
        : this(initialCapacity, null)
    {
    }

    public PriorityQueue(IComparer<TPriority>? comparer)
        : this(0, comparer)
    {
    }

    public PriorityQueue(int initialCapacity, IComparer<TPriority>? comparer)
    {
        _heap = new List<(TElement Element, TPriority Priority)>(initialCapacity);
        _comparer = comparer ?? Comparer<TPriority>.Default;
    }

    public int Count => _heap.Count;

    public void Enqueue(TElement element, TPriority priority)
    {
        _heap.Add((element, priority));
        int child = _heap.Count - 1;
        while (child > 0)
        {
            int parent = (child - 1) / 2;
            if (_comparer.Compare(_heap[parent].Priority, priority) <= 0)
            {
                break;
            }

            _heap[child] = _heap[parent];
            child = parent;
        }

        _heap[child] = (element, priority);
    }

    public TElement Dequeue() => TryDequeue(out TElement? element, out _) ? element : throw new InvalidOperationException("The queue is empty.");

    public bool TryDequeue([MaybeNullWhen(false)] out TElement element, [MaybeNullWhen(false)] out TPriority priority)
    {
        if (!TryPeek(out element, out priority))
        {
            return false;
        }

        int last = _heap.Count - 1;
        (TElement Element, TPriority Priority) moved = _heap[last];
        _heap.RemoveAt(last);
        if (last > 0)
        {
            SiftDown(moved);
        }

        return true;
    }

    public TElement Peek() => TryPeek(out TElement? element, out _) ? element : throw new InvalidOperationException("The queue is empty.");

    public bool TryPeek([MaybeNullWhen(false)] out TElement element, [MaybeNullWhen(false)] out TPriority priority)
    {
        bool any = _heap.Count > 0;
        element = any ? _heap[0].Element : default;
        priority = any ? _heap[0].Priority : default;
        return any;
    }

    public void Clear() => _heap.Clear();

    private void SiftDown((TElement Element, TPriority Priority) moved)
    {
        int hole = 0;
        while (true)
        {
            int child = (2 * hole) + 1;
            if (child >= _heap.Count)
            {
                break;
            }

            if (child + 1 < _heap.Count && _comparer.Compare(_heap[child + 1].Priority, _heap[child].Priority) < 0)
            {
                child++;
            }

            if (_comparer.Compare(moved.Priority, _heap[child].Priority) <= 0)
            {
                break;
            }

            _heap[hole] = _heap[child];
            hole = child;
        }

        _heap[hole] = moved;
    }
}
