namespace System;

/// <summary>A part of an array, which can be stored where a span cannot.</summary>
public readonly struct Memory<T> : IEquatable<Memory<T>>
{
    private readonly T[]? _array;
    private readonly int _start;
    private readonly int _length;

    public Memory(T[]? array)
        : this(array, 0, array == null ? 0 : array.Length)
    {
    }

    public Memory(T[]? array, int start, int length)
    {
        int whole = array == null ? 0 : array.Length;
        if ((uint)start > (uint)whole || (uint)length > (uint)(whole - start))
        {
            throw new ArgumentOutOfRangeException(nameof(start));
        }

        _array = array;
        _start = start;
        _length = length;
    }

    public static Memory<T> Empty => default;

    public int Length => _length;

    public bool IsEmpty => _length == 0;

    public Span<T> Span => new(_array, _start, _length);

    public Memory<T> Slice(int start) => Slice(start, _length - start);

    public Memory<T> Slice(int start, int length) => (uint)start <= (uint)_length && (uint)length <= (uint)(_length - start)
        ? new Memory<T>(_array, _start + start, length)
        : throw new ArgumentOutOfRangeException(nameof(start));

    public void CopyTo(Memory<T> destination) => Span.CopyTo(destination.Span);

    public bool TryCopyTo(Memory<T> destination) => Span.TryCopyTo(destination.Span);

    public T[] ToArray() => Span.ToArray();

    public bool Equals(Memory<T> other) => _array == other._array && _start == other._start && _length == other._length;

    public override bool Equals(object? obj) => obj is Memory<T> other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_array == null ? 0 : _array.GetHashCode(), _start, _length);

    public static implicit operator Memory<T>(T[]? array) => new(array);

    public static implicit operator ReadOnlyMemory<T>(Memory<T> memory) => new(memory._array, memory._start, memory._length);
}

/// <summary>A part of an array or a string, which can be stored where a span cannot, and is not for writing.</summary>
public readonly struct ReadOnlyMemory<T> : IEquatable<ReadOnlyMemory<T>>
{
    private readonly object? _object;
    private readonly int _start;
    private readonly int _length;

    public ReadOnlyMemory(T[]? array)
        : this(array, 0, array == null ? 0 : array.Length)
    {
    }

    public ReadOnlyMemory(T[]? array, int start, int length)
        : this((object?)array, start, length)
    {
        int whole = array == null ? 0 : array.Length;
        if ((uint)start > (uint)whole || (uint)length > (uint)(whole - start))
        {
            throw new ArgumentOutOfRangeException(nameof(start));
        }
    }

    internal ReadOnlyMemory(object? source, int start, int length)
    {
        _object = source;
        _start = start;
        _length = length;
    }

    public static ReadOnlyMemory<T> Empty => default;

    public int Length => _length;

    public bool IsEmpty => _length == 0;

    public ReadOnlySpan<T> Span
    {
        get
        {
            if (typeof(T) == typeof(char) && _object is string text)
            {
                ReadOnlySpan<char> characters = text.AsSpan(_start, _length);
                return new ReadOnlySpan<T>(ref Runtime.CompilerServices.Unsafe.As<char, T>(ref characters._reference), _length);
            }

            return new ReadOnlySpan<T>((T[]?)_object, _start, _length);
        }
    }

    public ReadOnlyMemory<T> Slice(int start) => Slice(start, _length - start);

    public ReadOnlyMemory<T> Slice(int start, int length) => (uint)start <= (uint)_length && (uint)length <= (uint)(_length - start)
        ? new ReadOnlyMemory<T>(_object, _start + start, length)
        : throw new ArgumentOutOfRangeException(nameof(start));

    public void CopyTo(Memory<T> destination) => Span.CopyTo(destination.Span);

    public T[] ToArray() => Span.ToArray();

    public override string ToString() => Span.ToString();

    public bool Equals(ReadOnlyMemory<T> other) => _object == other._object && _start == other._start && _length == other._length;

    public override bool Equals(object? obj) => obj is ReadOnlyMemory<T> other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_object == null ? 0 : _object.GetHashCode(), _start, _length);

    public static implicit operator ReadOnlyMemory<T>(T[]? array) => new(array);
}

/// <summary>A part of an array.</summary>
public readonly struct ArraySegment<T>
{
    public ArraySegment(T[] array)
        : this(array, 0, array.Length)
    {
    }

    public ArraySegment(T[] array, int offset, int count)
    {
        if ((uint)offset > (uint)array.Length || (uint)count > (uint)(array.Length - offset))
        {
            throw new ArgumentOutOfRangeException(nameof(offset));
        }

        Array = array;
        Offset = offset;
        Count = count;
    }

    public T[]? Array { get; }

    public int Offset { get; }

    public int Count { get; }

    public T this[int index] => (uint)index < (uint)Count ? Array![Offset + index] : throw new ArgumentOutOfRangeException(nameof(index));

    public static implicit operator Span<T>(ArraySegment<T> segment) => new(segment.Array, segment.Offset, segment.Count);

    public static implicit operator ReadOnlySpan<T>(ArraySegment<T> segment) => new(segment.Array, segment.Offset, segment.Count);
}
