using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace LiteBox.Image.Cpio;

/// <summary>Reads newc archives.</summary>
public static class CpioReader
{
    /// <summary>The entries up to the trailer, which must be there.</summary>
    /// <exception cref="ImageFormatException">The bytes are not a newc archive.</exception>
    public static IReadOnlyList<CpioEntry> Read(ReadOnlyMemory<byte> archive)
    {
        var entries = new List<CpioEntry>();
        long offset = 0;
        while (true)
        {
            (CpioEntry entry, long next) = ReadEntry(archive, offset);
            if (entry.Path == CpioFormat.TrailerName)
            {
                return entries;
            }

            entries.Add(entry);
            offset = next;
        }
    }

    private static (CpioEntry Entry, long Next) ReadEntry(ReadOnlyMemory<byte> archive, long offset)
    {
        ReadOnlySpan<byte> header = Slice(archive, offset, CpioFormat.HeaderLength, "header").Span;
        if (!header.StartsWith(CpioFormat.Magic))
        {
            throw new ImageFormatException($"offset {offset}: no newc header (070701)");
        }

        Span<uint> fields = stackalloc uint[CpioFormat.FieldCount];
        for (int index = 0; index < fields.Length; index++)
        {
            ReadOnlySpan<byte> digits = header.Slice(CpioFormat.Magic.Length + (index * CpioFormat.FieldLength), CpioFormat.FieldLength);
            if (!uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out fields[index]))
            {
                throw new ImageFormatException($"offset {offset}: field {index} of the newc header is not hexadecimal");
            }
        }

        uint dataLength = fields[6];
        uint nameLength = fields[11];
        ReadOnlySpan<byte> name = Slice(archive, offset + CpioFormat.HeaderLength, nameLength, "name").Span;
        if (name.IsEmpty || name[^1] != 0)
        {
            throw new ImageFormatException($"offset {offset}: the name does not end in NUL");
        }

        long dataAt = CpioFormat.Pad(offset + CpioFormat.HeaderLength + nameLength);
        var entry = new CpioEntry(Encoding.UTF8.GetString(name[..^1]), fields[1], Slice(archive, dataAt, dataLength, "data"))
        {
            Inode = fields[0],
            User = fields[2],
            Group = fields[3],
            Links = fields[4],
            ModifiedAt = fields[5],
            DeviceMajor = fields[9],
            DeviceMinor = fields[10],
        };
        return (entry, CpioFormat.Pad(dataAt + dataLength));
    }

    private static ReadOnlyMemory<byte> Slice(ReadOnlyMemory<byte> archive, long offset, long length, string what) =>
        offset + length <= archive.Length
            ? archive.Slice((int)offset, (int)length)
            : throw new ImageFormatException($"offset {offset}: the archive ends within a {what} of {length} bytes");
}
