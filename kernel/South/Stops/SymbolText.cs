using System;
using LiteBox.South.Diagnostics;

namespace LiteBox.South.Stops;

/// <summary>Addresses of code for people.</summary>
internal static class SymbolText
{
    /// <summary>The function's name and the offset in it; nothing where the image has no name for the address.</summary>
    internal static void Write(ulong address, ref LineWriter line)
    {
        Span<byte> name = stackalloc byte[Diagnostics.SymbolTable.MaximumName];
        if (Symbols.TryResolve(address, name, out int length, out ulong offset))
        {
            line.Write(name[..length]);
            line.Write("+"u8);
            line.WriteDecimal(offset);
        }
    }
}
