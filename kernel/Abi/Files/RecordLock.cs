using System.Runtime.InteropServices;

namespace LiteBox.Abi;

/// <summary>struct flock of 64-bit machines (include/uapi/asm-generic/fcntl.h): 32 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RecordLock : IUserStructure
{
    /// <summary>F_RDLCK.</summary>
    public const short Shared = 0;

    /// <summary>F_WRLCK.</summary>
    public const short Exclusive = 1;

    /// <summary>F_UNLCK.</summary>
    public const short None = 2;

    public short Kind;
    public short Whence;
    public int Padding0;
    public long Start;
    public long Length;
    public int ProcessId;
    public int Padding1;
}
