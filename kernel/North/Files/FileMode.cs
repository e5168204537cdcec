namespace LiteBox.North.Files;

/// <summary>The type and permission bits of an inode (inode(7); include/uapi/linux/stat.h). The numbers are octal in the manual.</summary>
internal static class FileMode
{
    /// <summary>S_IFMT.</summary>
    public const uint TypeMask = 0xF000;

    /// <summary>S_IFSOCK.</summary>
    public const uint Socket = 0xC000;

    /// <summary>S_IFLNK.</summary>
    public const uint SymbolicLink = 0xA000;

    /// <summary>S_IFREG.</summary>
    public const uint Regular = 0x8000;

    /// <summary>S_IFBLK.</summary>
    public const uint BlockDevice = 0x6000;

    /// <summary>S_IFDIR.</summary>
    public const uint Directory = 0x4000;

    /// <summary>S_IFCHR.</summary>
    public const uint CharacterDevice = 0x2000;

    /// <summary>S_IFIFO.</summary>
    public const uint Fifo = 0x1000;

    /// <summary>S_ISUID.</summary>
    public const uint SetUserId = 0x800;

    /// <summary>S_ISGID.</summary>
    public const uint SetGroupId = 0x400;

    /// <summary>S_ISVTX.</summary>
    public const uint Sticky = 0x200;

    /// <summary>All bits that chmod(2) sets: 07777.</summary>
    public const uint PermissionMask = 0xFFF;

    /// <summary>0777.</summary>
    public const uint AccessMask = 0x1FF;

    /// <summary>S_IXGRP.</summary>
    public const uint GroupExecute = 0x8;

    /// <summary>0111: anybody's execute bit.</summary>
    public const uint AnyExecute = 0x49;
}
