using System.Runtime.CompilerServices;
using LiteBox.Runtime;

namespace System;

/// <summary>What the compiler calls for checked conversions from floating point; its scanner wants them wherever a checked conversion is.</summary>
public static partial class Math
{
    private const double Two31 = 2147483648.0;
    private const double Two32 = 4294967296.0;
    private const double Two63 = 9223372036854775808.0;
    private const double Two64 = 18446744073709551616.0;

    private static int ConvertToInt32Checked(double value) => value > -Two31 - 1 && value < Two31 ? (int)value : (int)Overflow();

    private static uint ConvertToUInt32Checked(double value) => value > -1.0 && value < Two32 ? (uint)value : (uint)Overflow();

    private static long ConvertToInt64Checked(double value) => value >= -Two63 && value < Two63 ? (long)value : (long)Overflow();

    private static ulong ConvertToUInt64Checked(double value) => value > -1.0 && value < Two64 ? (ulong)value : Overflow();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong Overflow()
    {
        FailFast.Stop("OverflowException");
        return 0;
    }
}
