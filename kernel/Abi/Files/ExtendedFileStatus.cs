using System.Runtime.InteropServices;

namespace LiteBox.Abi;

/// <summary>struct statx_timestamp (include/uapi/linux/stat.h): 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ExtendedTimestamp
{
    public long Seconds;
    public uint Nanoseconds;
    public int Reserved;
}

/// <summary>struct statx (include/uapi/linux/stat.h): 256 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ExtendedFileStatus : IUserStructure
{
    /// <summary>STATX_BASIC_STATS: all that struct stat has.</summary>
    public const uint BasicMask = 0x7FF;

    /// <summary>STATX_BTIME.</summary>
    public const uint BirthMask = 0x800;

    /// <summary>STATX_MNT_ID.</summary>
    public const uint MountIdMask = 0x1000;

    /// <summary>STATX_ATTR_MOUNT_ROOT.</summary>
    public const ulong MountRootAttribute = 0x2000;

    public uint Mask;
    public uint BlockSize;
    public ulong Attributes;
    public uint LinkCount;
    public uint UserId;
    public uint GroupId;
    public ushort Mode;
    public ushort Padding;
    public ulong Inode;
    public ulong Size;
    public ulong Blocks;
    public ulong AttributesMask;
    public ExtendedTimestamp AccessTime;
    public ExtendedTimestamp BirthTime;
    public ExtendedTimestamp ChangeTime;
    public ExtendedTimestamp ModifyTime;
    public uint SpecialDeviceMajor;
    public uint SpecialDeviceMinor;
    public uint DeviceMajor;
    public uint DeviceMinor;
    public ulong MountId;
    public uint DirectMemoryAlignment;
    public uint DirectOffsetAlignment;
    public ulong Spare0;
    public ulong Spare1;
    public ulong Spare2;
    public ulong Spare3;
    public ulong Spare4;
    public ulong Spare5;
    public ulong Spare6;
    public ulong Spare7;
    public ulong Spare8;
    public ulong Spare9;
    public ulong Spare10;
    public ulong Spare11;
}
