using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>A view of consecutive elements that somebody else owns.</summary>
public readonly ref struct Span<T>
{
    internal readonly ref T _reference;
    private readonly int _length;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span(T[]? array)
    {
        _reference = ref Unsafe.NullRef<T>();
        if (array != null)
        {
            if (default(T) is null && array.GetType() != typeof(T[]))
            {
                throw new ArrayTypeMismatchException();
            }

            _reference = ref array.FirstElement();
            _length = array.Length;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span(T[]? array, int start, int length)
    {
        this = new Span<T>(array).Slice(start, length);
    }

    // SAFETY: the caller says that so many elements lie there.
    public unsafe Span(void* pointer, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _reference = ref *(T*)pointer;
        _length = length;
    }

    public Span(ref T reference)
    {
        _reference = ref reference;
        _length = 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Span(ref T reference, int length)
    {
        _reference = ref reference;
        _length = length;
    }

    public static Span<T> Empty => default;

    public int Length
    {
        [Intrinsic]
        get => _length;
    }

    public bool IsEmpty => _length == 0;

    public ref T this[int index]
    {
        [Intrinsic]
        get
        {
            if ((uint)index >= (uint)_length)
            {
                Internal.Runtime.CompilerHelpers.ThrowHelpers.ThrowIndexOutOfRangeException();
            }

            // SAFETY: the index is within the span.
            return ref Unsafe.Add(ref _reference, (nint)(uint)index);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<T> Slice(int start)
    {
        if ((uint)start > (uint)_length)
        {
            Internal.Runtime.CompilerHelpers.ThrowHelpers.ThrowArgumentOutOfRangeException();
        }

        return new Span<T>(ref Unsafe.Add(ref _reference, (nint)(uint)start), _length - start);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<T> Slice(int start, int length)
    {
        if ((ulong)(uint)start + (uint)length > (uint)_length)
        {
            Internal.Runtime.CompilerHelpers.ThrowHelpers.ThrowArgumentOutOfRangeException();
        }

        return new Span<T>(ref Unsafe.Add(ref _reference, (nint)(uint)start), length);
    }

    public void Clear() => Buffer.Zero(ref Unsafe.As<T, byte>(ref _reference), (nuint)(uint)_length * (nuint)Unsafe.SizeOf<T>());

    public void Fill(T value)
    {
        if (Unsafe.SizeOf<T>() == 1)
        {
            Buffer.Fill(ref Unsafe.As<T, byte>(ref _reference), Unsafe.BitCast<T, byte>(value), (nuint)(uint)_length);
            return;
        }

        for (int i = 0; i < _length; i++)
        {
            Unsafe.Add(ref _reference, i) = value;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void CopyTo(Span<T> destination)
    {
        if ((uint)_length > (uint)destination._length)
        {
            Internal.Runtime.CompilerHelpers.ThrowHelpers.ThrowArgumentException();
        }

        Buffer.Memmove(ref destination._reference, ref _reference, (nuint)(uint)_length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryCopyTo(Span<T> destination)
    {
        if ((uint)_length > (uint)destination._length)
        {
            return false;
        }

        Buffer.Memmove(ref destination._reference, ref _reference, (nuint)(uint)_length);
        return true;
    }

    public T[] ToArray()
    {
        if (_length == 0)
        {
            return [];
        }

        T[] array = new T[_length];
        Buffer.Memmove(ref array.FirstElement(), ref _reference, (nuint)(uint)_length);
        return array;
    }

    public ref T GetPinnableReference() => ref _length != 0 ? ref _reference : ref Unsafe.NullRef<T>();

    public override string ToString() => ((ReadOnlySpan<T>)this).ToString();

    public Enumerator GetEnumerator() => new(this);

    public static implicit operator Span<T>(T[]? array) => new(array);

    public static implicit operator ReadOnlySpan<T>(Span<T> span) => new(ref span._reference, span._length);

    public static bool operator ==(Span<T> left, Span<T> right) =>
        left._length == right._length && Unsafe.AreSame(ref left._reference, ref right._reference);

    public static bool operator !=(Span<T> left, Span<T> right) => !(left == right);

#pragma warning disable CS0809 // As in .NET: spans are compared by operator, and have no hash.
    [Obsolete("A span has no Equals.")]
    public override bool Equals(object? obj) => throw new NotSupportedException();

    [Obsolete("A span has no hash code.")]
    public override int GetHashCode() => throw new NotSupportedException();
#pragma warning restore CS0809

    public ref struct Enumerator
    {
        private readonly Span<T> _span;
        private int _index;

        internal Enumerator(Span<T> span)
        {
            _span = span;
            _index = -1;
        }

        public readonly ref T Current => ref _span[_index];

        public bool MoveNext() => ++_index < _span.Length;
    }
}
