using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace LiteBox.Image.Cpio;

/// <summary>Writes newc archives, the form of Linux' initramfs.</summary>
public static class CpioWriter
{
    /// <summary>The archive of these entries, in their order. The same entries give the same bytes.</summary>
    public static byte[] Write(IEnumerable<CpioEntry> entries)
    {
        var archive = new MemoryStream();
        uint number = 0;
        foreach (CpioEntry entry in entries)
        {
            WriteEntry(archive, entry, ++number);
        }

        WriteEntry(archive, new CpioEntry(CpioFormat.TrailerName, 0, default) { Links = 1 }, 0);
        return archive.ToArray();
    }

    private static void WriteEntry(MemoryStream archive, CpioEntry entry, uint number)
    {
        byte[] name = [.. Encoding.UTF8.GetBytes(entry.Path), 0];
        bool directory = (entry.Mode & FileType.Mask) == FileType.Directory;
        ReadOnlySpan<uint> fields =
        [
            entry.Inode != 0 ? entry.Inode : number,
            entry.Mode,
            entry.User,
            entry.Group,
            entry.Links != 0 ? entry.Links : directory ? 2u : 1u,
            entry.ModifiedAt,
            (uint)entry.Data.Length,
            0, // major and minor number of the device that holds the file: none
            0,
            entry.DeviceMajor,
            entry.DeviceMinor,
            (uint)name.Length,
            0, // checksum: not used in this form
        ];

        archive.Write(CpioFormat.Magic);
        Span<byte> digits = stackalloc byte[CpioFormat.FieldLength];
        foreach (uint field in fields)
        {
            field.TryFormat(digits, out _, "X8");
            archive.Write(digits);
        }

        archive.Write(name);
        Pad(archive);
        archive.Write(entry.Data.Span);
        Pad(archive);
    }

    private static void Pad(MemoryStream archive)
    {
        while (archive.Position < CpioFormat.Pad(archive.Position))
        {
            archive.WriteByte(0);
        }
    }
}
