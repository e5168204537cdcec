using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;

namespace LiteBox.Image.Fat;

/// <summary>Reads the files of a FAT16 or FAT32 volume.</summary>
public sealed class FatReader
{
    private const byte VolumeLabelAttribute = 0x08;
    private const byte DirectoryAttribute = 0x10;
    private const byte FreeEntry = 0xE5;
    private const int DeepestDirectory = 32;

    private readonly Stream _disk;
    private readonly long _start;
    private readonly FatGeometry _geometry;
    private readonly uint _rootCluster;

    private FatReader(Stream disk, long start, FatGeometry geometry, uint rootCluster)
    {
        _disk = disk;
        _start = start;
        _geometry = geometry;
        _rootCluster = rootCluster;
    }

    /// <summary>Whether the volume is FAT32; FAT16 otherwise.</summary>
    public bool IsFat32 => _geometry.IsFat32;

    /// <summary>Opens the volume that begins at an offset.</summary>
    /// <exception cref="ImageFormatException">There is no FAT16 or FAT32 volume.</exception>
    public static FatReader Open(Stream disk, long offset)
    {
        var sector = new byte[FatGeometry.SectorSize];
        if (offset < 0 || offset > disk.Length - sector.Length)
        {
            throw new ImageFormatException($"offset {offset}: outside of the disk");
        }

        disk.Position = offset;
        disk.ReadExactly(sector);
        ushort bytesPerSector = BinaryPrimitives.ReadUInt16LittleEndian(sector.AsSpan(11));
        if (bytesPerSector != FatGeometry.SectorSize || sector[510] != 0x55 || sector[511] != 0xAA || sector[13] == 0 || sector[16] != FatGeometry.TableCount)
        {
            throw new ImageFormatException($"offset {offset}: no FAT volume with 512-byte sectors");
        }

        uint tableSectors = BinaryPrimitives.ReadUInt16LittleEndian(sector.AsSpan(22));
        bool fat32 = tableSectors == 0;
        tableSectors = fat32 ? BinaryPrimitives.ReadUInt32LittleEndian(sector.AsSpan(36)) : tableSectors;
        uint total = BinaryPrimitives.ReadUInt16LittleEndian(sector.AsSpan(19));
        total = total == 0 ? BinaryPrimitives.ReadUInt32LittleEndian(sector.AsSpan(32)) : total;
        var geometry = new FatGeometry
        {
            IsFat32 = fat32,
            SectorsPerCluster = sector[13],
            ReservedSectors = BinaryPrimitives.ReadUInt16LittleEndian(sector.AsSpan(14)),
            TableSectors = tableSectors,
            ClusterCount = 0,
        };
        geometry = geometry with { ClusterCount = (total - geometry.FirstDataSector) / geometry.SectorsPerCluster };
        return new FatReader(disk, offset, geometry, fat32 ? BinaryPrimitives.ReadUInt32LittleEndian(sector.AsSpan(44)) : 0);
    }

    /// <summary>All files by path, like "EFI/BOOT/BOOTX64.EFI".</summary>
    /// <exception cref="ImageFormatException">The volume's structures contradict themselves.</exception>
    public IReadOnlyDictionary<string, byte[]> ReadFiles()
    {
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        byte[] root = IsFat32
            ? ReadChain(_rootCluster)
            : ReadAt(_geometry.FirstDataSector - _geometry.RootSectors, _geometry.RootSectors * FatGeometry.SectorSize);
        ReadDirectory(root, "", files, 0);
        return files;
    }

    private void ReadDirectory(byte[] directory, string path, SortedDictionary<string, byte[]> files, int depth)
    {
        if (depth > DeepestDirectory)
        {
            throw new ImageFormatException($"{path}: directories nest deeper than {DeepestDirectory}");
        }

        string longName = "";
        for (int at = 0; at + FatGeometry.DirectoryEntryLength <= directory.Length && directory[at] != 0; at += FatGeometry.DirectoryEntryLength)
        {
            ReadOnlySpan<byte> entry = directory.AsSpan(at, FatGeometry.DirectoryEntryLength);
            if (entry[11] == FatName.LongNameAttribute)
            {
                longName = FatName.LongPart(entry) + longName;
                continue;
            }

            string name = path + (longName.Length != 0 ? longName : FatName.Readable(entry));
            longName = "";
            if (entry[0] is not (FreeEntry or (byte)'.') && (entry[11] & VolumeLabelAttribute) == 0)
            {
                ReadNode(entry, name, files, depth);
            }
        }
    }

    private void ReadNode(ReadOnlySpan<byte> entry, string name, SortedDictionary<string, byte[]> files, int depth)
    {
        uint cluster = ((uint)BinaryPrimitives.ReadUInt16LittleEndian(entry[20..]) << 16) | BinaryPrimitives.ReadUInt16LittleEndian(entry[26..]);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(entry[28..]);
        byte[] bytes = cluster == 0 ? [] : ReadChain(cluster);
        if ((entry[11] & DirectoryAttribute) != 0)
        {
            ReadDirectory(bytes, name + "/", files, depth + 1);
        }
        else if (length > bytes.Length)
        {
            throw new ImageFormatException($"{name}: {length} bytes long, but its clusters hold {bytes.Length}");
        }
        else
        {
            files[name] = bytes.AsSpan(0, (int)length).ToArray();
        }
    }

    private byte[] ReadChain(uint cluster)
    {
        var bytes = new MemoryStream();
        for (long count = 0; cluster < (IsFat32 ? 0x0FFFFFF8u : 0xFFF8u); count++)
        {
            if (cluster < 2 || cluster >= _geometry.ClusterCount + 2 || count > _geometry.ClusterCount)
            {
                throw new ImageFormatException($"cluster {cluster}: outside of the volume, or a chain without end");
            }

            bytes.Write(ReadAt(_geometry.SectorOfCluster(cluster), _geometry.ClusterSize));
            cluster = NextCluster(cluster);
        }

        return bytes.ToArray();
    }

    private uint NextCluster(uint cluster)
    {
        int width = IsFat32 ? 4 : 2;
        long offset = cluster * (long)width;
        byte[] sector = ReadAt(_geometry.ReservedSectors + (offset / FatGeometry.SectorSize), FatGeometry.SectorSize);
        ReadOnlySpan<byte> entry = sector.AsSpan((int)(offset % FatGeometry.SectorSize));
        return IsFat32 ? BinaryPrimitives.ReadUInt32LittleEndian(entry) & 0x0FFFFFFF : BinaryPrimitives.ReadUInt16LittleEndian(entry);
    }

    private byte[] ReadAt(long sector, int length)
    {
        long offset = _start + (sector * FatGeometry.SectorSize);
        if (offset < 0 || offset > _disk.Length - length)
        {
            throw new ImageFormatException($"sector {sector} of the volume: outside of the disk");
        }

        var bytes = new byte[length];
        _disk.Position = offset;
        _disk.ReadExactly(bytes);
        return bytes;
    }
}
