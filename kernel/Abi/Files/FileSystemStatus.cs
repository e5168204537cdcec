using System.Runtime.InteropServices;

namespace LiteBox.Abi;

/// <summary>struct statfs of 64-bit machines (include/uapi/asm-generic/statfs.h): 120 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct FileSystemStatus : IUserStructure
{
    public long Type;
    public long BlockSize;
    public long Blocks;
    public long FreeBlocks;
    public long AvailableBlocks;
    public long Files;
    public long FreeFiles;
    public ulong Id;
    public long NameLength;
    public long FragmentSize;
    public long Flags;
    public long Spare0;
    public long Spare1;
    public long Spare2;
    public long Spare3;
}
