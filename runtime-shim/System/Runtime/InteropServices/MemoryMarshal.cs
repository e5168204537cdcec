using System.Runtime.CompilerServices;

namespace System.Runtime.InteropServices;

/// <summary>Spans seen as other spans. For the unsafe rooms only.</summary>
public static class MemoryMarshal
{
    [Intrinsic]
    public static ref T GetArrayDataReference<T>(T[] array) => ref array.FirstElement();

    public static ref T GetReference<T>(Span<T> span) => ref span._reference;

    public static ref T GetReference<T>(ReadOnlySpan<T> span) => ref span._reference;

    // SAFETY: the caller says that so many elements lie there.
    public static Span<T> CreateSpan<T>(scoped ref T reference, int length) => new(ref Unsafe.AsRef(in reference), length);

    // SAFETY: the caller says that so many elements lie there.
    public static ReadOnlySpan<T> CreateReadOnlySpan<T>(scoped ref readonly T reference, int length) => new(ref Unsafe.AsRef(in reference), length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Span<byte> AsBytes<T>(Span<T> span)
        where T : struct => Cast<T, byte>(span);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> AsBytes<T>(ReadOnlySpan<T> span)
        where T : struct => Cast<T, byte>(span);

    // SAFETY (both): neither type has references, and the length is that of the whole elements that fit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Span<TTo> Cast<TFrom, TTo>(Span<TFrom> span)
        where TFrom : struct
        where TTo : struct
    {
        RefuseReferences<TFrom>();
        RefuseReferences<TTo>();
        ulong bytes = (ulong)(uint)span.Length * (uint)Unsafe.SizeOf<TFrom>();
        return new Span<TTo>(ref Unsafe.As<TFrom, TTo>(ref span._reference), checked((int)(bytes / (uint)Unsafe.SizeOf<TTo>())));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<TTo> Cast<TFrom, TTo>(ReadOnlySpan<TFrom> span)
        where TFrom : struct
        where TTo : struct
    {
        RefuseReferences<TFrom>();
        RefuseReferences<TTo>();
        ulong bytes = (ulong)(uint)span.Length * (uint)Unsafe.SizeOf<TFrom>();
        return new ReadOnlySpan<TTo>(ref Unsafe.As<TFrom, TTo>(ref span._reference), checked((int)(bytes / (uint)Unsafe.SizeOf<TTo>())));
    }

    public static T Read<T>(ReadOnlySpan<byte> source)
        where T : struct
    {
        RefuseReferences<T>();
        return source.Length >= Unsafe.SizeOf<T>()
            ? Unsafe.ReadUnaligned<T>(in source._reference)
            : throw new ArgumentOutOfRangeException(nameof(source));
    }

    public static bool TryRead<T>(ReadOnlySpan<byte> source, out T value)
        where T : struct
    {
        RefuseReferences<T>();
        bool fits = source.Length >= Unsafe.SizeOf<T>();
        value = fits ? Unsafe.ReadUnaligned<T>(in source._reference) : default;
        return fits;
    }

    public static void Write<T>(Span<byte> destination, in T value)
        where T : struct
    {
        if (!TryWrite(destination, in value))
        {
            throw new ArgumentOutOfRangeException(nameof(destination));
        }
    }

    public static bool TryWrite<T>(Span<byte> destination, in T value)
        where T : struct
    {
        RefuseReferences<T>();
        if (destination.Length < Unsafe.SizeOf<T>())
        {
            return false;
        }

        Unsafe.WriteUnaligned(ref destination._reference, value);
        return true;
    }

    public static ref T AsRef<T>(Span<byte> span)
        where T : struct
    {
        RefuseReferences<T>();
        if (span.Length < Unsafe.SizeOf<T>())
        {
            throw new ArgumentOutOfRangeException(nameof(span));
        }

        return ref Unsafe.As<byte, T>(ref span._reference);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RefuseReferences<T>()
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            throw new ArgumentException("The type contains references.");
        }
    }
}

public static class CollectionsMarshal
{
    public static Span<T> AsSpan<T>(Collections.Generic.List<T>? list) => list == null ? default : new Span<T>(list._items, 0, list._size);
}
