using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace LiteBox.Stubs.Objects;

/// <summary>Writes a relocatable ELF64 file: System V gABI, chapters 4 (sections, symbols, relocation), and the x86-64 psABI 4.4.</summary>
public static class ElfObject
{
    private const int HeaderSize = 64;
    private const int SectionHeaderSize = 64;
    private const int SymbolSize = 24;
    private const int RelocationSize = 24;
    private const uint TypeProgbits = 1;
    private const uint TypeSymbols = 2;
    private const uint TypeStrings = 3;
    private const uint TypeRelocations = 4;
    private const uint TypeNote = 7;
    private const uint TypeNobits = 8;
    private const ulong FlagWrite = 1;
    private const ulong FlagAllocate = 2;
    private const ulong FlagExecute = 4;

    /// <summary>The object file. Each piece has a section of its own, so that the linker can drop what nobody uses.</summary>
    public static byte[] Write(StubSet set)
    {
        List<Section> sections = [new Section("", 0, 0, [], 0, 0)];
        List<string> symbols = [];
        Dictionary<string, (int Section, Piece Piece)> defined = [];
        foreach (Piece piece in set.Pieces)
        {
            defined.Add(piece.Symbol, (sections.Count, piece));
            symbols.Add(piece.Symbol);
            sections.Add(ToSection(piece));
        }

        foreach (Relocation relocation in set.Pieces.SelectMany(piece => piece.Relocations))
        {
            if (!symbols.Contains(relocation.Symbol))
            {
                symbols.Add(relocation.Symbol);
            }
        }

        StringTable names = new();
        byte[] symbolTable = WriteSymbols(symbols, defined, names);
        int firstRelocations = sections.Count;
        int symbolSection = firstRelocations + set.Pieces.Count(piece => piece.Relocations.Count > 0);
        for (int i = 0; i < set.Pieces.Count; i++)
        {
            Piece piece = set.Pieces[i];
            if (piece.Relocations.Count > 0)
            {
                byte[] bytes = WriteRelocations(piece, symbols);
                sections.Add(new Section(".rela" + sections[i + 1].Name, TypeRelocations, 0, bytes, bytes.Length, 8)
                {
                    Link = (uint)symbolSection, Info = (uint)i + 1, EntrySize = RelocationSize,
                });
            }
        }

        sections.Add(new Section(".symtab", TypeSymbols, 0, symbolTable, symbolTable.Length, 8)
        {
            Link = (uint)symbolSection + 1, Info = 1, EntrySize = SymbolSize,
        });
        sections.Add(new Section(".strtab", TypeStrings, 0, names.ToArray(), names.Length, 1));
        StringTable sectionNames = new();
        foreach (Section section in sections)
        {
            section.NameOffset = sectionNames.Add(section.Name);
        }

        uint ownName = sectionNames.Add(".shstrtab");
        sections.Add(new Section(".shstrtab", TypeStrings, 0, sectionNames.ToArray(), sectionNames.Length, 1) { NameOffset = ownName });
        return WriteFile(sections);
    }

    private static Section ToSection(Piece piece)
    {
        (string name, uint type, ulong flags) = piece.Section switch
        {
            SectionKind.Code => (".text." + piece.Symbol, TypeProgbits, FlagAllocate | FlagExecute),
            SectionKind.ReadOnlyData => (".rodata." + piece.Symbol, TypeProgbits, FlagAllocate),
            SectionKind.Data => (".data." + piece.Symbol, TypeProgbits, FlagAllocate | FlagWrite),
            SectionKind.ZeroedData => (".bss." + piece.Symbol, TypeNobits, FlagAllocate | FlagWrite),
            SectionKind.PvhNote => (".note.PVH", TypeNote, FlagAllocate),
            _ => throw new ArgumentOutOfRangeException(nameof(piece)),
        };
        return new Section(name, type, flags, piece.Bytes, piece.Size, piece.Alignment);
    }

    private static byte[] WriteSymbols(List<string> symbols, Dictionary<string, (int Section, Piece Piece)> defined, StringTable names)
    {
        MemoryStream stream = new();
        BinaryWriter writer = new(stream);
        writer.Write(new byte[SymbolSize]);
        foreach (string symbol in symbols)
        {
            const byte Global = 1 << 4;
            const byte Data = 1;
            const byte Function = 2;
            bool here = defined.TryGetValue(symbol, out (int Section, Piece Piece) definition);
            writer.Write(names.Add(symbol));
            writer.Write((byte)(Global | (!here ? 0 : definition.Piece.Section == SectionKind.Code ? Function : Data)));
            writer.Write((byte)0);
            writer.Write((ushort)(here ? definition.Section : 0));
            writer.Write(0UL);
            writer.Write(here ? (ulong)definition.Piece.Size : 0UL);
        }

        return stream.ToArray();
    }

    private static byte[] WriteRelocations(Piece piece, List<string> symbols)
    {
        MemoryStream stream = new();
        BinaryWriter writer = new(stream);
        foreach (Relocation relocation in piece.Relocations)
        {
            // R_X86_64_PLT32, R_X86_64_32, R_X86_64_64: x86-64 psABI table 4.9.
            uint type = relocation.Kind switch { RelocationKind.Relative32 => 4u, RelocationKind.Absolute32 => 10u, _ => 1u };
            writer.Write((ulong)relocation.Offset);
            writer.Write(((ulong)(symbols.IndexOf(relocation.Symbol) + 1) << 32) | type);
            writer.Write(relocation.Addend);
        }

        return stream.ToArray();
    }

    private static byte[] WriteFile(List<Section> sections)
    {
        MemoryStream stream = new();
        BinaryWriter writer = new(stream);
        writer.Write(new byte[HeaderSize]);
        foreach (Section section in sections)
        {
            writer.Write(new byte[-stream.Position & (Math.Max(section.Alignment, 1) - 1)]);
            section.Offset = (ulong)stream.Position;
            writer.Write(section.Bytes);
        }

        writer.Write(new byte[-stream.Position & 7]);
        ulong headers = (ulong)stream.Position;
        foreach (Section section in sections)
        {
            writer.Write(section.NameOffset);
            writer.Write(section.Type);
            writer.Write(section.Flags);
            writer.Write(0UL);
            writer.Write(section.Type == 0 ? 0 : section.Offset);
            writer.Write((ulong)section.Size);
            writer.Write(section.Link);
            writer.Write(section.Info);
            writer.Write((ulong)section.Alignment);
            writer.Write((ulong)section.EntrySize);
        }

        stream.Position = 0;
        writer.Write("\u007FELF"u8);
        writer.Write((byte)2);  // 64-bit
        writer.Write((byte)1);  // little-endian
        writer.Write((byte)1);  // version
        writer.Write(new byte[9]);
        writer.Write((ushort)1);    // ET_REL
        writer.Write((ushort)62);   // EM_X86_64
        writer.Write(1u);
        writer.Write(0UL);
        writer.Write(0UL);
        writer.Write(headers);
        writer.Write(0u);
        writer.Write((ushort)HeaderSize);
        writer.Write((ushort)0);
        writer.Write((ushort)0);
        writer.Write((ushort)SectionHeaderSize);
        writer.Write((ushort)sections.Count);
        writer.Write((ushort)(sections.Count - 1));
        return stream.ToArray();
    }

    private sealed class Section(string name, uint type, ulong flags, byte[] bytes, int size, int alignment)
    {
        public string Name => name;
        public uint Type => type;
        public ulong Flags => flags;
        public byte[] Bytes => bytes;
        public int Size => size;
        public int Alignment => alignment;
        public uint NameOffset { get; set; }
        public ulong Offset { get; set; }
        public uint Link { get; init; }
        public uint Info { get; init; }
        public int EntrySize { get; init; }
    }

    private sealed class StringTable
    {
        private readonly List<byte> _text = [0];

        public int Length => _text.Count;

        public uint Add(string text)
        {
            if (text.Length == 0)
            {
                return 0;
            }

            uint offset = (uint)_text.Count;
            _text.AddRange(Encoding.ASCII.GetBytes(text));
            _text.Add(0);
            return offset;
        }

        public byte[] ToArray() => [.. _text];
    }
}
