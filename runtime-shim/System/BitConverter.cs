using System.Runtime.CompilerServices;

namespace System;

/// <summary>Values as bytes in the order of this machine, which is little-endian.</summary>
public static class BitConverter
{
    public static readonly bool IsLittleEndian = true;

    [Intrinsic]
    public static int SingleToInt32Bits(float value) => Unsafe.BitCast<float, int>(value);

    [Intrinsic]
    public static float Int32BitsToSingle(int value) => Unsafe.BitCast<int, float>(value);

    [Intrinsic]
    public static long DoubleToInt64Bits(double value) => Unsafe.BitCast<double, long>(value);

    [Intrinsic]
    public static double Int64BitsToDouble(long value) => Unsafe.BitCast<long, double>(value);

    public static short ToInt16(ReadOnlySpan<byte> value) => Read<short>(value);

    public static short ToInt16(byte[] value, int startIndex) => Read<short>(new ReadOnlySpan<byte>(value)[startIndex..]);

    public static byte[] GetBytes(short value) => ToArray(value);

    public static bool TryWriteBytes(Span<byte> destination, short value) => TryWrite(destination, value);

    public static ushort ToUInt16(ReadOnlySpan<byte> value) => Read<ushort>(value);

    public static ushort ToUInt16(byte[] value, int startIndex) => Read<ushort>(new ReadOnlySpan<byte>(value)[startIndex..]);

    public static byte[] GetBytes(ushort value) => ToArray(value);

    public static bool TryWriteBytes(Span<byte> destination, ushort value) => TryWrite(destination, value);

    public static int ToInt32(ReadOnlySpan<byte> value) => Read<int>(value);

    public static int ToInt32(byte[] value, int startIndex) => Read<int>(new ReadOnlySpan<byte>(value)[startIndex..]);

    public static byte[] GetBytes(int value) => ToArray(value);

    public static bool TryWriteBytes(Span<byte> destination, int value) => TryWrite(destination, value);

    public static uint ToUInt32(ReadOnlySpan<byte> value) => Read<uint>(value);

    public static uint ToUInt32(byte[] value, int startIndex) => Read<uint>(new ReadOnlySpan<byte>(value)[startIndex..]);

    public static byte[] GetBytes(uint value) => ToArray(value);

    public static bool TryWriteBytes(Span<byte> destination, uint value) => TryWrite(destination, value);

    public static long ToInt64(ReadOnlySpan<byte> value) => Read<long>(value);

    public static long ToInt64(byte[] value, int startIndex) => Read<long>(new ReadOnlySpan<byte>(value)[startIndex..]);

    public static byte[] GetBytes(long value) => ToArray(value);

    public static bool TryWriteBytes(Span<byte> destination, long value) => TryWrite(destination, value);

    public static ulong ToUInt64(ReadOnlySpan<byte> value) => Read<ulong>(value);

    public static ulong ToUInt64(byte[] value, int startIndex) => Read<ulong>(new ReadOnlySpan<byte>(value)[startIndex..]);

    public static byte[] GetBytes(ulong value) => ToArray(value);

    public static bool TryWriteBytes(Span<byte> destination, ulong value) => TryWrite(destination, value);

    // SAFETY (all below): the length of the bytes is checked against the size of the value.
    private static T Read<T>(ReadOnlySpan<byte> bytes)
        where T : unmanaged =>
        bytes.Length >= Unsafe.SizeOf<T>() ? Unsafe.ReadUnaligned<T>(in bytes[0]) : throw new ArgumentOutOfRangeException("value");

    private static byte[] ToArray<T>(T value)
        where T : unmanaged
    {
        byte[] bytes = new byte[Unsafe.SizeOf<T>()];
        Unsafe.WriteUnaligned(ref bytes[0], value);
        return bytes;
    }

    private static bool TryWrite<T>(Span<byte> destination, T value)
        where T : unmanaged
    {
        if (destination.Length < Unsafe.SizeOf<T>())
        {
            return false;
        }

        Unsafe.WriteUnaligned(ref destination[0], value);
        return true;
    }
}
