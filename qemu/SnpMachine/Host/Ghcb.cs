using System.Runtime.InteropServices;

namespace LiteBox.SnpMachine.Host;

/// <summary>The guest-hypervisor communication block, one shared page (GHCB specification 56421, table 3).</summary>
[StructLayout(LayoutKind.Explicit, Size = 4096)]
internal unsafe struct Ghcb
{
    public const int SharedBufferOffset = 0x800;
    public const int SharedBufferSize = 0xFF0 - SharedBufferOffset;

    [FieldOffset(0x0CB)] public byte Cpl;
    [FieldOffset(0x1F8)] public ulong Rax;
    [FieldOffset(0x308)] public ulong Rcx;
    [FieldOffset(0x310)] public ulong Rdx;
    [FieldOffset(0x318)] public ulong Rbx;
    [FieldOffset(0x390)] public ulong ExitCode;
    [FieldOffset(0x398)] public ulong ExitInfo1;
    [FieldOffset(0x3A0)] public ulong ExitInfo2;
    [FieldOffset(0x3A8)] public ulong Scratch;
    [FieldOffset(0x3E8)] public ulong Xcr0;
    [FieldOffset(0x3F0)] public fixed byte ValidBitmap[16];
    [FieldOffset(SharedBufferOffset)] public fixed byte SharedBuffer[SharedBufferSize];
    [FieldOffset(0xFFA)] public ushort ProtocolVersion;
    [FieldOffset(0xFFC)] public uint Usage;

    /// <summary>Whether the field at an offset, one of eight bytes, is marked valid.</summary>
    public readonly bool IsValid(int offset) => (ValidBitmap[offset / 64] >> (offset / 8 % 8) & 1) != 0;

    public void MarkValid(int offset) => ValidBitmap[offset / 64] |= (byte)(1 << (offset / 8 % 8));

    public void ClearValid()
    {
        for (int i = 0; i < 16; i++)
        {
            ValidBitmap[i] = 0;
        }
    }
}

/// <summary>Offsets of GHCB fields that have a valid bit.</summary>
internal static class GhcbField
{
    public const int Cpl = 0x0C8;
    public const int Rax = 0x1F8;
    public const int Rcx = 0x308;
    public const int Rdx = 0x310;
    public const int Rbx = 0x318;
    public const int ExitCode = 0x390;
    public const int ExitInfo1 = 0x398;
    public const int ExitInfo2 = 0x3A0;
    public const int Scratch = 0x3A8;
    public const int Xcr0 = 0x3E8;
}
