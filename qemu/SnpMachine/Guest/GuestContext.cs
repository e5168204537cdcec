using System.Runtime.InteropServices;
using LiteBox.SnpMachine.Hardware;

namespace LiteBox.SnpMachine.Guest;

/// <summary>
/// One virtual CPU at one VMPL: what hardware keeps in a VMSA, in the form that VMRUN wants. The world-switch stub knows the offsets
/// of <see cref="Registers"/>, <see cref="ControlBlock"/> and <see cref="FloatingPoint"/>.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 4096)]
internal unsafe struct GuestContext
{
    public const int RegistersOffset = 0;
    public const int ControlBlockOffset = 128;
    public const int FloatingPointOffset = 256;

    /// <summary>General registers in the order of their encoding. RAX and RSP are copied from and to the VMCB around each run.</summary>
    [FieldOffset(RegistersOffset)] public fixed ulong Registers[16];

    [FieldOffset(ControlBlockOffset)] public Vmcb* ControlBlock;

    /// <summary>FXSAVE image: the machine's own code uses XMM registers.</summary>
    [FieldOffset(FloatingPointOffset)] public fixed byte FloatingPoint[512];

    /// <summary>Guest address of the VMSA that this context was made from; no page for the launch VMSAs.</summary>
    [FieldOffset(768)] public ulong VmsaAddress;

    /// <summary>GHCB MSR (C0010130): one for each VMPL.</summary>
    [FieldOffset(776)] public ulong GhcbMsr;

    /// <summary>Guest address that was registered as GHCB; <see cref="NoAddress"/> before.</summary>
    [FieldOffset(784)] public ulong RegisteredGhcb;

    [FieldOffset(792)] public ulong SevFeatures;

    [FieldOffset(800)] public int Vmpl;

    /// <summary>Whether a VMSA was loaded.</summary>
    [FieldOffset(804)] public bool IsReady;

    /// <summary>The number of the CPU that this context belongs to.</summary>
    [FieldOffset(808)] public uint CpuIndex;

    public const ulong NoAddress = ulong.MaxValue;

    public const int Rax = 0;
    public const int Rcx = 1;
    public const int Rdx = 2;
    public const int Rbx = 3;
    public const int Rsp = 4;
    public const int Rbp = 5;
    public const int Rsi = 6;
    public const int Rdi = 7;
}
