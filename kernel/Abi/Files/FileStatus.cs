using System.Runtime.InteropServices;

namespace LiteBox.Abi;

/// <summary>struct stat of x86-64 (arch/x86/include/uapi/asm/stat.h): 144 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct FileStatus : IUserStructure
{
    public ulong Device;
    public ulong Inode;
    public ulong LinkCount;
    public uint Mode;
    public uint UserId;
    public uint GroupId;
    public uint Padding;
    public ulong SpecialDevice;
    public long Size;
    public long BlockSize;
    public long Blocks;
    public long AccessSeconds;
    public long AccessNanoseconds;
    public long ModifySeconds;
    public long ModifyNanoseconds;
    public long ChangeSeconds;
    public long ChangeNanoseconds;
    public long Unused0;
    public long Unused1;
    public long Unused2;
}
