using System;
using System.Collections.Generic;
using System.IO;
using LiteBox.Image.Disk;
using LiteBox.Image.Fat;

namespace LiteBox.Image;

/// <summary>A disk that UEFI firmware boots: a GPT with an EFI system partition that holds one application.</summary>
public static class BootDisk
{
    /// <summary>Where firmware looks on a disk without boot entries (UEFI 2.10 section 3.5.1.1).</summary>
    public const string DefaultBootPath = "EFI/BOOT/BOOTX64.EFI";

    /// <summary>Writes the disk.</summary>
    /// <param name="disk">Empty, seekable, writable.</param>
    /// <param name="application">The UEFI application, usually a unified kernel image.</param>
    /// <param name="time">The time of the files on it.</param>
    /// <param name="more">Partitions behind the EFI system partition.</param>
    public static void Write(Stream disk, ReadOnlyMemory<byte> application, DateTime time, params IReadOnlyList<Partition> more)
    {
        var files = new Dictionary<string, ReadOnlyMemory<byte>> { [DefaultBootPath] = application };
        var system = new FatVolume(files, "LITEBOX ESP", time, fat32: true);
        GuidPartitionTable.Write(disk, [new Partition(PartitionType.EfiSystem, "EFI system partition", system), .. more]);
    }
}
