using System.Runtime;
using System.Runtime.CompilerServices;

namespace LiteBox.South.Instructions;

/// <summary>
/// The only instructions that touch user memory: between STAC and CLAC, with a fault fix-up (T65, T66). The caller has checked that the range
/// lies in the user half. A page fault goes to North first; what it does not resolve ends the stub with its failure value.
/// </summary>
internal static unsafe partial class Instruction
{
    /// <summary>False where a page could not be read.</summary>
    [RuntimeImport("CopyFromUser"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern bool CopyFromUser(void* destination, ulong source, ulong length);

    /// <summary>False where a page could not be written.</summary>
    [RuntimeImport("CopyToUser"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern bool CopyToUser(ulong destination, void* source, ulong length);

    /// <summary>False where a page could not be written.</summary>
    [RuntimeImport("ClearUser"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern bool ClearUser(ulong destination, ulong length);

    /// <summary>
    /// Copies up to and without a zero byte. The number of bytes before it, or <paramref name="capacity"/> where none came; -1 where a page could
    /// not be read.
    /// </summary>
    [RuntimeImport("CopyStringFromUser"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern long CopyStringFromUser(byte* destination, ulong source, ulong capacity);

    /// <summary>One aligned load. False where the page could not be read.</summary>
    [RuntimeImport("LoadUser32"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern bool LoadUser32(ulong source, uint* value);

    /// <summary>LOCK CMPXCHG; <paramref name="found"/> receives what stood there. False where the page could not be written.</summary>
    [RuntimeImport("CompareExchangeUser32"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern bool CompareExchangeUser32(ulong target, uint comparand, uint value, uint* found);
}
