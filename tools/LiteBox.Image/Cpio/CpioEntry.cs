using System;

namespace LiteBox.Image.Cpio;

/// <summary>The file types of a mode word (inode(7)).</summary>
public static class FileType
{
    /// <summary>The bits of a mode that hold the type.</summary>
    public const uint Mask = 0xF000;

    /// <summary>Named pipe.</summary>
    public const uint Fifo = 0x1000;

    /// <summary>Character device.</summary>
    public const uint CharacterDevice = 0x2000;

    /// <summary>Directory.</summary>
    public const uint Directory = 0x4000;

    /// <summary>Block device.</summary>
    public const uint BlockDevice = 0x6000;

    /// <summary>Regular file.</summary>
    public const uint Regular = 0x8000;

    /// <summary>Symbolic link.</summary>
    public const uint SymbolicLink = 0xA000;
}

/// <summary>One member of a newc archive.</summary>
/// <param name="Path">Relative to the root, without a leading slash; UTF-8 in the archive.</param>
/// <param name="Mode">File type and permissions.</param>
/// <param name="Data">Contents of a file, target of a symbolic link, else empty.</param>
public sealed record CpioEntry(string Path, uint Mode, ReadOnlyMemory<byte> Data)
{
    /// <summary>Owner; root unless said.</summary>
    public uint User { get; init; }

    /// <summary>Group; root unless said.</summary>
    public uint Group { get; init; }

    /// <summary>Time of last change, in seconds since 1970-01-01 UTC.</summary>
    public uint ModifiedAt { get; init; }

    /// <summary>Major number of a device node.</summary>
    public uint DeviceMajor { get; init; }

    /// <summary>Minor number of a device node.</summary>
    public uint DeviceMinor { get; init; }

    /// <summary>Inode number; 0 lets the writer number the entries by their order.</summary>
    public uint Inode { get; init; }

    /// <summary>Number of links; 0 lets the writer put 1, or 2 for a directory.</summary>
    public uint Links { get; init; }
}
