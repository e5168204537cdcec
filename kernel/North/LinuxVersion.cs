using System;

namespace LiteBox.North;

/// <summary>The Linux that this kernel answers like (uname(2), /proc/version).</summary>
internal static class LinuxVersion
{
    /// <summary>What programs compare with: the release whose behaviour is followed.</summary>
    public static ReadOnlySpan<byte> Release => "6.1.0-litebox"u8;

    /// <summary>The field that Linux fills with build number and date; a reproducible kernel has none.</summary>
    public static ReadOnlySpan<byte> Version => "#1 LiteBox.Snp"u8;
}
