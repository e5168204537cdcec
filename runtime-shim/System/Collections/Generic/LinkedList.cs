namespace System.Collections.Generic;

/// <summary>A list whose nodes are objects, so that one can be taken out in constant time.</summary>
public class LinkedList<T> : IReadOnlyCollection<T>
{
    internal LinkedListNode<T>? _head;
    internal LinkedListNode<T>? _tail;

    public int Count { get; private set; }

    public LinkedListNode<T>? First => _head;

    public LinkedListNode<T>? Last => _tail;

    public LinkedListNode<T> AddFirst(T value) => Insert(new LinkedListNode<T>(value), null, _head);

    public LinkedListNode<T> AddLast(T value) => Insert(new LinkedListNode<T>(value), _tail, null);

    public void AddFirst(LinkedListNode<T> node) => Insert(node, null, _head);

    public void AddLast(LinkedListNode<T> node) => Insert(node, _tail, null);

    public LinkedListNode<T> AddBefore(LinkedListNode<T> node, T value) => Insert(new LinkedListNode<T>(value), node.Previous, node);

    public LinkedListNode<T> AddAfter(LinkedListNode<T> node, T value) => Insert(new LinkedListNode<T>(value), node, node.Next);

    public void Remove(LinkedListNode<T> node)
    {
        if (node.List != this)
        {
            throw new InvalidOperationException("The node belongs to another list.");
        }

        if (node.Previous == null)
        {
            _head = node.Next;
        }
        else
        {
            node.Previous.Next = node.Next;
        }

        if (node.Next == null)
        {
            _tail = node.Previous;
        }
        else
        {
            node.Next.Previous = node.Previous;
        }

        node.List = null;
        node.Next = null;
        node.Previous = null;
        Count--;
    }

    public bool Remove(T value)
    {
        for (LinkedListNode<T>? node = _head; node != null; node = node.Next)
        {
            if (EqualityComparer<T>.Default.Equals(node.Value, value))
            {
                Remove(node);
                return true;
            }
        }

        return false;
    }

    public void RemoveFirst() => Remove(_head ?? throw new InvalidOperationException("The list is empty."));

    public void RemoveLast() => Remove(_tail ?? throw new InvalidOperationException("The list is empty."));

    public void Clear()
    {
        while (_head != null)
        {
            Remove(_head);
        }
    }

    public Enumerator GetEnumerator() => new(this);

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => new Enumerator(this);

    IEnumerator IEnumerable.GetEnumerator() => new Enumerator(this);

    private LinkedListNode<T> Insert(LinkedListNode<T> node, LinkedListNode<T>? before, LinkedListNode<T>? after)
    {
        if (node.List != null)
        {
            throw new InvalidOperationException("The node belongs to a list.");
        }

        node.List = this;
        node.Previous = before;
        node.Next = after;
        if (before == null)
        {
            _head = node;
        }
        else
        {
            before.Next = node;
        }

        if (after == null)
        {
            _tail = node;
        }
        else
        {
            after.Previous = node;
        }

        Count++;
        return node;
    }

    public struct Enumerator : IEnumerator<T>
    {
        private readonly LinkedList<T> _list;
        private LinkedListNode<T>? _next;
        private T? _current;

        internal Enumerator(LinkedList<T> list)
        {
            _list = list;
            _next = list.First;
        }

        public readonly T Current => _current!;

        readonly object? IEnumerator.Current => _current;

        public bool MoveNext()
        {
            if (_next == null)
            {
                return false;
            }

            _current = _next.Value;
            _next = _next.Next;
            return true;
        }

        public void Reset() => _next = _list.First;

        public readonly void Dispose()
        {
        }
    }
}

public sealed class LinkedListNode<T>(T value)
{
    public T Value { get; set; } = value;

    public LinkedList<T>? List { get; internal set; }

    public LinkedListNode<T>? Next { get; internal set; }

    public LinkedListNode<T>? Previous { get; internal set; }
}
