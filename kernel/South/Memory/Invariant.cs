using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using LiteBox.South.Stops;

namespace LiteBox.South.Memory;

/// <summary>The end of the road for a broken invariant.</summary>
internal static class Invariant
{
    /// <summary>Stops the machine with this line: the kernel's own state, or what North asks of South, makes no sense.</summary>
    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Broken(string what) => Stop.Machine(StopReason.BrokenInvariant, what);
}
