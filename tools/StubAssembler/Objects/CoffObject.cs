using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace LiteBox.Stubs.Objects;

/// <summary>Writes a COFF object file for x64: Microsoft's "PE Format", sections "COFF File Header" to "COFF Relocations (Object Only)".</summary>
public static class CoffObject
{
    private const ushort MachineAmd64 = 0x8664;
    private const int FileHeaderSize = 20;
    private const int SectionHeaderSize = 40;
    private const uint ContainsCode = 0x20;
    private const uint ContainsData = 0x40;
    private const uint ContainsZeroed = 0x80;
    private const uint MayExecute = 0x20000000;
    private const uint MayRead = 0x40000000;
    private const uint MayWrite = 0x80000000;
    private const int AlignmentShift = 20;

    /// <summary>The object file. Each piece has a section of its own, so that the linker can drop what nobody uses.</summary>
    public static byte[] Write(StubSet set)
    {
        List<string> symbols = [.. set.Pieces.Select(piece => piece.Symbol)];
        symbols.AddRange(set.Pieces.SelectMany(piece => piece.Relocations).Select(relocation => relocation.Symbol).Distinct().Except(symbols));
        MemoryStream strings = new();
        strings.Write(new byte[4]);
        int dataStart = FileHeaderSize + (set.Pieces.Count * SectionHeaderSize);
        MemoryStream headers = new();
        MemoryStream data = new();
        foreach (Piece piece in set.Pieces)
        {
            WriteSection(piece, symbols, dataStart, new BinaryWriter(headers), new BinaryWriter(data));
        }

        MemoryStream file = new();
        BinaryWriter writer = new(file);
        writer.Write(MachineAmd64);
        writer.Write((ushort)set.Pieces.Count);
        writer.Write(0u);   // no time stamp: the same bytes every time
        writer.Write((uint)(dataStart + data.Length));
        writer.Write((uint)symbols.Count);
        writer.Write((ushort)0);
        writer.Write((ushort)0);
        writer.Write(headers.ToArray());
        writer.Write(data.ToArray());
        for (int i = 0; i < symbols.Count; i++)
        {
            WriteSymbol(writer, strings, symbols[i], i < set.Pieces.Count ? set.Pieces[i] : null, i + 1);
        }

        byte[] table = strings.ToArray();
        BitConverter.TryWriteBytes(table, table.Length);
        writer.Write(table);
        return file.ToArray();
    }

    private static void WriteSection(Piece piece, List<string> symbols, int dataStart, BinaryWriter header, BinaryWriter data)
    {
        (string name, uint flags) = piece.Section switch
        {
            SectionKind.Code => (".text", ContainsCode | MayRead | MayExecute),
            SectionKind.ReadOnlyData => (".rdata", ContainsData | MayRead),
            SectionKind.Data => (".data", ContainsData | MayRead | MayWrite),
            SectionKind.ZeroedData => (".bss", ContainsZeroed | MayRead | MayWrite),
            _ => throw new ArgumentException("A UEFI application has no such section."),
        };
        uint alignment = (uint)(int.Log2(piece.Alignment) + 1) << AlignmentShift;
        long bytesAt = dataStart + data.BaseStream.Position;
        data.Write(piece.Bytes);
        long relocationsAt = dataStart + data.BaseStream.Position;
        foreach (Relocation relocation in piece.Relocations)
        {
            WriteRelocation(data, piece, relocation, symbols, bytesAt - dataStart);
        }

        header.Write(Encoding.ASCII.GetBytes(name.PadRight(8, '\0')));
        header.Write(0u);
        header.Write(0u);
        header.Write((uint)piece.Size);
        header.Write(piece.Bytes.Length == 0 ? 0u : (uint)bytesAt);
        header.Write(piece.Relocations.Count == 0 ? 0u : (uint)relocationsAt);
        header.Write(0u);
        header.Write((ushort)piece.Relocations.Count);
        header.Write((ushort)0);
        header.Write(flags | alignment);
    }

    private static void WriteRelocation(BinaryWriter data, Piece piece, Relocation relocation, List<string> symbols, long pieceAt)
    {
        // IMAGE_REL_AMD64_REL32 is relative to the byte behind the field; the rest of the addend goes into the field.
        (ushort type, int bytesAfter) = relocation.Kind switch
        {
            RelocationKind.Relative32 => ((ushort)4, 4),
            RelocationKind.Absolute64 => ((ushort)1, 0),
            _ => throw new ArgumentException($"{piece.Symbol}: a UEFI application is loaded anywhere, so it has no 32-bit addresses."),
        };
        long end = data.BaseStream.Position;
        data.BaseStream.Position = pieceAt + relocation.Offset;
        long field = relocation.Addend + bytesAfter;
        if (relocation.Kind == RelocationKind.Absolute64)
        {
            data.Write(field);
        }
        else
        {
            data.Write((int)field);
        }

        data.BaseStream.Position = end;
        data.Write((uint)relocation.Offset);
        data.Write((uint)symbols.IndexOf(relocation.Symbol));
        data.Write(type);
    }

    private static void WriteSymbol(BinaryWriter writer, MemoryStream strings, string name, Piece? piece, int section)
    {
        const ushort Function = 0x20;
        const byte External = 2;
        if (name.Length <= 8)
        {
            writer.Write(Encoding.ASCII.GetBytes(name.PadRight(8, '\0')));
        }
        else
        {
            writer.Write(0u);
            writer.Write((uint)strings.Length);
            strings.Write(Encoding.ASCII.GetBytes(name + "\0"));
        }

        writer.Write(0u);
        writer.Write((short)(piece == null ? 0 : section));
        writer.Write(piece?.Section == SectionKind.Code ? Function : (ushort)0);
        writer.Write(External);
        writer.Write((byte)0);
    }
}
