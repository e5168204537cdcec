using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using LiteBox.SymbolTable;

namespace LiteBox.Stubs.Kernel;

/// <summary>Looks through the functions of a linked kernel.</summary>
internal static class CodeSearch
{
    private const int SegmentHeaderSize = 56;

    /// <summary>What a search says of each function's bytes, all together.</summary>
    /// <param name="file">A linked ELF file with its symbol table.</param>
    public static IReadOnlyList<string> Find(byte[] file, Func<Function, byte[], IEnumerable<string>> search)
    {
        List<string> found = [];
        (ulong start, int offset, int size) = CodeSegment(file);
        IReadOnlyList<Function> functions = [.. ElfFunctions.Read(file).Where(function => function.Address >= start && function.Address < start + (ulong)size)];
        for (int index = 0; index < functions.Count; index++)
        {
            Function function = functions[index];
            ulong end = index + 1 < functions.Count ? functions[index + 1].Address : start + (ulong)size;
            int length = (int)(end - function.Address);
            found.AddRange(search(function, file.AsSpan(offset + (int)(function.Address - start), length).ToArray()));
        }

        return found;
    }

    /// <summary>The first segment: address, place in the file, bytes (ELF-64 object file format, "Program Header Table").</summary>
    private static (ulong Start, int Offset, int Size) CodeSegment(byte[] file)
    {
        const uint Loadable = 1;
        const uint Executable = 1;
        int table = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(32));
        int count = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(56));
        for (int index = 0; index < count; index++)
        {
            ReadOnlySpan<byte> header = file.AsSpan(table + (index * SegmentHeaderSize), SegmentHeaderSize);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) == Loadable && (BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) & Executable) != 0)
            {
                return (
                    BinaryPrimitives.ReadUInt64LittleEndian(header[16..]),
                    (int)BinaryPrimitives.ReadUInt64LittleEndian(header[8..]),
                    (int)BinaryPrimitives.ReadUInt64LittleEndian(header[32..]));
            }
        }

        throw new ArgumentException("The file has no code.");
    }
}
