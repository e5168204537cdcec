using System.Runtime.InteropServices;
using LiteBox.SnpMachine.Hardware;

namespace LiteBox.SnpMachine.Guest;

/// <summary>The save area of an SEV-ES or SNP guest: one page (APM volume 2, table B-4).</summary>
[StructLayout(LayoutKind.Explicit, Size = 4096)]
internal unsafe struct Vmsa
{
    [FieldOffset(0x000)] public SegmentRegister Es;
    [FieldOffset(0x010)] public SegmentRegister Cs;
    [FieldOffset(0x020)] public SegmentRegister Ss;
    [FieldOffset(0x030)] public SegmentRegister Ds;
    [FieldOffset(0x040)] public SegmentRegister Fs;
    [FieldOffset(0x050)] public SegmentRegister Gs;
    [FieldOffset(0x060)] public SegmentRegister Gdtr;
    [FieldOffset(0x070)] public SegmentRegister Ldtr;
    [FieldOffset(0x080)] public SegmentRegister Idtr;
    [FieldOffset(0x090)] public SegmentRegister Tr;
    [FieldOffset(0x0CA)] public byte Vmpl;
    [FieldOffset(0x0CB)] public byte Cpl;
    [FieldOffset(0x0D0)] public ulong Efer;
    [FieldOffset(0x140)] public ulong Xss;
    [FieldOffset(0x148)] public ulong Cr4;
    [FieldOffset(0x150)] public ulong Cr3;
    [FieldOffset(0x158)] public ulong Cr0;
    [FieldOffset(0x160)] public ulong Dr7;
    [FieldOffset(0x168)] public ulong Dr6;
    [FieldOffset(0x170)] public ulong Rflags;
    [FieldOffset(0x178)] public ulong Rip;
    [FieldOffset(0x1D8)] public ulong Rsp;
    [FieldOffset(0x1F8)] public ulong Rax;
    [FieldOffset(0x200)] public ulong Star;
    [FieldOffset(0x208)] public ulong LStar;
    [FieldOffset(0x210)] public ulong CStar;
    [FieldOffset(0x218)] public ulong SfMask;
    [FieldOffset(0x220)] public ulong KernelGsBase;
    [FieldOffset(0x228)] public ulong SysenterCs;
    [FieldOffset(0x230)] public ulong SysenterEsp;
    [FieldOffset(0x238)] public ulong SysenterEip;
    [FieldOffset(0x240)] public ulong Cr2;
    [FieldOffset(0x268)] public ulong GuestPat;
    [FieldOffset(0x308)] public ulong Rcx;
    [FieldOffset(0x310)] public ulong Rdx;
    [FieldOffset(0x318)] public ulong Rbx;
    [FieldOffset(0x328)] public ulong Rbp;
    [FieldOffset(0x330)] public ulong Rsi;
    [FieldOffset(0x338)] public ulong Rdi;
    [FieldOffset(0x340)] public fixed ulong R8ToR15[8];
    [FieldOffset(0x3B0)] public ulong SevFeatures;
    [FieldOffset(0x3E8)] public ulong Xcr0;
    [FieldOffset(0x408)] public uint Mxcsr;
    [FieldOffset(0x410)] public ushort X87ControlWord;

    /// <summary>
    /// The state in which QEMU and KVM launch a virtual CPU at <paramref name="entry"/>; all other bytes are zero.
    /// <paramref name="flavour"/> 1 is KVM_SEV_INIT2 of Linux 6.10 and later, which also sets the floating-point control words.
    /// </summary>
    public void SetLaunchState(uint entry, uint cpuSignature, ulong sevFeatures, uint flavour)
    {
        this = default;
        Es = Ss = Ds = Fs = Gs = new SegmentRegister { Attributes = 0x93, Limit = 0xFFFF };
        Cs = new SegmentRegister { Selector = 0xF000, Attributes = 0x9B, Limit = 0xFFFF, Base = entry & 0xFFFF_0000 };
        Gdtr = Idtr = new SegmentRegister { Limit = 0xFFFF };
        Ldtr = new SegmentRegister { Attributes = 0x82, Limit = 0xFFFF };
        Tr = new SegmentRegister { Attributes = 0x8B, Limit = 0xFFFF };
        Efer = ControlBits.EferVirtualMachine;
        Cr4 = 0x40;
        Cr0 = 0x10;
        Dr7 = 0x400;
        Dr6 = 0xFFFF_0FF0;
        Rflags = 2;
        Rip = entry & 0xFFFF;
        GuestPat = 0x0007_0406_0007_0406;
        Rdx = cpuSignature;
        SevFeatures = sevFeatures;
        Xcr0 = 1;
        if (flavour == 1)
        {
            Mxcsr = 0x1F80;
            X87ControlWord = 0x37F;
        }
    }
}
