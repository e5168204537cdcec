using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace LiteBox.SymbolTable;

/// <summary>A function of an ELF file: where it begins, how long it is, and its linker name.</summary>
public readonly record struct Function(ulong Address, ulong Size, string Name);

/// <summary>Reads the functions of an ELF file's symbol table (ELF-64 object file format, version 1.5).</summary>
public static class ElfFunctions
{
    private const uint SymbolTableSection = 2;
    private const int SectionHeaderSize = 64;
    private const int SymbolSize = 24;
    private const int FunctionType = 2;

    /// <summary>All functions with a name, by address.</summary>
    /// <exception cref="InvalidDataException">The file has no symbol table.</exception>
    public static IReadOnlyList<Function> Read(byte[] file)
    {
        ReadOnlySpan<byte> header = file;
        int sections = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(header[40..]));
        int count = BinaryPrimitives.ReadUInt16LittleEndian(header[60..]);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> section = header.Slice(sections + (i * SectionHeaderSize), SectionHeaderSize);
            if (BinaryPrimitives.ReadUInt32LittleEndian(section[4..]) == SymbolTableSection)
            {
                int names = (int)BinaryPrimitives.ReadUInt32LittleEndian(section[40..]);
                return Read(Contents(file, section), Contents(file, header.Slice(sections + (names * SectionHeaderSize), SectionHeaderSize)));
            }
        }

        throw new InvalidDataException("The file has no symbol table.");
    }

    private static ReadOnlySpan<byte> Contents(byte[] file, ReadOnlySpan<byte> section) => file.AsSpan(
        checked((int)BinaryPrimitives.ReadUInt64LittleEndian(section[24..])), checked((int)BinaryPrimitives.ReadUInt64LittleEndian(section[32..])));

    private static List<Function> Read(ReadOnlySpan<byte> symbols, ReadOnlySpan<byte> names)
    {
        var functions = new List<Function>();
        for (int offset = 0; offset + SymbolSize <= symbols.Length; offset += SymbolSize)
        {
            ReadOnlySpan<byte> symbol = symbols.Slice(offset, SymbolSize);
            ReadOnlySpan<byte> name = names[(int)BinaryPrimitives.ReadUInt32LittleEndian(symbol)..];
            name = name[..name.IndexOf((byte)0)];
            ulong address = BinaryPrimitives.ReadUInt64LittleEndian(symbol[8..]);
            if ((symbol[4] & 0xF) == FunctionType && address != 0 && name.Length != 0)
            {
                functions.Add(new Function(address, BinaryPrimitives.ReadUInt64LittleEndian(symbol[16..]), Encoding.UTF8.GetString(name)));
            }
        }

        return [.. functions.OrderBy(f => f.Address).ThenBy(f => f.Name.Length).ThenBy(f => f.Name, StringComparer.Ordinal).DistinctBy(f => f.Address)];
    }
}
