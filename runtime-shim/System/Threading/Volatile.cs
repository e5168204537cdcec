using System.Runtime.CompilerServices;

namespace System.Threading;

/// <summary>Reads and writes that the compiler neither drops nor moves. This machine keeps their order.</summary>
public static class Volatile
{
    [Intrinsic]
    public static bool Read(ref readonly bool location) => Unsafe.As<bool, VolatileBool>(ref Unsafe.AsRef(in location)).Value;

    [Intrinsic]
    public static void Write(ref bool location, bool value) => Unsafe.As<bool, VolatileBool>(ref location).Value = value;

    [Intrinsic]
    public static byte Read(ref readonly byte location) => Unsafe.As<byte, VolatileByte>(ref Unsafe.AsRef(in location)).Value;

    [Intrinsic]
    public static void Write(ref byte location, byte value) => Unsafe.As<byte, VolatileByte>(ref location).Value = value;

    [Intrinsic]
    public static sbyte Read(ref readonly sbyte location) => Unsafe.As<sbyte, VolatileSbyte>(ref Unsafe.AsRef(in location)).Value;

    [Intrinsic]
    public static void Write(ref sbyte location, sbyte value) => Unsafe.As<sbyte, VolatileSbyte>(ref location).Value = value;

    [Intrinsic]
    public static short Read(ref readonly short location) => Unsafe.As<short, VolatileShort>(ref Unsafe.AsRef(in location)).Value;

    [Intrinsic]
    public static void Write(ref short location, short value) => Unsafe.As<short, VolatileShort>(ref location).Value = value;

    [Intrinsic]
    public static ushort Read(ref readonly ushort location) => Unsafe.As<ushort, VolatileUshort>(ref Unsafe.AsRef(in location)).Value;

    [Intrinsic]
    public static void Write(ref ushort location, ushort value) => Unsafe.As<ushort, VolatileUshort>(ref location).Value = value;

    [Intrinsic]
    public static int Read(ref readonly int location) => Unsafe.As<int, VolatileInt>(ref Unsafe.AsRef(in location)).Value;

    [Intrinsic]
    public static void Write(ref int location, int value) => Unsafe.As<int, VolatileInt>(ref location).Value = value;

    [Intrinsic]
    public static uint Read(ref readonly uint location) => Unsafe.As<uint, VolatileUint>(ref Unsafe.AsRef(in location)).Value;

    [Intrinsic]
    public static void Write(ref uint location, uint value) => Unsafe.As<uint, VolatileUint>(ref location).Value = value;

    [Intrinsic]
    public static long Read(ref readonly long location) => Unsafe.As<long, VolatileLong>(ref Unsafe.AsRef(in location)).Value;

    [Intrinsic]
    public static void Write(ref long location, long value) => Unsafe.As<long, VolatileLong>(ref location).Value = value;

    [Intrinsic]
    public static ulong Read(ref readonly ulong location) => Unsafe.As<ulong, VolatileUlong>(ref Unsafe.AsRef(in location)).Value;

    [Intrinsic]
    public static void Write(ref ulong location, ulong value) => Unsafe.As<ulong, VolatileUlong>(ref location).Value = value;

    [Intrinsic]
    public static nint Read(ref readonly nint location) => Unsafe.As<nint, VolatileNint>(ref Unsafe.AsRef(in location)).Value;

    [Intrinsic]
    public static void Write(ref nint location, nint value) => Unsafe.As<nint, VolatileNint>(ref location).Value = value;

    [Intrinsic]
    public static nuint Read(ref readonly nuint location) => Unsafe.As<nuint, VolatileNuint>(ref Unsafe.AsRef(in location)).Value;

    [Intrinsic]
    public static void Write(ref nuint location, nuint value) => Unsafe.As<nuint, VolatileNuint>(ref location).Value = value;

    [Intrinsic]
    public static T Read<T>(ref readonly T location)
        where T : class? => Unsafe.As<T>(Unsafe.As<T, VolatileObject>(ref Unsafe.AsRef(in location)).Value)!;

    [Intrinsic]
    public static void Write<T>(ref T location, T value)
        where T : class? => Unsafe.As<T, VolatileObject>(ref location).Value = value;

    private struct VolatileObject
    {
        internal volatile object? Value;
    }

    private struct VolatileBool
    {
        internal volatile bool Value;
    }

    private struct VolatileByte
    {
        internal volatile byte Value;
    }

    private struct VolatileSbyte
    {
        internal volatile sbyte Value;
    }

    private struct VolatileShort
    {
        internal volatile short Value;
    }

    private struct VolatileUshort
    {
        internal volatile ushort Value;
    }

    private struct VolatileInt
    {
        internal volatile int Value;
    }

    private struct VolatileUint
    {
        internal volatile uint Value;
    }

    private struct VolatileNint
    {
        internal volatile nint Value;
    }

    private struct VolatileNuint
    {
        internal volatile nuint Value;
    }

    // The language has no volatile fields of 64-bit integers, but of native ones.
    private struct VolatileLong
    {
        private volatile nint _value;

        internal long Value
        {
            get => _value;
            set => _value = (nint)value;
        }
    }

    private struct VolatileUlong
    {
        private volatile nuint _value;

        internal ulong Value
        {
            get => _value;
            set => _value = (nuint)value;
        }
    }
}
