using Internal.Runtime;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>The base of all arrays.</summary>
public abstract unsafe class Array : ICollection, IList, IStructuralComparable, IStructuralEquatable, ICloneable
{
    // The compiler knows the name and place of the length. Elements begin behind eight bytes of length and padding.
    private int _numComponents;

    public static int MaxLength => 0x7FFFFFC7;

    [Intrinsic]
    public int Length => _numComponents;

    public long LongLength => (uint)_numComponents;

    public int Rank => this.GetMethodTable()->Rank;

    int ICollection.Count => Length;

    bool ICollection.IsSynchronized => false;

    object ICollection.SyncRoot => this;

    bool IList.IsFixedSize => true;

    bool IList.IsReadOnly => false;

    object? IList.this[int index]
    {
        get => throw Untyped();
        set => throw Untyped();
    }

    public void CopyTo(Array array, int index) => Copy(this, 0, array, index, Length);

    int IList.Add(object? value) => throw Untyped();

    void IList.Clear() => throw Untyped();

    bool IList.Contains(object? value) => throw Untyped();

    int IList.IndexOf(object? value) => throw Untyped();

    void IList.Insert(int index, object? value) => throw Untyped();

    void IList.Remove(object? value) => throw Untyped();

    void IList.RemoveAt(int index) => throw Untyped();

    private static NotSupportedException Untyped() => new("Arrays are used with their element type.");

    internal nuint ElementSize => this.GetMethodTable()->ComponentSize;

    // SAFETY: arrays of several dimensions have two integers a dimension before the first element.
    internal ref byte Data => ref Unsafe.AddByteOffset(
        ref Unsafe.As<RawArrayData>(this).Data, this.GetMethodTable()->BaseSize - (nuint)(3 * sizeof(void*)));

    IEnumerator IEnumerable.GetEnumerator() => throw new NotSupportedException("Arrays are enumerated with their element type.");

    public object Clone()
    {
        MethodTable* type = this.GetMethodTable();
        Array copy = Unsafe.As<Array>(Allocator.NewArray(type, Length));

        // SAFETY: both have the same type and length; what lies between length and elements is copied too.
        nuint bounds = type->BaseSize - (nuint)(3 * sizeof(void*));
        Buffer.Memmove(ref Unsafe.As<RawArrayData>(copy).Data, ref Unsafe.As<RawArrayData>(this).Data, bounds + ((nuint)(uint)Length * ElementSize));
        return copy;
    }

    public int GetLength(int dimension) => dimension == 0 && Rank == 1 ? Length
        : (uint)dimension < (uint)Rank ? Unsafe.Add(ref Unsafe.As<byte, int>(ref Unsafe.As<RawArrayData>(this).Data), dimension)
        : throw new IndexOutOfRangeException();

    public int GetLowerBound(int dimension) => 0;

    public int GetUpperBound(int dimension) => GetLength(dimension) - 1;

    public static T[] Empty<T>() => EmptyArray<T>.Value;

    public static void Copy(Array sourceArray, Array destinationArray, int length) => Copy(sourceArray, 0, destinationArray, 0, length);

    /// <summary>Copies between arrays of one type, or of references to references; not with boxing, unboxing or widening.</summary>
    public static void Copy(Array sourceArray, int sourceIndex, Array destinationArray, int destinationIndex, int length)
    {
        ArgumentNullException.ThrowIfNull(sourceArray);
        ArgumentNullException.ThrowIfNull(destinationArray);
        if ((sourceIndex | destinationIndex | length) < 0
            || (uint)sourceIndex + (uint)length > (uint)sourceArray.Length
            || (uint)destinationIndex + (uint)length > (uint)destinationArray.Length)
        {
            throw new ArgumentException("The range does not lie within the arrays.");
        }

        MethodTable* from = sourceArray.GetMethodTable()->ParameterType;
        MethodTable* to = destinationArray.GetMethodTable()->ParameterType;
        if (from != to && !TypeRelations.IsAssignable(from, to, boxed: false, sameSize: true))
        {
            if (from->IsValueType || to->IsValueType)
            {
                throw new ArrayTypeMismatchException();
            }

            CopyChecked(sourceArray, sourceIndex, destinationArray, destinationIndex, length, to);
            return;
        }

        // SAFETY: the ranges lie within both arrays and the elements have one layout.
        nuint size = sourceArray.ElementSize;
        Buffer.Memmove(
            ref Unsafe.AddByteOffset(ref destinationArray.Data, (nuint)(uint)destinationIndex * size),
            ref Unsafe.AddByteOffset(ref sourceArray.Data, (nuint)(uint)sourceIndex * size),
            (nuint)(uint)length * size);
    }

    private static void CopyChecked(Array source, int sourceIndex, Array destination, int destinationIndex, int length, MethodTable* type)
    {
        // SAFETY: both are arrays of references and the ranges lie within them.
        ref object? from = ref Unsafe.Add(ref Unsafe.As<byte, object?>(ref source.Data), sourceIndex);
        ref object? to = ref Unsafe.Add(ref Unsafe.As<byte, object?>(ref destination.Data), destinationIndex);
        for (int i = 0; i < length; i++)
        {
            object? element = Unsafe.Add(ref from, i);
            if (element != null && !TypeRelations.IsAssignable(element.GetMethodTable(), type, boxed: true))
            {
                throw new InvalidCastException();
            }

            Unsafe.Add(ref to, i) = element;
        }
    }

    public static void Clear(Array array) =>
        Buffer.Zero(ref array.Data, (nuint)(uint)array.Length * array.ElementSize);

    public static void Clear(Array array, int index, int length)
    {
        if (index < 0 || length < 0 || (uint)index + (uint)length > (uint)array.Length)
        {
            throw new IndexOutOfRangeException();
        }

        Buffer.Zero(ref Unsafe.AddByteOffset(ref array.Data, (nuint)(uint)index * array.ElementSize), (nuint)(uint)length * array.ElementSize);
    }

    public static void Fill<T>(T[] array, T value) => new Span<T>(array).Fill(value);

    public static void Fill<T>(T[] array, T value, int startIndex, int count) => new Span<T>(array, startIndex, count).Fill(value);

    public static void Resize<T>([NotNull] ref T[]? array, int newSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(newSize);
        T[]? old = array;
        if (old == null)
        {
            array = new T[newSize];
            return;
        }

        if (old.Length != newSize)
        {
            T[] resized = new T[newSize];
            Buffer.Memmove(ref resized.FirstElement(), ref old.FirstElement(), (nuint)(uint)Math.Min(newSize, old.Length));
            old = resized;
        }

        array = old;
    }

    public static int IndexOf<T>(T[] array, T value) => IndexOf(array, value, 0, array.Length);

    public static int IndexOf<T>(T[] array, T value, int startIndex) => IndexOf(array, value, startIndex, array.Length - startIndex);

    public static int IndexOf<T>(T[] array, T value, int startIndex, int count)
    {
        if ((uint)startIndex > (uint)array.Length || (uint)count > (uint)(array.Length - startIndex))
        {
            throw new ArgumentOutOfRangeException(nameof(startIndex));
        }

        for (int i = startIndex; i < startIndex + count; i++)
        {
            if (EqualityComparer<T>.Default.Equals(array[i], value))
            {
                return i;
            }
        }

        return -1;
    }

    public static int LastIndexOf<T>(T[] array, T value)
    {
        for (int i = array.Length - 1; i >= 0; i--)
        {
            if (EqualityComparer<T>.Default.Equals(array[i], value))
            {
                return i;
            }
        }

        return -1;
    }

    public static int FindIndex<T>(T[] array, Predicate<T> match)
    {
        for (int i = 0; i < array.Length; i++)
        {
            if (match(array[i]))
            {
                return i;
            }
        }

        return -1;
    }

    public static T? Find<T>(T[] array, Predicate<T> match)
    {
        int index = FindIndex(array, match);
        return index < 0 ? default : array[index];
    }

    public static bool Exists<T>(T[] array, Predicate<T> match) => FindIndex(array, match) >= 0;

    public static void ForEach<T>(T[] array, Action<T> action)
    {
        foreach (T element in array)
        {
            action(element);
        }
    }

    public static TOutput[] ConvertAll<TInput, TOutput>(TInput[] array, Converter<TInput, TOutput> converter)
    {
        TOutput[] result = new TOutput[array.Length];
        for (int i = 0; i < array.Length; i++)
        {
            result[i] = converter(array[i]);
        }

        return result;
    }

    public static void Reverse<T>(T[] array) => new Span<T>(array).Reverse();

    public static void Reverse<T>(T[] array, int index, int length) => new Span<T>(array, index, length).Reverse();

    public static void Sort<T>(T[] array) => new Span<T>(array).Sort();

    public static void Sort<T>(T[] array, int index, int length) => new Span<T>(array, index, length).Sort();

    public static void Sort<T>(T[] array, IComparer<T>? comparer) => SpanSort.Sort(new Span<T>(array), comparer ?? Comparer<T>.Default);

    public static void Sort<T>(T[] array, Comparison<T> comparison) => new Span<T>(array).Sort(comparison);

    public static int BinarySearch<T>(T[] array, T value) => BinarySearch(array, 0, array.Length, value, null);

    public static int BinarySearch<T>(T[] array, T value, IComparer<T>? comparer) => BinarySearch(array, 0, array.Length, value, comparer);

    public static int BinarySearch<T>(T[] array, int index, int length, T value, IComparer<T>? comparer)
    {
        comparer ??= Comparer<T>.Default;
        int low = index;
        int high = index + length - 1;
        while (low <= high)
        {
            int middle = low + ((high - low) >> 1);
            int order = comparer.Compare(array[middle], value);
            if (order == 0)
            {
                return middle;
            }

            if (order < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return ~low;
    }

    private static class EmptyArray<T>
    {
        internal static readonly T[] Value = new T[0];
    }
}

internal static class ArrayElements
{
    // SAFETY: the first element's place; it is followed only where the length says that it is there.
    internal static ref T FirstElement<T>(this T[] array) => ref Unsafe.As<byte, T>(ref Unsafe.As<RawArrayData>(array).Data);
}

/// <summary>What makes a T[] an IList of T. The compiler takes its methods for the interfaces of vectors; <c>this</c> is the vector.</summary>
internal sealed class Array<T> : Array, IList<T>, IReadOnlyList<T>
{
    private Array()
    {
    }

    private T[] Self => Unsafe.As<T[]>(this);

    public int Count => Length;

    public bool IsReadOnly => true;

    T IList<T>.this[int index]
    {
        get => Self[index];
        set => Self[index] = value;
    }

    T IReadOnlyList<T>.this[int index] => Self[index];

    public IEnumerator<T> GetEnumerator() => new ArrayEnumerator<T>(Self);

    IEnumerator IEnumerable.GetEnumerator() => new ArrayEnumerator<T>(Self);

    public void Add(T item) => throw new NotSupportedException("An array has a fixed size.");

    public void Clear() => throw new NotSupportedException("An array has a fixed size.");

    public bool Contains(T item) => IndexOf(Self, item) >= 0;

    public void CopyTo(T[] array, int arrayIndex) => Copy(this, 0, array, arrayIndex, Length);

    public bool Remove(T item) => throw new NotSupportedException("An array has a fixed size.");

    public int IndexOf(T item) => IndexOf(Self, item);

    public void Insert(int index, T item) => throw new NotSupportedException("An array has a fixed size.");

    public void RemoveAt(int index) => throw new NotSupportedException("An array has a fixed size.");
}

internal sealed class ArrayEnumerator<T>(T[] array) : IEnumerator<T>
{
    private int _index = -1;

    public T Current => array[_index];

    object? IEnumerator.Current => Current;

    public bool MoveNext() => ++_index < array.Length;

    public void Reset() => _index = -1;

    public void Dispose()
    {
    }
}
