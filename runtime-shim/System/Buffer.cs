using System.Runtime.CompilerServices;
using System.Runtime;

namespace System;

/// <summary>Bytes moved and cleared. The work is done by stubs, see tools/StubAssembler.</summary>
public static unsafe class Buffer
{
    // SAFETY: the caller has both areas; objects do not move, so their addresses hold during the call.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Memmove(ref byte destination, ref byte source, nuint length) =>
        memmove(Unsafe.AsPointer(ref destination), Unsafe.AsPointer(ref source), length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Memmove<T>(ref T destination, ref T source, nuint count) =>
        memmove(Unsafe.AsPointer(ref destination), Unsafe.AsPointer(ref source), count * (nuint)sizeof(T));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Zero(ref byte destination, nuint length) => memset(Unsafe.AsPointer(ref destination), 0, length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Fill(ref byte destination, byte value, nuint length) => memset(Unsafe.AsPointer(ref destination), value, length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Compare(ref byte left, ref byte right, nuint length) =>
        memcmp(Unsafe.AsPointer(ref left), Unsafe.AsPointer(ref right), length);

    /// <summary>As the compiler names the copy of structs with references. This collector needs no note of stores.</summary>
    [RuntimeImport("memmove"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void BulkMoveWithWriteBarrier(ref byte destination, ref byte source, nuint byteCount);

    public static void MemoryCopy(void* source, void* destination, ulong destinationSizeInBytes, ulong sourceBytesToCopy)
    {
        if (sourceBytesToCopy > destinationSizeInBytes)
        {
            throw new ArgumentOutOfRangeException(nameof(sourceBytesToCopy));
        }

        memmove(destination, source, (nuint)sourceBytesToCopy);
    }

    public static void BlockCopy(Array src, int srcOffset, Array dst, int dstOffset, int count)
    {
        nuint sourceBytes = (nuint)(uint)src.Length * src.ElementSize;
        nuint destinationBytes = (nuint)(uint)dst.Length * dst.ElementSize;
        if (srcOffset < 0 || dstOffset < 0 || count < 0
            || (nuint)(uint)srcOffset + (uint)count > sourceBytes || (nuint)(uint)dstOffset + (uint)count > destinationBytes)
        {
            throw new ArgumentOutOfRangeException(nameof(count));
        }

        Memmove(ref Unsafe.Add(ref dst.Data, dstOffset), ref Unsafe.Add(ref src.Data, srcOffset), (nuint)(uint)count);
    }

    [RuntimeImport("memmove"), MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void* memmove(void* destination, void* source, nuint length);

    [RuntimeImport("memset"), MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void* memset(void* destination, int value, nuint length);

    [RuntimeImport("memcmp"), MethodImpl(MethodImplOptions.InternalCall)]
    private static extern int memcmp(void* left, void* right, nuint length);
}
