using System;

namespace LiteBox.North;

/// <summary>The Linux that this kernel answers like (uname(2), /proc/version).</summary>
internal static class LinuxVersion
{
    /// <summary>Bytes of one field of struct new_utsname, its zero included.</summary>
    private const int FieldLength = 65;

    /// <summary>What programs compare with: the release whose behaviour is followed.</summary>
    public static ReadOnlySpan<byte> Release => "6.1.0-litebox"u8;

    /// <summary>The field that Linux fills with build number and date; a reproducible kernel has none.</summary>
    public static ReadOnlySpan<byte> Version => "#1 LiteBox.Snp"u8;

    /// <summary>struct new_utsname: six names in 65 bytes each, with a zero behind.</summary>
    public static byte[] Describe(ReadOnlySpan<byte> hostName, ReadOnlySpan<byte> domainName)
    {
        byte[] names = new byte[FieldLength * 6];
        Put(names, 0, "Linux"u8);
        Put(names, 1, hostName);
        Put(names, 2, Release);
        Put(names, 3, Version);
        Put(names, 4, "x86_64"u8);
        Put(names, 5, domainName);
        return names;
    }

    private static void Put(byte[] names, int index, ReadOnlySpan<byte> name) => name.CopyTo(names.AsSpan(index * FieldLength, FieldLength - 1));
}
