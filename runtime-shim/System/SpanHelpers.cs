namespace System;

/// <summary>The block operations by the names under which the compiler looks for them.</summary>
internal static class SpanHelpers
{
    internal static void Memmove(ref byte destination, ref byte source, nuint length) => Buffer.Memmove(ref destination, ref source, length);

    internal static void ClearWithoutReferences(ref byte destination, nuint length) => Buffer.Zero(ref destination, length);

    internal static void Fill(ref byte destination, byte value, nuint length) => Buffer.Fill(ref destination, value, length);

    internal static bool SequenceEqual(ref byte left, ref byte right, nuint length) => Buffer.Compare(ref left, ref right, length) == 0;
}
