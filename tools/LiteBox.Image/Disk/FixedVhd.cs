using System;
using System.Buffers.Binary;
using System.IO;
using System.Security.Cryptography;

namespace LiteBox.Image.Disk;

/// <summary>
/// A fixed virtual hard disk, as Azure takes it: the raw disk, a whole number of MiB, and a 512-byte footer
/// (Virtual Hard Disk Image Format Specification 1.0, "Hard Disk Footer Format"; big-endian).
/// </summary>
public static class FixedVhd
{
    /// <summary>Bytes of the footer.</summary>
    public const int FooterLength = 512;

    private const int Mebibyte = 1 << 20;
    private const uint FixedDisk = 2;
    private const int ChecksumOffset = 64;
    private static ReadOnlySpan<byte> Cookie => "conectix"u8;

    /// <summary>Makes a fixed VHD of a raw disk by adding the footer to its end.</summary>
    /// <param name="disk">The raw disk, a whole number of MiB; readable, writable, seekable.</param>
    public static void AppendFooter(Stream disk)
    {
        long length = disk.Length;
        if (length == 0 || length % Mebibyte != 0)
        {
            throw new ArgumentException($"a VHD's disk is a whole number of MiB, and this one has {length} bytes", nameof(disk));
        }

        disk.Position = 0;
        byte[] digest = SHA256.HashData(disk);
        disk.Position = length;
        disk.Write(Footer(length, ContentGuid.From("vhd", digest)));
    }

    /// <summary>The size of the disk that a fixed VHD holds, in bytes.</summary>
    /// <exception cref="ImageFormatException">The stream does not end in the footer of a fixed VHD.</exception>
    public static long ReadDiskLength(Stream vhd)
    {
        if (vhd.Length < FooterLength)
        {
            throw new ImageFormatException($"{vhd.Length} bytes are too short for a VHD");
        }

        var footer = new byte[FooterLength];
        vhd.Position = vhd.Length - FooterLength;
        vhd.ReadExactly(footer);
        long length = BinaryPrimitives.ReadInt64BigEndian(footer.AsSpan(48));
        if (!footer.AsSpan(0, 8).SequenceEqual(Cookie))
        {
            throw new ImageFormatException("no VHD footer (\"conectix\") at the end");
        }

        if (BinaryPrimitives.ReadUInt32BigEndian(footer.AsSpan(60)) != FixedDisk)
        {
            throw new ImageFormatException("the VHD is not of the fixed type");
        }

        if (BinaryPrimitives.ReadUInt32BigEndian(footer.AsSpan(ChecksumOffset)) != Checksum(footer))
        {
            throw new ImageFormatException("the VHD footer's checksum is wrong");
        }

        if (length != vhd.Length - FooterLength)
        {
            throw new ImageFormatException($"the VHD footer speaks of {length} bytes, and there are {vhd.Length - FooterLength}");
        }

        return length;
    }

    /// <summary>Whether the stream ends like a VHD.</summary>
    public static bool LooksLikeOne(Stream stream)
    {
        if (stream.Length < FooterLength)
        {
            return false;
        }

        Span<byte> cookie = stackalloc byte[8];
        stream.Position = stream.Length - FooterLength;
        stream.ReadExactly(cookie);
        return cookie.SequenceEqual(Cookie);
    }

    private static byte[] Footer(long length, Guid id)
    {
        var footer = new byte[FooterLength];
        Span<byte> bytes = footer;
        Cookie.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[8..], 2);                   // features: the reserved bit that is always set
        BinaryPrimitives.WriteUInt32BigEndian(bytes[12..], 0x00010000);         // file format version
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], ulong.MaxValue);     // data offset: none, the disk is fixed
        BinaryPrimitives.WriteUInt32BigEndian(bytes[24..], 0);                  // time stamp: always the same, for equal images
        "win "u8.CopyTo(bytes[28..]);                                           // creator application: readers take the size of others from the geometry
        BinaryPrimitives.WriteUInt32BigEndian(bytes[32..], 0x00010000);         // creator version
        "Wi2k"u8.CopyTo(bytes[36..]);                                           // creator host system
        BinaryPrimitives.WriteInt64BigEndian(bytes[40..], length);              // original size
        BinaryPrimitives.WriteInt64BigEndian(bytes[48..], length);              // current size
        WriteGeometry(bytes[56..60], length / GuidPartitionTable.SectorSize);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[60..], FixedDisk);
        id.TryWriteBytes(bytes[68..], bigEndian: true, out _);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[ChecksumOffset..], Checksum(footer));
        return footer;
    }

    private static uint Checksum(ReadOnlySpan<byte> footer)
    {
        uint sum = 0;
        for (int index = 0; index < footer.Length; index++)
        {
            sum += index is >= ChecksumOffset and < ChecksumOffset + 4 ? 0u : footer[index];
        }

        return ~sum;
    }

    // The specification's appendix "CHS Calculation"; readers that matter take the size instead.
    private static void WriteGeometry(Span<byte> geometry, long sectors)
    {
        sectors = Math.Min(sectors, 65535L * 16 * 255);
        long sectorsPerTrack = 17;
        long cylinderTimesHeads = sectors / sectorsPerTrack;
        long heads = Math.Max(4, (cylinderTimesHeads + 1023) / 1024);
        if (sectors >= 65535L * 16 * 63)
        {
            (sectorsPerTrack, heads) = (255, 16);
        }
        else if (cylinderTimesHeads >= heads * 1024 || heads > 16)
        {
            (sectorsPerTrack, heads) = (31, 16);
            if (sectors / sectorsPerTrack >= heads * 1024)
            {
                sectorsPerTrack = 63;
            }
        }

        cylinderTimesHeads = sectors / sectorsPerTrack;
        BinaryPrimitives.WriteUInt16BigEndian(geometry, (ushort)(cylinderTimesHeads / heads));
        geometry[2] = (byte)heads;
        geometry[3] = (byte)sectorsPerTrack;
    }
}
