using System.Runtime.InteropServices;

namespace LiteBox.South.Instructions;

/// <summary>
/// The only instructions that touch user memory: between STAC and CLAC, with a fault fix-up (T65, T66). The caller has checked that the range
/// lies in the user half. A page fault goes to North first; what it does not resolve ends the stub with its failure value.
/// </summary>
internal static unsafe partial class Instruction
{
    /// <summary>0 where a page could not be read.</summary>
    [DllImport("*"), SuppressGCTransition]
    internal static extern int CopyFromUser(void* destination, ulong source, ulong length);

    /// <summary>0 where a page could not be written.</summary>
    [DllImport("*"), SuppressGCTransition]
    internal static extern int CopyToUser(ulong destination, void* source, ulong length);

    /// <summary>0 where a page could not be written.</summary>
    [DllImport("*"), SuppressGCTransition]
    internal static extern int ClearUser(ulong destination, ulong length);

    /// <summary>
    /// Copies up to and without a zero byte. The number of bytes before it, or <paramref name="capacity"/> where none came; -1 where a page could
    /// not be read.
    /// </summary>
    [DllImport("*"), SuppressGCTransition]
    internal static extern long CopyStringFromUser(byte* destination, ulong source, ulong capacity);

    /// <summary>One aligned load. 0 where the page could not be read.</summary>
    [DllImport("*"), SuppressGCTransition]
    internal static extern int LoadUser32(ulong source, uint* value);

    /// <summary>LOCK CMPXCHG; <paramref name="found"/> receives what stood there. 0 where the page could not be written.</summary>
    [DllImport("*"), SuppressGCTransition]
    internal static extern int CompareExchangeUser32(ulong target, uint comparand, uint value, uint* found);
}
