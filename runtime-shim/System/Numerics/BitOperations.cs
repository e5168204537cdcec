using System.Runtime.CompilerServices;

namespace System.Numerics;

/// <summary>Bits counted, found and turned. The compiler knows most of these as instructions.</summary>
public static class BitOperations
{
    public static bool IsPow2(int value) => (value & (value - 1)) == 0 && value > 0;

    public static bool IsPow2(uint value) => (value & (value - 1)) == 0 && value != 0;

    public static bool IsPow2(long value) => (value & (value - 1)) == 0 && value > 0;

    public static bool IsPow2(ulong value) => (value & (value - 1)) == 0 && value != 0;

    public static bool IsPow2(nuint value) => (value & (value - 1)) == 0 && value != 0;

    public static uint RoundUpToPowerOf2(uint value) => value == 0 ? 0 : (uint)(0x1_0000_0000UL >> LeadingZeroCount(value - 1));

    public static ulong RoundUpToPowerOf2(ulong value)
    {
        int shift = 64 - LeadingZeroCount(value - 1);
        return (1UL ^ (ulong)(shift >> 6)) << shift;
    }

    [Intrinsic]
    public static int LeadingZeroCount(uint value) => value == 0 ? 32 : 31 ^ Log2(value);

    [Intrinsic]
    public static int LeadingZeroCount(ulong value) => value == 0 ? 64 : 63 ^ Log2(value);

    [Intrinsic]
    public static int LeadingZeroCount(nuint value) => LeadingZeroCount((ulong)value);

    [Intrinsic]
    public static int Log2(uint value) => Log2((ulong)value);

    [Intrinsic]
    public static int Log2(ulong value)
    {
        int log = 0;
        for (int half = 32; half > 0; half >>= 1)
        {
            if (value >> half != 0)
            {
                value >>= half;
                log += half;
            }
        }

        return log;
    }

    [Intrinsic]
    public static int Log2(nuint value) => Log2((ulong)value);

    [Intrinsic]
    public static int PopCount(uint value) => PopCount((ulong)value);

    [Intrinsic]
    public static int PopCount(ulong value)
    {
        int count = 0;
        for (; value != 0; value &= value - 1)
        {
            count++;
        }

        return count;
    }

    [Intrinsic]
    public static int PopCount(nuint value) => PopCount((ulong)value);

    [Intrinsic]
    public static int TrailingZeroCount(int value) => value == 0 ? 32 : Log2((uint)(value & -value));

    [Intrinsic]
    public static int TrailingZeroCount(uint value) => value == 0 ? 32 : Log2(value & (0 - value));

    [Intrinsic]
    public static int TrailingZeroCount(long value) => TrailingZeroCount((ulong)value);

    [Intrinsic]
    public static int TrailingZeroCount(ulong value) => value == 0 ? 64 : Log2(value & (0 - value));

    [Intrinsic]
    public static int TrailingZeroCount(nuint value) => TrailingZeroCount((ulong)value);

    [Intrinsic]
    public static uint RotateLeft(uint value, int offset) => (value << offset) | (value >> (32 - offset));

    [Intrinsic]
    public static ulong RotateLeft(ulong value, int offset) => (value << offset) | (value >> (64 - offset));

    [Intrinsic]
    public static uint RotateRight(uint value, int offset) => (value >> offset) | (value << (32 - offset));

    [Intrinsic]
    public static ulong RotateRight(ulong value, int offset) => (value >> offset) | (value << (64 - offset));

    /// <summary>CRC-32C of one more byte: the Castagnoli polynomial, reflected.</summary>
    public static uint Crc32C(uint crc, byte data)
    {
        crc ^= data;
        for (int i = 0; i < 8; i++)
        {
            crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78u : 0);
        }

        return crc;
    }
}
