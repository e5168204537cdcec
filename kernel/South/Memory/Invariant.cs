using System.Diagnostics.CodeAnalysis;

namespace LiteBox.South.Memory;

/// <summary>The end of the road for a broken invariant.</summary>
internal static class Invariant
{
    /// <summary>Stops the machine with this line: the kernel's own state, or what North asks of South, makes no sense.</summary>
    [DoesNotReturn]
    public static void Broken(string what) => Runtime.FailFast.Stop(what);
}
