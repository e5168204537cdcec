using System.Runtime;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>The block operations by the names under which the compiler looks for them. All are stubs.</summary>
internal static class SpanHelpers
{
    [RuntimeImport("memmove"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void Memmove(ref byte destination, ref byte source, nuint length);

    [RuntimeImport("RhSpanHelpers_MemZero"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void ClearWithoutReferences(ref byte destination, nuint length);

    [RuntimeImport("memset"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void Fill(ref byte destination, byte value, nuint length);

    internal static bool SequenceEqual(ref byte left, ref byte right, nuint length) => Buffer.Compare(ref left, ref right, length) == 0;
}
