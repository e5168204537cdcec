using System;

namespace LiteBox.Image.Fat;

/// <summary>
/// How a FAT volume is divided (Microsoft, "FAT: General Overview of On-Disk Format" 1.03): reserved sectors, two file allocation
/// tables, on FAT16 a root directory, and clusters.
/// </summary>
internal sealed record FatGeometry
{
    public const int SectorSize = 512;
    public const int TableCount = 2;
    public const int DirectoryEntryLength = 32;

    // A volume with fewer clusters is FAT12, one with more is FAT32: the count alone tells the kind.
    private const long LeastFat16Clusters = 4085;
    private const long LeastFat32Clusters = 65525;
    private const int Fat16RootEntries = 512;

    // Drivers differ by a few clusters about the limits, so stay away from them.
    private const long Margin = 16;

    public required bool IsFat32 { get; init; }

    public required int SectorsPerCluster { get; init; }

    public required int ReservedSectors { get; init; }

    public required long TableSectors { get; init; }

    public required long ClusterCount { get; init; }

    public int RootEntries => IsFat32 ? 0 : Fat16RootEntries;

    public int RootSectors => RootEntries * DirectoryEntryLength / SectorSize;

    public int ClusterSize => SectorsPerCluster * SectorSize;

    public long FirstDataSector => ReservedSectors + (TableCount * TableSectors) + RootSectors;

    public long SectorCount => FirstDataSector + (ClusterCount * SectorsPerCluster);

    public long SectorOfCluster(long cluster) => FirstDataSector + ((cluster - 2) * SectorsPerCluster);

    /// <summary>The least volume that holds so many bytes of clusters: FAT16 for small ones unless FAT32 is asked for.</summary>
    public static FatGeometry For(Func<int, long> clustersNeeded, bool fat32)
    {
        for (int sectors = 1; sectors <= 64; sectors *= 2)
        {
            long needed = clustersNeeded(sectors * SectorSize);
            long least = (fat32 ? LeastFat32Clusters : LeastFat16Clusters) + Margin;
            if (fat32 || needed < LeastFat32Clusters - Margin)
            {
                long clusters = Math.Max(needed, least);
                if (clusters < 1 << 21 || sectors == 64)
                {
                    return WithClusters(fat32, sectors, clusters);
                }
            }
        }

        return For(clustersNeeded, fat32: true);
    }

    private static FatGeometry WithClusters(bool fat32, int sectorsPerCluster, long clusters)
    {
        int reserved = fat32 ? 32 : 1;
        long tableSectors = Alignment.Up((clusters + 2) * (fat32 ? 4 : 2), SectorSize) / SectorSize;
        return new FatGeometry
        {
            IsFat32 = fat32,
            SectorsPerCluster = sectorsPerCluster,
            ReservedSectors = reserved,
            TableSectors = tableSectors,
            ClusterCount = clusters,
        };
    }
}
