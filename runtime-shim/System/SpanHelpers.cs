using System.Runtime;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>The block operations that compiled code calls by these names.</summary>
internal static unsafe class SpanHelpers
{
    // SAFETY: the compiler passes areas that the caller owns. The null probe stands for .NET's NullReferenceException.
    [RuntimeExport("RhSpanHelpers_MemCopy")]
    private static void MemCopy(ref byte destination, ref byte source, nuint length) => Buffer.Memmove(ref destination, ref source, length);

    [RuntimeExport("RhSpanHelpers_MemSet")]
    private static void MemSet(ref byte destination, byte value, nuint length) => Buffer.Fill(ref destination, value, length);

    [RuntimeExport("RhSpanHelpers_MemZero")]
    private static void MemZero(ref byte destination, nuint length) => Buffer.Zero(ref destination, length);

    internal static void Memmove(ref byte destination, ref byte source, nuint length) => Buffer.Memmove(ref destination, ref source, length);

    internal static void ClearWithoutReferences(ref byte destination, nuint length) => Buffer.Zero(ref destination, length);

    internal static void Fill(ref byte destination, byte value, nuint length) => Buffer.Fill(ref destination, value, length);

    internal static bool SequenceEqual(ref byte left, ref byte right, nuint length) => Buffer.Compare(ref left, ref right, length) == 0;
}
