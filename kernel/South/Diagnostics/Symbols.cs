using System;
using LiteBox.South.Handover;
using LiteBox.South.Memory;

namespace LiteBox.South.Diagnostics;

/// <summary>The running kernel's own symbol table; empty in a release image.</summary>
internal static unsafe class Symbols
{
    private static byte* start;
    private static int length;

    /// <summary>Says where the boot loader left the table.</summary>
    // SAFETY: the range is the loader's, in the direct map, and is kept.
    public static void Use(PhysicalRange range)
    {
        start = (byte*)(PhysicalMemory.Base + range.Start);
        length = (int)range.Length;
    }

    /// <summary>The function that holds an address, and how far into it; see <see cref="SymbolTable.TryResolve"/>.</summary>
    // SAFETY: as above.
    public static bool TryResolve(ulong address, Span<byte> name, out int nameLength, out ulong offset) =>
        new SymbolTable(new ReadOnlySpan<byte>(start, length)).TryResolve(address, name, out nameLength, out offset);
}
