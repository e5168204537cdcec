using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace LiteBox.Image.Pe;

/// <summary>A 64-bit PE image (UEFI application), read and extended. The bytes given are never changed.</summary>
public sealed class PeImage
{
    private readonly byte[] _file;
    private readonly int _header;

    private PeImage(byte[] file, int header)
    {
        _file = file;
        _header = header;
        Sections = [.. ReadSections()];
    }

    /// <summary>The sections in the order of the section table.</summary>
    public IReadOnlyList<PeSection> Sections { get; }

    /// <summary>The machine type: 0x8664 for x86-64.</summary>
    public ushort Machine => BinaryPrimitives.ReadUInt16LittleEndian(_file.AsSpan(_header + PeLayout.Machine));

    /// <summary>The subsystem: 10 for an UEFI application.</summary>
    public ushort Subsystem => BinaryPrimitives.ReadUInt16LittleEndian(Optional(PeLayout.Subsystem));

    /// <summary>Whether the image carries an Authenticode signature.</summary>
    public bool IsSigned => Directory(PeLayout.SecurityDirectory).Size != 0;

    private uint SectionAlignment => Field(PeLayout.SectionAlignment);

    private uint FileAlignment => Field(PeLayout.FileAlignment);

    private int SectionTable => _header + PeLayout.OptionalHeader
        + BinaryPrimitives.ReadUInt16LittleEndian(_file.AsSpan(_header + PeLayout.OptionalHeaderLength));

    private int SectionTableEnd => SectionTable + (SectionCount * PeLayout.SectionHeaderLength);

    private int SectionCount => BinaryPrimitives.ReadUInt16LittleEndian(_file.AsSpan(_header + PeLayout.SectionCount));

    /// <summary>Reads an image.</summary>
    /// <exception cref="ImageFormatException">The bytes are not a 64-bit PE image.</exception>
    public static PeImage Read(ReadOnlyMemory<byte> file)
    {
        byte[] bytes = file.ToArray();
        if (bytes.Length < PeLayout.DosHeaderLength || bytes[0] != 'M' || bytes[1] != 'Z')
        {
            throw new ImageFormatException("offset 0: no \"MZ\": this is not a PE image");
        }

        int header = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(PeLayout.DosNewHeader));
        if (header < 0 || header > bytes.Length - PeLayout.OptionalHeader - PeLayout.Directories
            || !bytes.AsSpan(header, 4).SequenceEqual("PE\0\0"u8))
        {
            throw new ImageFormatException($"offset 0x{header:X}: no \"PE\" header");
        }

        ushort magic = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(header + PeLayout.OptionalHeader));
        if (magic != PeLayout.MagicPe32Plus)
        {
            throw new ImageFormatException($"offset 0x{header + PeLayout.OptionalHeader:X}: the optional header is 0x{magic:X}, not PE32+ (0x20B)");
        }

        return new PeImage(bytes, header);
    }

    /// <summary>The section of a name, or null.</summary>
    public PeSection? Find(string name) => Sections.FirstOrDefault(section => section.Name == name);

    /// <summary>A section's data: its bytes in the file, no more than its size in memory.</summary>
    public ReadOnlyMemory<byte> Data(PeSection section) =>
        _file.AsMemory((int)section.FileOffset, (int)Math.Min(section.VirtualSize, section.FileSize));

    /// <summary>
    /// The image with more sections: each is placed behind the last one in memory and in the file. The headers grow when the section
    /// table does not fit, as far as the first section's address allows.
    /// </summary>
    /// <exception cref="ImageFormatException">The image is signed, already has a section of that name, or has no room for the headers.</exception>
    public byte[] WithSections(IReadOnlyList<NewSection> added)
    {
        if (IsSigned)
        {
            throw new ImageFormatException("the image is signed: add sections first and sign afterwards");
        }

        if (added.FirstOrDefault(section => Find(section.Name) != null) is { Name: { } taken })
        {
            throw new ImageFormatException($"the image already has a section {taken}");
        }

        byte[] image = WithRoomFor(added.Count);
        uint memory = (uint)Alignment.Up(Sections.Max(s => s.VirtualAddress + Math.Max(s.VirtualSize, s.FileSize)), SectionAlignment);
        long file = Alignment.Up(image.Length, FileAlignment);
        Array.Resize(ref image, checked((int)(file + added.Sum(section => Alignment.Up(section.Data.Length, FileAlignment)))));

        int table = SectionTableEnd;
        uint initialized = Field(PeLayout.InitializedDataSize);
        foreach (NewSection section in added)
        {
            uint fileSize = (uint)Alignment.Up(section.Data.Length, FileAlignment);
            WriteSectionHeader(image.AsSpan(table, PeLayout.SectionHeaderLength), section, memory, (uint)file, fileSize);
            section.Data.Span.CopyTo(image.AsSpan((int)file));
            table += PeLayout.SectionHeaderLength;
            file += fileSize;
            initialized += fileSize;
            memory = checked((uint)Alignment.Up(memory + Math.Max(1L, section.Data.Length), SectionAlignment));
        }

        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(_header + PeLayout.SectionCount), (ushort)(SectionCount + added.Count));
        Span<byte> optional = image.AsSpan(_header + PeLayout.OptionalHeader);
        BinaryPrimitives.WriteUInt32LittleEndian(optional[PeLayout.InitializedDataSize..], initialized);
        BinaryPrimitives.WriteUInt32LittleEndian(optional[PeLayout.ImageSize..], memory);
        BinaryPrimitives.WriteUInt32LittleEndian(optional[PeLayout.Checksum..], PeChecksum.Of(image, _header + PeLayout.OptionalHeader + PeLayout.Checksum));
        return image;
    }

    private static void WriteSectionHeader(Span<byte> header, NewSection section, uint memory, uint file, uint fileSize)
    {
        if (section.Name.Length is 0 or > PeLayout.SectionNameLength)
        {
            throw new ArgumentException($"the section name \"{section.Name}\" does not have one to eight characters", nameof(section));
        }

        Encoding.ASCII.GetBytes(section.Name, header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[PeLayout.SectionVirtualSize..], (uint)section.Data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[PeLayout.SectionVirtualAddress..], memory);
        BinaryPrimitives.WriteUInt32LittleEndian(header[PeLayout.SectionFileSize..], fileSize);
        BinaryPrimitives.WriteUInt32LittleEndian(header[PeLayout.SectionFileOffset..], file);
        BinaryPrimitives.WriteUInt32LittleEndian(header[PeLayout.SectionCharacteristics..], PeLayout.ReadOnlyData);
    }

    // A copy of the file whose section table can take more entries: what follows the headers moves back when it has to.
    private byte[] WithRoomFor(int count)
    {
        uint headers = Field(PeLayout.HeadersSize);
        int needed = SectionTableEnd + (count * PeLayout.SectionHeaderLength);
        if (needed <= headers)
        {
            return [.. _file];
        }

        uint grown = (uint)Alignment.Up(needed, FileAlignment);
        if (grown > Sections.Min(section => section.VirtualAddress))
        {
            throw new ImageFormatException($"no room for {count} more sections: the headers would reach into the first section");
        }

        uint shift = grown - headers;
        byte[] image = [.. _file.AsSpan(0, (int)headers), .. new byte[shift], .. _file.AsSpan((int)headers)];
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(_header + PeLayout.OptionalHeader + PeLayout.HeadersSize), grown);
        MoveOffset(image.AsSpan(_header + PeLayout.SymbolTable), shift);
        for (int index = 0; index < SectionCount; index++)
        {
            MoveOffset(image.AsSpan(SectionTable + (index * PeLayout.SectionHeaderLength) + PeLayout.SectionFileOffset), shift);
        }

        MoveDebugEntries(image, shift);
        return image;
    }

    // The debug directory's entries name their data by file offset as well as by address.
    private void MoveDebugEntries(byte[] image, uint shift)
    {
        (uint address, uint size) = Directory(PeLayout.DebugDirectory);
        PeSection? holder = Sections.FirstOrDefault(s => address >= s.VirtualAddress && address + size <= s.VirtualAddress + s.FileSize);
        if (size == 0 || holder == null)
        {
            return;
        }

        int start = (int)(holder.FileOffset + shift + (address - holder.VirtualAddress));
        for (int entry = start; entry + PeLayout.DebugEntryLength <= start + size; entry += PeLayout.DebugEntryLength)
        {
            MoveOffset(image.AsSpan(entry + PeLayout.DebugEntryFileOffset), shift);
        }
    }

    private static void MoveOffset(Span<byte> field, uint shift)
    {
        uint offset = BinaryPrimitives.ReadUInt32LittleEndian(field);
        if (offset != 0)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(field, offset + shift);
        }
    }

    private IEnumerable<PeSection> ReadSections()
    {
        if (SectionTableEnd > _file.Length)
        {
            throw new ImageFormatException($"offset 0x{SectionTable:X}: the file ends within the section table");
        }

        for (int index = 0; index < SectionCount; index++)
        {
            PeSection section = ReadSection(_file.AsSpan(SectionTable + (index * PeLayout.SectionHeaderLength), PeLayout.SectionHeaderLength));
            if ((long)section.FileOffset + section.FileSize > _file.Length)
            {
                throw new ImageFormatException($"section {section.Name}: the file ends within its data");
            }

            yield return section;
        }
    }

    private static PeSection ReadSection(ReadOnlySpan<byte> header) => new(
        Encoding.ASCII.GetString(header[..PeLayout.SectionNameLength]).TrimEnd('\0'),
        BinaryPrimitives.ReadUInt32LittleEndian(header[PeLayout.SectionVirtualAddress..]),
        BinaryPrimitives.ReadUInt32LittleEndian(header[PeLayout.SectionVirtualSize..]),
        BinaryPrimitives.ReadUInt32LittleEndian(header[PeLayout.SectionFileOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(header[PeLayout.SectionFileSize..]),
        BinaryPrimitives.ReadUInt32LittleEndian(header[PeLayout.SectionCharacteristics..]));

    private (uint Address, uint Size) Directory(int index)
    {
        int offset = PeLayout.Directories + (index * PeLayout.DirectoryEntryLength);
        bool present = index < Field(PeLayout.DirectoryCount);
        return present ? (Field(offset), Field(offset + 4)) : (0, 0);
    }

    private uint Field(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(Optional(offset));

    private ReadOnlySpan<byte> Optional(int offset) => _file.AsSpan(_header + PeLayout.OptionalHeader + offset);
}
