namespace System;

public static partial class Math
{
    public static int Abs(int value) => value >= 0 ? value : checked(-value);

    public static long Abs(long value) => value >= 0 ? value : checked(-value);

    public static nint Abs(nint value) => value >= 0 ? value : checked(-value);

    public static int Sign(int value) => value < 0 ? -1 : value > 0 ? 1 : 0;

    public static int Sign(long value) => value < 0 ? -1 : value > 0 ? 1 : 0;

    /// <summary>The 128-bit product.</summary>
    /// <param name="low">Its lower half.</param>
    /// <returns>Its upper half.</returns>
    public static ulong BigMul(ulong left, ulong right, out ulong low)
    {
        ulong leftLow = (uint)left;
        ulong leftHigh = left >> 32;
        ulong rightLow = (uint)right;
        ulong rightHigh = right >> 32;
        ulong middle = (leftHigh * rightLow) + ((leftLow * rightLow) >> 32);
        ulong middleLow = (leftLow * rightHigh) + (uint)middle;
        low = left * right;
        return (leftHigh * rightHigh) + (middle >> 32) + (middleLow >> 32);
    }

    public static ulong BigMul(uint left, uint right) => (ulong)left * right;

    public static long BigMul(int left, int right) => (long)left * right;

    public static (int Quotient, int Remainder) DivRem(int left, int right) => (left / right, left % right);

    public static (uint Quotient, uint Remainder) DivRem(uint left, uint right) => (left / right, left % right);

    public static (long Quotient, long Remainder) DivRem(long left, long right) => (left / right, left % right);

    public static (ulong Quotient, ulong Remainder) DivRem(ulong left, ulong right) => (left / right, left % right);

    public static sbyte Max(sbyte left, sbyte right) => left >= right ? left : right;

    public static sbyte Min(sbyte left, sbyte right) => left <= right ? left : right;

    public static sbyte Clamp(sbyte value, sbyte min, sbyte max)
    {
        if (min > max)
        {
            throw new ArgumentException("The least value is greater than the greatest.");
        }

        return value < min ? min : value > max ? max : value;
    }

    public static byte Max(byte left, byte right) => left >= right ? left : right;

    public static byte Min(byte left, byte right) => left <= right ? left : right;

    public static byte Clamp(byte value, byte min, byte max)
    {
        if (min > max)
        {
            throw new ArgumentException("The least value is greater than the greatest.");
        }

        return value < min ? min : value > max ? max : value;
    }

    public static short Max(short left, short right) => left >= right ? left : right;

    public static short Min(short left, short right) => left <= right ? left : right;

    public static short Clamp(short value, short min, short max)
    {
        if (min > max)
        {
            throw new ArgumentException("The least value is greater than the greatest.");
        }

        return value < min ? min : value > max ? max : value;
    }

    public static ushort Max(ushort left, ushort right) => left >= right ? left : right;

    public static ushort Min(ushort left, ushort right) => left <= right ? left : right;

    public static ushort Clamp(ushort value, ushort min, ushort max)
    {
        if (min > max)
        {
            throw new ArgumentException("The least value is greater than the greatest.");
        }

        return value < min ? min : value > max ? max : value;
    }

    public static int Max(int left, int right) => left >= right ? left : right;

    public static int Min(int left, int right) => left <= right ? left : right;

    public static int Clamp(int value, int min, int max)
    {
        if (min > max)
        {
            throw new ArgumentException("The least value is greater than the greatest.");
        }

        return value < min ? min : value > max ? max : value;
    }

    public static uint Max(uint left, uint right) => left >= right ? left : right;

    public static uint Min(uint left, uint right) => left <= right ? left : right;

    public static uint Clamp(uint value, uint min, uint max)
    {
        if (min > max)
        {
            throw new ArgumentException("The least value is greater than the greatest.");
        }

        return value < min ? min : value > max ? max : value;
    }

    public static long Max(long left, long right) => left >= right ? left : right;

    public static long Min(long left, long right) => left <= right ? left : right;

    public static long Clamp(long value, long min, long max)
    {
        if (min > max)
        {
            throw new ArgumentException("The least value is greater than the greatest.");
        }

        return value < min ? min : value > max ? max : value;
    }

    public static ulong Max(ulong left, ulong right) => left >= right ? left : right;

    public static ulong Min(ulong left, ulong right) => left <= right ? left : right;

    public static ulong Clamp(ulong value, ulong min, ulong max)
    {
        if (min > max)
        {
            throw new ArgumentException("The least value is greater than the greatest.");
        }

        return value < min ? min : value > max ? max : value;
    }

    public static nint Max(nint left, nint right) => left >= right ? left : right;

    public static nint Min(nint left, nint right) => left <= right ? left : right;

    public static nint Clamp(nint value, nint min, nint max)
    {
        if (min > max)
        {
            throw new ArgumentException("The least value is greater than the greatest.");
        }

        return value < min ? min : value > max ? max : value;
    }

    public static nuint Max(nuint left, nuint right) => left >= right ? left : right;

    public static nuint Min(nuint left, nuint right) => left <= right ? left : right;

    public static nuint Clamp(nuint value, nuint min, nuint max)
    {
        if (min > max)
        {
            throw new ArgumentException("The least value is greater than the greatest.");
        }

        return value < min ? min : value > max ? max : value;
    }

    private static long MultiplyChecked(long left, long right) => checked(left * right);

    private static ulong MultiplyChecked(ulong left, ulong right) => checked(left * right);
}
