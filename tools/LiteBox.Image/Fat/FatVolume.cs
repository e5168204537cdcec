using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using LiteBox.Image.Disk;

namespace LiteBox.Image.Fat;

/// <summary>
/// A FAT16 or FAT32 volume with given files (Microsoft, "FAT: General Overview of On-Disk Format" 1.03; UEFI 2.10 section 13.3).
/// As large as its files need; every file in one piece; the same files give the same bytes.
/// </summary>
public sealed class FatVolume : IPartitionContent
{
    private const uint Fat32EndOfChain = 0x0FFFFFFF;
    private const byte FixedMedia = 0xF8;
    private const int Fat32InfoSector = 1;
    private const int Fat32BackupBootSector = 6;
    private static readonly DateTime EarliestTime = new(1980, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly FatDirectory _root = new("", null);
    private readonly FatGeometry _geometry;
    private readonly List<(FatNode Node, long Clusters)> _layout = [];
    private readonly string _label;
    private readonly uint _dosTime;
    private readonly uint _serial;

    /// <summary>Lays out a volume.</summary>
    /// <param name="files">Paths like "EFI/BOOT/BOOTX64.EFI" and contents, each below 4 GiB.</param>
    /// <param name="label">The volume's label, at most eleven upper-case characters.</param>
    /// <param name="time">The time of all files; what lies before 1980 becomes 1980-01-01.</param>
    /// <param name="fat32">FAT32 whatever the size, as Azure wants it; else FAT16 as long as the files fit.</param>
    public FatVolume(IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> files, string label, DateTime time, bool fat32)
    {
        foreach ((string path, ReadOnlyMemory<byte> content) in files)
        {
            string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
            FatDirectory directory = parts[..^1].Aggregate(_root, (at, name) => at.Directory(name));
            directory.Add(new FatFile(parts[^1], content));
        }

        _label = label.ToUpperInvariant().PadRight(FatName.ShortLength)[..FatName.ShortLength];
        _dosTime = DosTime(time);
        _geometry = FatGeometry.For(ClustersNeeded, fat32);
        PlaceNodes();
        Digest = ContentDigest();
        _serial = BinaryPrimitives.ReadUInt32LittleEndian(Digest.Span);
    }

    /// <inheritdoc/>
    public long Length => _geometry.SectorCount * FatGeometry.SectorSize;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Digest { get; }

    /// <summary>Whether the volume is FAT32; FAT16 otherwise.</summary>
    public bool IsFat32 => _geometry.IsFat32;

    /// <inheritdoc/>
    public void WriteTo(Stream disk, long firstSector)
    {
        long start = disk.Position;
        byte[] boot = BootSector(firstSector);
        WriteAt(disk, start, 0, boot);
        if (IsFat32)
        {
            WriteAt(disk, start, Fat32InfoSector, InfoSector());
            WriteAt(disk, start, Fat32BackupBootSector, boot);
            WriteAt(disk, start, Fat32BackupBootSector + Fat32InfoSector, InfoSector());
        }

        byte[] table = Table();
        for (int copy = 0; copy < FatGeometry.TableCount; copy++)
        {
            WriteAt(disk, start, _geometry.ReservedSectors + (copy * _geometry.TableSectors), table);
        }

        WriteNodes(disk, start);
    }

    private void WriteNodes(Stream disk, long start)
    {
        if (!IsFat32)
        {
            WriteAt(disk, start, _geometry.FirstDataSector - _geometry.RootSectors, RootBytes());
        }

        foreach ((FatNode node, _) in _layout.Where(place => place.Clusters != 0))
        {
            long sector = _geometry.SectorOfCluster(node.FirstCluster);
            ReadOnlyMemory<byte> bytes = node switch
            {
                FatFile file => file.Content,
                FatDirectory directory => directory == _root ? RootBytes() : directory.ToBytes(_dosTime),
                _ => default,
            };
            WriteAt(disk, start, sector, bytes.Span);
        }
    }

    // The root directory begins with the volume's label.
    private byte[] RootBytes()
    {
        var label = new byte[FatGeometry.DirectoryEntryLength];
        Encoding.ASCII.GetBytes(_label, label);
        label[11] = 0x08;
        BinaryPrimitives.WriteUInt32LittleEndian(label.AsSpan(22), _dosTime);
        return [.. label, .. _root.ToBytes(_dosTime)];
    }

    private long RootLength => FatGeometry.DirectoryEntryLength + _root.Length;

    private long ClustersNeeded(int clusterSize) =>
        Nodes(_root).Sum(node => Clusters(node == _root ? RootLength : node.Length, clusterSize));

    private static long Clusters(long length, int clusterSize) => (length + clusterSize - 1) / clusterSize;

    private static IEnumerable<FatNode> Nodes(FatDirectory directory) =>
        directory.Children.SelectMany(child => child is FatDirectory below ? Nodes(below) : [child]).Prepend(directory);

    // Cluster 2 is the first. On FAT16 the root directory has a place of its own.
    private void PlaceNodes()
    {
        if (!IsFat32 && RootLength > _geometry.RootSectors * FatGeometry.SectorSize)
        {
            throw new ArgumentException("a FAT16 root directory holds 512 entries, and there are more files");
        }

        long next = 2;
        foreach (FatNode node in Nodes(_root))
        {
            long length = node == _root ? (IsFat32 ? RootLength : 0) : node.Length;
            long clusters = Clusters(length, _geometry.ClusterSize);
            node.FirstCluster = clusters == 0 ? 0 : next;
            _layout.Add((node, clusters));
            next += clusters;
        }
    }

    private long UsedClusters => _layout.Sum(place => place.Clusters);

    private byte[] Table()
    {
        var table = new byte[_geometry.TableSectors * FatGeometry.SectorSize];
        SetEntry(table, 0, 0x0FFFFF00 | FixedMedia);
        SetEntry(table, 1, Fat32EndOfChain);
        foreach ((FatNode node, long clusters) in _layout)
        {
            for (long index = 0; index < clusters; index++)
            {
                bool last = index == clusters - 1;
                SetEntry(table, node.FirstCluster + index, last ? Fat32EndOfChain : (uint)(node.FirstCluster + index + 1));
            }
        }

        return table;
    }

    private void SetEntry(byte[] table, long cluster, uint value)
    {
        if (IsFat32)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan((int)cluster * 4), value);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(table.AsSpan((int)cluster * 2), (ushort)value);
        }
    }

    private byte[] BootSector(long firstSector)
    {
        var sector = new byte[FatGeometry.SectorSize];
        Span<byte> bytes = sector;
        new byte[] { 0xEB, 0xFE, 0x90 }.CopyTo(bytes);                                     // a jump to itself: nobody boots from here
        "LITEBOX "u8.CopyTo(bytes[3..]);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[11..], FatGeometry.SectorSize);
        bytes[13] = (byte)_geometry.SectorsPerCluster;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[14..], (ushort)_geometry.ReservedSectors);
        bytes[16] = FatGeometry.TableCount;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[17..], (ushort)_geometry.RootEntries);
        bool small = !IsFat32 && _geometry.SectorCount <= ushort.MaxValue;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[19..], small ? (ushort)_geometry.SectorCount : (ushort)0);
        bytes[21] = FixedMedia;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[22..], IsFat32 ? (ushort)0 : (ushort)_geometry.TableSectors);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[24..], 63);                         // sectors a track and heads: of no account
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[26..], 255);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[28..], (uint)firstSector);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[32..], small ? 0 : (uint)_geometry.SectorCount);
        if (IsFat32)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[36..], (uint)_geometry.TableSectors);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[44..], (uint)_root.FirstCluster);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[48..], Fat32InfoSector);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[50..], Fat32BackupBootSector);
        }

        WriteExtendedBootRecord(bytes[(IsFat32 ? 64 : 36)..]);
        bytes[510] = 0x55;
        bytes[511] = 0xAA;
        return sector;
    }

    private void WriteExtendedBootRecord(Span<byte> record)
    {
        record[0] = 0x80;
        record[2] = 0x29;
        BinaryPrimitives.WriteUInt32LittleEndian(record[3..], _serial);
        Encoding.ASCII.GetBytes(_label, record[7..]);
        (IsFat32 ? "FAT32   "u8 : "FAT16   "u8).CopyTo(record[18..]);
    }

    // The FSInfo sector of FAT32: how many clusters are free, and where to look for one.
    private byte[] InfoSector()
    {
        var sector = new byte[FatGeometry.SectorSize];
        "RRaA"u8.CopyTo(sector);
        "rrAa"u8.CopyTo(sector.AsSpan(484));
        BinaryPrimitives.WriteUInt32LittleEndian(sector.AsSpan(488), (uint)(_geometry.ClusterCount - UsedClusters));
        BinaryPrimitives.WriteUInt32LittleEndian(sector.AsSpan(492), (uint)(2 + UsedClusters));
        BinaryPrimitives.WriteUInt32LittleEndian(sector.AsSpan(508), 0xAA550000);
        return sector;
    }

    private byte[] ContentDigest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{_label} {_dosTime} {_geometry}"));
        foreach ((FatNode node, _) in _layout)
        {
            hash.AppendData(node is FatDirectory directory ? directory.ToBytes(_dosTime) : ((FatFile)node).Content.Span);
        }

        return hash.GetHashAndReset();
    }

    private static uint DosTime(DateTime time)
    {
        time = time < EarliestTime ? EarliestTime : time;
        uint date = (uint)(((time.Year - 1980) << 9) | (time.Month << 5) | time.Day);
        uint clock = (uint)((time.Hour << 11) | (time.Minute << 5) | (time.Second / 2));
        return (date << 16) | clock;
    }

    private static void WriteAt(Stream disk, long start, long sector, ReadOnlySpan<byte> bytes)
    {
        disk.Position = start + (sector * FatGeometry.SectorSize);
        disk.Write(bytes);
    }
}
