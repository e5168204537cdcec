using System.Runtime.CompilerServices;

namespace System.Threading;

/// <summary>Reads and writes that no other processor sees halfway. The compiler makes locked instructions of them.</summary>
public static class Interlocked
{
    [Intrinsic]
    public static int CompareExchange(ref int location1, int value, int comparand) => CompareExchange(ref location1, value, comparand);

    [Intrinsic]
    public static uint CompareExchange(ref uint location1, uint value, uint comparand) =>
        (uint)CompareExchange(ref Unsafe.As<uint, int>(ref location1), (int)value, (int)comparand);

    [Intrinsic]
    public static long CompareExchange(ref long location1, long value, long comparand) => CompareExchange(ref location1, value, comparand);

    [Intrinsic]
    public static ulong CompareExchange(ref ulong location1, ulong value, ulong comparand) =>
        (ulong)CompareExchange(ref Unsafe.As<ulong, long>(ref location1), (long)value, (long)comparand);

    public static nint CompareExchange(ref nint location1, nint value, nint comparand) =>
        (nint)CompareExchange(ref Unsafe.As<nint, long>(ref location1), value, comparand);

    public static nuint CompareExchange(ref nuint location1, nuint value, nuint comparand) =>
        (nuint)CompareExchange(ref Unsafe.As<nuint, long>(ref location1), (long)value, (long)comparand);

    // SAFETY: a reference is as wide as a pointer, and this collector needs no note of stores.
    public static T CompareExchange<T>(ref T location1, T value, T comparand)
        where T : class?
    {
        nint before = CompareExchange(ref Unsafe.As<T, nint>(ref location1), AsBits(value), AsBits(comparand));
        return Unsafe.As<nint, T>(ref before);
    }

    [Intrinsic]
    public static int Exchange(ref int location1, int value) => Exchange(ref location1, value);

    [Intrinsic]
    public static uint Exchange(ref uint location1, uint value) => (uint)Exchange(ref Unsafe.As<uint, int>(ref location1), (int)value);

    [Intrinsic]
    public static long Exchange(ref long location1, long value) => Exchange(ref location1, value);

    [Intrinsic]
    public static ulong Exchange(ref ulong location1, ulong value) => (ulong)Exchange(ref Unsafe.As<ulong, long>(ref location1), (long)value);

    public static nint Exchange(ref nint location1, nint value) => (nint)Exchange(ref Unsafe.As<nint, long>(ref location1), value);

    // SAFETY: as above.
    public static T Exchange<T>(ref T location1, T value)
        where T : class?
    {
        nint before = Exchange(ref Unsafe.As<T, nint>(ref location1), AsBits(value));
        return Unsafe.As<nint, T>(ref before);
    }

    public static int Increment(ref int location) => ExchangeAdd(ref location, 1) + 1;

    public static uint Increment(ref uint location) => (uint)Increment(ref Unsafe.As<uint, int>(ref location));

    public static long Increment(ref long location) => ExchangeAdd(ref location, 1) + 1;

    public static ulong Increment(ref ulong location) => (ulong)Increment(ref Unsafe.As<ulong, long>(ref location));

    public static int Decrement(ref int location) => ExchangeAdd(ref location, -1) - 1;

    public static long Decrement(ref long location) => ExchangeAdd(ref location, -1) - 1;

    public static int Add(ref int location1, int value) => ExchangeAdd(ref location1, value) + value;

    public static uint Add(ref uint location1, uint value) => (uint)Add(ref Unsafe.As<uint, int>(ref location1), (int)value);

    public static long Add(ref long location1, long value) => ExchangeAdd(ref location1, value) + value;

    public static ulong Add(ref ulong location1, ulong value) => (ulong)Add(ref Unsafe.As<ulong, long>(ref location1), (long)value);

    public static int And(ref int location1, int value)
    {
        while (true)
        {
            int before = Volatile.Read(ref location1);
            if (CompareExchange(ref location1, before & value, before) == before)
            {
                return before;
            }
        }
    }

    public static int Or(ref int location1, int value)
    {
        while (true)
        {
            int before = Volatile.Read(ref location1);
            if (CompareExchange(ref location1, before | value, before) == before)
            {
                return before;
            }
        }
    }

    public static ulong And(ref ulong location1, ulong value)
    {
        while (true)
        {
            ulong before = Volatile.Read(ref location1);
            if (CompareExchange(ref location1, before & value, before) == before)
            {
                return before;
            }
        }
    }

    public static ulong Or(ref ulong location1, ulong value)
    {
        while (true)
        {
            ulong before = Volatile.Read(ref location1);
            if (CompareExchange(ref location1, before | value, before) == before)
            {
                return before;
            }
        }
    }

    public static long Read(ref readonly long location) => Volatile.Read(in location);

    public static ulong Read(ref readonly ulong location) => Volatile.Read(in location);

    [Intrinsic]
    public static void MemoryBarrier() => MemoryBarrier();

    [Intrinsic]
    internal static int ExchangeAdd(ref int location1, int value) => ExchangeAdd(ref location1, value);

    [Intrinsic]
    internal static long ExchangeAdd(ref long location1, long value) => ExchangeAdd(ref location1, value);

    private static nint AsBits<T>(T value)
        where T : class? => Unsafe.As<T, nint>(ref value);
}
