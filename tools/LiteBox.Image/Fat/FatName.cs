using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace LiteBox.Image.Fat;

/// <summary>Short (8.3) names, and the long names that stand in front of them as extra directory entries.</summary>
internal static class FatName
{
    public const int ShortLength = 11;
    public const byte LongNameAttribute = 0x0F;
    private const int UnitsPerEntry = 13;
    private const byte LastEntry = 0x40;

    // Where the 13 UTF-16 units of a long-name entry stand: 5, 6 and 2 of them.
    private static readonly int[] UnitOffsets = [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30];

    /// <summary>Whether a name can stand alone in a directory entry: upper-case 8.3.</summary>
    public static bool FitsShort(string name)
    {
        string[] parts = name.Split('.');
        return parts.Length <= 2
            && parts[0].Length is >= 1 and <= 8
            && (parts.Length == 1 || parts[1].Length is >= 1 and <= 3)
            && parts.All(part => part.All(IsShortCharacter));
    }

    /// <summary>The eleven bytes of a short name. A name that does not fit gets an alias NAME~1 that is not in use yet.</summary>
    public static byte[] Short(string name, IReadOnlySet<string> taken)
    {
        int dot = name.LastIndexOf('.');
        string stem = dot > 0 ? name[..dot] : name;
        string extension = dot > 0 ? Clean(name[(dot + 1)..], 3) : "";
        if (FitsShort(name))
        {
            return Encoding.ASCII.GetBytes(stem.PadRight(8) + extension.PadRight(3));
        }

        for (int number = 1; ; number++)
        {
            string tail = "~" + number;
            string alias = (Clean(stem, 8 - tail.Length) + tail).PadRight(8) + extension.PadRight(3);
            if (!taken.Contains(alias))
            {
                return Encoding.ASCII.GetBytes(alias);
            }
        }
    }

    /// <summary>The long-name entries for a name, in the order in which they stand on disk.</summary>
    public static IEnumerable<byte[]> LongEntries(string name, byte[] shortName)
    {
        int count = (name.Length + UnitsPerEntry - 1) / UnitsPerEntry;
        for (int order = count; order >= 1; order--)
        {
            var entry = new byte[FatGeometry.DirectoryEntryLength];
            entry[0] = (byte)(order | (order == count ? LastEntry : 0));
            entry[11] = LongNameAttribute;
            entry[13] = Checksum(shortName);
            for (int index = 0; index < UnitsPerEntry; index++)
            {
                int at = ((order - 1) * UnitsPerEntry) + index;
                ushort unit = at < name.Length ? name[at] : at == name.Length ? (ushort)0 : (ushort)0xFFFF;
                BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(UnitOffsets[index]), unit);
            }

            yield return entry;
        }
    }

    /// <summary>The part of a long name that one entry holds.</summary>
    public static string LongPart(ReadOnlySpan<byte> entry)
    {
        var part = new StringBuilder();
        foreach (int offset in UnitOffsets)
        {
            ushort unit = BinaryPrimitives.ReadUInt16LittleEndian(entry[offset..]);
            if (unit == 0)
            {
                break;
            }

            part.Append((char)unit);
        }

        return part.ToString();
    }

    /// <summary>A short name as people write it.</summary>
    public static string Readable(ReadOnlySpan<byte> shortName)
    {
        string stem = Encoding.ASCII.GetString(shortName[..8]).TrimEnd();
        string extension = Encoding.ASCII.GetString(shortName.Slice(8, 3)).TrimEnd();
        return extension.Length == 0 ? stem : stem + "." + extension;
    }

    private static byte Checksum(ReadOnlySpan<byte> shortName)
    {
        byte sum = 0;
        foreach (byte character in shortName)
        {
            sum = (byte)(((sum & 1) << 7) + (sum >> 1) + character);
        }

        return sum;
    }

    private static string Clean(string text, int length)
    {
        string clean = new([.. text.ToUpperInvariant().Where(c => c is not ('.' or ' ')).Select(c => IsShortCharacter(c) ? c : '_')]);
        return clean.Length > length ? clean[..length] : clean;
    }

    private static bool IsShortCharacter(char c) => c is (>= 'A' and <= 'Z') or (>= '0' and <= '9') || "$%'-_@~`!(){}^#&".Contains(c);
}
