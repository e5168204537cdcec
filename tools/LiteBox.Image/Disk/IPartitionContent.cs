using System;
using System.IO;

namespace LiteBox.Image.Disk;

/// <summary>What stands in a partition.</summary>
public interface IPartitionContent
{
    /// <summary>Size in bytes; a multiple of 512.</summary>
    long Length { get; }

    /// <summary>SHA-256 of whatever decides the content: partitions of equal content get equal identifiers.</summary>
    ReadOnlyMemory<byte> Digest { get; }

    /// <summary>
    /// Writes the content from the stream's position on. The stream is seekable and reads as zero where nothing was written;
    /// the position afterwards is of no account.
    /// </summary>
    /// <param name="disk">The disk, positioned at the partition's first byte.</param>
    /// <param name="firstSector">The partition's first 512-byte sector, which some file systems note down.</param>
    void WriteTo(Stream disk, long firstSector);
}
