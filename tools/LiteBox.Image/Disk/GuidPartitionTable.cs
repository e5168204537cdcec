using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace LiteBox.Image.Disk;

/// <summary>
/// A disk with a GUID partition table (UEFI 2.10 chapter 5): protective MBR, header and entries at both ends, partitions aligned to 1 MiB.
/// Every identifier follows from the partitions' content.
/// </summary>
public static class GuidPartitionTable
{
    /// <summary>Bytes a sector.</summary>
    public const int SectorSize = 512;

    /// <summary>Partitions begin at multiples of this many bytes, and the disk's size is one.</summary>
    public const int PartitionAlignment = 1 << 20;

    private const int EntryCount = 128;
    private const int EntrySize = 128;
    private const int EntrySectors = EntryCount * EntrySize / SectorSize;
    private const int HeaderSize = 92;
    private const int FirstUsableSector = 2 + EntrySectors;
    private const int NameOffset = 56;
    private const int NameBytes = 72;
    private static ReadOnlySpan<byte> Signature => "EFI PART"u8;

    /// <summary>Size in bytes of the disk that <see cref="Write"/> makes of these partitions.</summary>
    public static long DiskLength(IReadOnlyList<Partition> partitions) =>
        PartitionAlignment + partitions.Sum(p => Alignment.Up(p.Content.Length, PartitionAlignment)) + PartitionAlignment;

    /// <summary>Writes the whole disk from the stream's start on.</summary>
    /// <param name="disk">Empty, seekable and writable; it is given its final length.</param>
    /// <param name="partitions">One after the other; at most 128.</param>
    public static void Write(Stream disk, IReadOnlyList<Partition> partitions)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partitions.Count, EntryCount);
        long length = DiskLength(partitions);
        long sectors = length / SectorSize;
        disk.SetLength(length);

        var entries = new byte[EntryCount * EntrySize];
        long offset = PartitionAlignment;
        for (int index = 0; index < partitions.Count; index++)
        {
            Partition partition = partitions[index];
            WriteEntry(entries.AsSpan(index * EntrySize, EntrySize), partition, offset, index);
            disk.Position = offset;
            partition.Content.WriteTo(disk, offset / SectorSize);
            offset += Alignment.Up(partition.Content.Length, PartitionAlignment);
        }

        Guid diskId = ContentGuid.From("disk", entries);
        WriteAt(disk, 0, ProtectiveMasterBootRecord(sectors));
        WriteAt(disk, 1, Header(diskId, self: 1, other: sectors - 1, entriesAt: 2, sectors, entries));
        WriteAt(disk, 2, entries);
        WriteAt(disk, sectors - 1 - EntrySectors, entries);
        WriteAt(disk, sectors - 1, Header(diskId, self: sectors - 1, other: 1, entriesAt: sectors - 1 - EntrySectors, sectors, entries));
    }

    /// <summary>The partitions of a disk. Believes the first header, and checks its and the entries' CRC.</summary>
    /// <param name="disk">A seekable disk.</param>
    /// <exception cref="ImageFormatException">The disk has no valid GUID partition table.</exception>
    public static IReadOnlyList<PartitionEntry> Read(Stream disk)
    {
        byte[] header = ReadAt(disk, 1, SectorSize);
        if (!header.AsSpan(0, 8).SequenceEqual(Signature))
        {
            throw new ImageFormatException("offset 512: no \"EFI PART\": this is not a GPT disk");
        }

        uint headerSize = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(12));
        uint claimed = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(16));
        if (headerSize is < HeaderSize or > SectorSize)
        {
            throw new ImageFormatException($"offset 524: GPT header size {headerSize} is not between {HeaderSize} and {SectorSize}");
        }

        header.AsSpan(16, 4).Clear();
        if (Crc32.Of(header.AsSpan(0, (int)headerSize)) != claimed)
        {
            throw new ImageFormatException("offset 528: the GPT header's CRC is wrong");
        }

        long entriesAt = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(72));
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(80));
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(84));
        if (size < EntrySize || size > SectorSize * 8 || count > 1024)
        {
            throw new ImageFormatException($"offset 592: {count} GPT entries of {size} bytes are out of range");
        }

        byte[] entries = ReadAt(disk, entriesAt, checked((int)(count * size)));
        if (Crc32.Of(entries) != BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(88)))
        {
            throw new ImageFormatException($"sector {entriesAt}: the GPT entries' CRC is wrong");
        }

        var found = new List<PartitionEntry>();
        for (int index = 0; index < count; index++)
        {
            ReadOnlySpan<byte> entry = entries.AsSpan(index * (int)size, (int)size);
            if (entry[..16].ContainsAnyExcept((byte)0))
            {
                found.Add(ReadEntry(entry));
            }
        }

        return found;
    }

    private static PartitionEntry ReadEntry(ReadOnlySpan<byte> entry) => new(
        new Guid(entry[..16]),
        new Guid(entry.Slice(16, 16)),
        BinaryPrimitives.ReadInt64LittleEndian(entry[32..]),
        BinaryPrimitives.ReadInt64LittleEndian(entry[40..]),
        Encoding.Unicode.GetString(entry.Slice(NameOffset, NameBytes)).TrimEnd('\0'));

    private static void WriteEntry(Span<byte> entry, Partition partition, long offset, int index)
    {
        if (Encoding.Unicode.GetByteCount(partition.Name) > NameBytes)
        {
            throw new ArgumentException($"the partition name \"{partition.Name}\" is longer than 36 units", nameof(partition));
        }

        long first = offset / SectorSize;
        long last = first + (Alignment.Up(partition.Content.Length, SectorSize) / SectorSize) - 1;
        partition.Type.TryWriteBytes(entry);
        ContentGuid.From($"partition {index} {partition.Name}", partition.Content.Digest.Span).TryWriteBytes(entry[16..]);
        BinaryPrimitives.WriteInt64LittleEndian(entry[32..], first);
        BinaryPrimitives.WriteInt64LittleEndian(entry[40..], last);
        Encoding.Unicode.GetBytes(partition.Name, entry[NameOffset..]);
    }

    // UEFI 2.10 table 5.5: the header of a GPT.
    private static byte[] Header(Guid diskId, long self, long other, long entriesAt, long sectors, ReadOnlySpan<byte> entries)
    {
        var header = new byte[SectorSize];
        Signature.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), 0x00010000);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), HeaderSize);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(24), self);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(32), other);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(40), FirstUsableSector);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(48), sectors - 1 - EntrySectors - 1);
        diskId.TryWriteBytes(header.AsSpan(56));
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(72), entriesAt);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(80), EntryCount);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(84), EntrySize);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(88), Crc32.Of(entries));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(16), Crc32.Of(header.AsSpan(0, HeaderSize)));
        return header;
    }

    // UEFI 2.10 section 5.2.3: one partition of type 0xEE over the whole disk.
    private static byte[] ProtectiveMasterBootRecord(long sectors)
    {
        var record = new byte[SectorSize];
        Span<byte> entry = record.AsSpan(446, 16);
        entry[2] = 0x02;
        entry[4] = 0xEE;
        entry[5..8].Fill(0xFF);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[12..], (uint)Math.Min(uint.MaxValue, sectors - 1));
        record[510] = 0x55;
        record[511] = 0xAA;
        return record;
    }

    private static void WriteAt(Stream disk, long sector, ReadOnlySpan<byte> bytes)
    {
        disk.Position = sector * SectorSize;
        disk.Write(bytes);
    }

    private static byte[] ReadAt(Stream disk, long sector, int length)
    {
        if (sector < 0 || sector > (disk.Length - length) / SectorSize)
        {
            throw new ImageFormatException($"sector {sector}: outside of the disk of {disk.Length} bytes");
        }

        var bytes = new byte[length];
        disk.Position = sector * SectorSize;
        disk.ReadExactly(bytes);
        return bytes;
    }
}
