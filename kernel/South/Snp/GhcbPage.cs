using System.Runtime.InteropServices;

namespace LiteBox.South.Snp;

/// <summary>The guest-hypervisor communication block (GHCB specification 56421, table 3): a page that the host can read and write.</summary>
[StructLayout(LayoutKind.Explicit, Size = 4096)]
internal unsafe struct GhcbPage
{
    public const int RaxOffset = 0x1F8;
    public const int RcxOffset = 0x308;
    public const int RdxOffset = 0x310;
    public const int RbxOffset = 0x318;
    public const int ExitCodeOffset = 0x390;
    public const int ExitInfo1Offset = 0x398;
    public const int ExitInfo2Offset = 0x3A0;
    public const int ScratchOffset = 0x3A8;
    public const int SharedBufferOffset = 0x800;

    /// <summary>The protocol version that this kernel speaks.</summary>
    public const ushort Version = 2;

    [FieldOffset(RaxOffset)] public ulong Rax;
    [FieldOffset(RcxOffset)] public ulong Rcx;
    [FieldOffset(RdxOffset)] public ulong Rdx;
    [FieldOffset(RbxOffset)] public ulong Rbx;
    [FieldOffset(ExitCodeOffset)] public ulong ExitCode;
    [FieldOffset(ExitInfo1Offset)] public ulong ExitInfo1;
    [FieldOffset(ExitInfo2Offset)] public ulong ExitInfo2;
    [FieldOffset(ScratchOffset)] public ulong Scratch;
    [FieldOffset(0x3F0)] public ulong ValidLow;
    [FieldOffset(0x3F8)] public ulong ValidHigh;
    [FieldOffset(SharedBufferOffset)] public ulong SharedBuffer;
    [FieldOffset(0xFFA)] public ushort ProtocolVersion;
    [FieldOffset(0xFFC)] public uint Usage;

    /// <summary>Says that a field of eight bytes is meant (56421, table 3: VALID_BITMAP, one bit for each eight bytes).</summary>
    public void MarkValid(int offset)
    {
        int bit = offset / 8;
        if (bit < 64)
        {
            ValidLow |= 1UL << bit;
        }
        else
        {
            ValidHigh |= 1UL << (bit - 64);
        }
    }

    /// <summary>True where the host says that it answered in a field.</summary>
    public readonly bool IsValid(int offset) => ((offset < 512 ? ValidLow : ValidHigh) & (1UL << ((offset / 8) & 63))) != 0;

    /// <summary>Takes back everything that a call put here or that the host answered (T18): first what counts, then what it counts for.</summary>
    public void Scrub()
    {
        ValidLow = 0;
        ValidHigh = 0;
        Rax = 0;
        Rcx = 0;
        Rdx = 0;
        Rbx = 0;
        ExitCode = 0;
        ExitInfo1 = 0;
        ExitInfo2 = 0;
        Scratch = 0;
        SharedBuffer = 0;
    }
}
