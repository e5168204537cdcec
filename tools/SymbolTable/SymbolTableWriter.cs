using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace LiteBox.SymbolTable;

/// <summary>
/// The form in which the kernel carries its symbols (docs/boot.md): "LBSY", a count, the first address; then for each function, by address, the
/// distance from the one before as a base-128 number, how many bytes of its name are those of the one before, how many follow, and those.
/// The last entry has no name: it is where the code ends.
/// </summary>
public static class SymbolTableWriter
{
    private const uint Magic = 0x5953_424C;
    private const int MaximumName = 200;

    /// <summary>Writes the table.</summary>
    public static byte[] Write(IReadOnlyList<Function> functions)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        ulong address = functions.Count == 0 ? 0 : functions[0].Address;
        writer.Write(Magic);
        writer.Write(functions.Count + 1);
        writer.Write(address);
        byte[] previous = [];
        foreach (Function function in functions)
        {
            byte[] name = Shorten(function.Name);
            WriteEntry(writer, function.Address - address, previous, name);
            address = function.Address;
            previous = name;
        }

        WriteEntry(writer, functions.Count == 0 ? 0 : functions[^1].Size, previous, []);
        return stream.ToArray();
    }

    /// <summary>
    /// The compiler's names begin with the assembly's, which the namespace repeats: <c>LiteBox_South_LiteBox_South_Memory_...</c>.
    /// </summary>
    private static byte[] Shorten(string name)
    {
        int repeat = name.IndexOf("_LiteBox_", StringComparison.Ordinal);
        string shorter = name.StartsWith("LiteBox_", StringComparison.Ordinal) && repeat > 0 ? name[(repeat + 1)..] : name;
        byte[] bytes = Encoding.UTF8.GetBytes(shorter);
        return bytes.Length <= MaximumName ? bytes : bytes[..MaximumName];
    }

    private static void WriteEntry(BinaryWriter writer, ulong distance, byte[] previous, byte[] name)
    {
        for (; distance >= 0x80; distance >>= 7)
        {
            writer.Write((byte)(distance | 0x80));
        }

        writer.Write((byte)distance);
        int shared = previous.AsSpan().CommonPrefixLength(name);
        writer.Write((byte)shared);
        writer.Write((byte)(name.Length - shared));
        writer.Write(name.AsSpan(shared));
    }
}
