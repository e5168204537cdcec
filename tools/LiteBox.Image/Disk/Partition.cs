using System;

namespace LiteBox.Image.Disk;

/// <summary>A partition to be written.</summary>
/// <param name="Type">The partition type, for example <see cref="PartitionType.EfiSystem"/>.</param>
/// <param name="Name">The name, at most 36 UTF-16 units.</param>
/// <param name="Content">What stands in it.</param>
public sealed record Partition(Guid Type, string Name, IPartitionContent Content);

/// <summary>Partition types.</summary>
public static class PartitionType
{
    /// <summary>EFI system partition (UEFI 2.10 table 5.7).</summary>
    public static readonly Guid EfiSystem = new("C12A7328-F81F-11D2-BA4B-00A0C93EC93B");
}

/// <summary>A partition as a partition table describes it.</summary>
/// <param name="Type">The partition type.</param>
/// <param name="Id">The partition's own identifier.</param>
/// <param name="FirstSector">First 512-byte sector.</param>
/// <param name="LastSector">Last 512-byte sector, inclusive.</param>
/// <param name="Name">The partition's name.</param>
public sealed record PartitionEntry(Guid Type, Guid Id, long FirstSector, long LastSector, string Name)
{
    /// <summary>Where the partition begins, in bytes from the start of the disk.</summary>
    public long Offset => FirstSector * GuidPartitionTable.SectorSize;

    /// <summary>Size in bytes.</summary>
    public long Length => (LastSector - FirstSector + 1) * GuidPartitionTable.SectorSize;
}
