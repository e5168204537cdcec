using System.Runtime.InteropServices;

namespace LiteBox.SnpMachine.Hardware;

/// <summary>A segment register as VMCB and VMSA hold it.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct SegmentRegister
{
    public ushort Selector;

    /// <summary>Descriptor bits 55:52 and 47:40, without the gap between them.</summary>
    public ushort Attributes;

    public uint Limit;
    public ulong Base;
}

/// <summary>The virtual machine control block, as far as the machine uses it (APM volume 2, appendix B).</summary>
[StructLayout(LayoutKind.Explicit, Size = 4096)]
internal struct Vmcb
{
    [FieldOffset(0x000)] public ushort InterceptCrReads;
    [FieldOffset(0x002)] public ushort InterceptCrWrites;
    [FieldOffset(0x004)] public ushort InterceptDrReads;
    [FieldOffset(0x006)] public ushort InterceptDrWrites;
    [FieldOffset(0x008)] public uint InterceptExceptions;
    [FieldOffset(0x00C)] public uint InterceptMisc1;
    [FieldOffset(0x010)] public uint InterceptMisc2;
    [FieldOffset(0x040)] public ulong IoPermissionMap;
    [FieldOffset(0x048)] public ulong MsrPermissionMap;
    [FieldOffset(0x050)] public ulong TscOffset;
    [FieldOffset(0x058)] public uint Asid;
    [FieldOffset(0x05C)] public byte TlbControl;
    [FieldOffset(0x060)] public ulong VirtualInterrupt;
    [FieldOffset(0x068)] public ulong InterruptShadow;
    [FieldOffset(0x070)] public ulong ExitCode;
    [FieldOffset(0x078)] public ulong ExitInfo1;
    [FieldOffset(0x080)] public ulong ExitInfo2;
    [FieldOffset(0x088)] public ulong ExitInterruptInfo;
    [FieldOffset(0x090)] public ulong NestedPagingEnable;
    [FieldOffset(0x0A8)] public ulong EventInjection;
    [FieldOffset(0x0B0)] public ulong NestedCr3;
    [FieldOffset(0x0C0)] public uint CleanBits;

    [FieldOffset(0x400)] public SegmentRegister Es;
    [FieldOffset(0x410)] public SegmentRegister Cs;
    [FieldOffset(0x420)] public SegmentRegister Ss;
    [FieldOffset(0x430)] public SegmentRegister Ds;
    [FieldOffset(0x440)] public SegmentRegister Fs;
    [FieldOffset(0x450)] public SegmentRegister Gs;
    [FieldOffset(0x460)] public SegmentRegister Gdtr;
    [FieldOffset(0x470)] public SegmentRegister Ldtr;
    [FieldOffset(0x480)] public SegmentRegister Idtr;
    [FieldOffset(0x490)] public SegmentRegister Tr;
    [FieldOffset(0x4CB)] public byte Cpl;
    [FieldOffset(0x4D0)] public ulong Efer;
    [FieldOffset(0x548)] public ulong Cr4;
    [FieldOffset(0x550)] public ulong Cr3;
    [FieldOffset(0x558)] public ulong Cr0;
    [FieldOffset(0x560)] public ulong Dr7;
    [FieldOffset(0x568)] public ulong Dr6;
    [FieldOffset(0x570)] public ulong Rflags;
    [FieldOffset(0x578)] public ulong Rip;
    [FieldOffset(0x5D8)] public ulong Rsp;
    [FieldOffset(0x5F8)] public ulong Rax;
    [FieldOffset(0x600)] public ulong Star;
    [FieldOffset(0x608)] public ulong LStar;
    [FieldOffset(0x610)] public ulong CStar;
    [FieldOffset(0x618)] public ulong SfMask;
    [FieldOffset(0x620)] public ulong KernelGsBase;
    [FieldOffset(0x628)] public ulong SysenterCs;
    [FieldOffset(0x630)] public ulong SysenterEsp;
    [FieldOffset(0x638)] public ulong SysenterEip;
    [FieldOffset(0x640)] public ulong Cr2;
    [FieldOffset(0x668)] public ulong GuestPat;
}

/// <summary>Exit codes of VMRUN, and of #VC and GHCB events, which share the numbers (APM volume 2, appendix C).</summary>
internal static class ExitCode
{
    public const ulong ReadCr0 = 0x00;
    public const ulong WriteCr0 = 0x10;
    public const ulong ReadDr7 = 0x27;
    public const ulong WriteDr7 = 0x37;
    public const ulong InvalidOpcode = 0x46;
    public const ulong Interrupt = 0x60;
    public const ulong Nmi = 0x61;
    public const ulong Rdtsc = 0x6E;
    public const ulong Rdpmc = 0x6F;
    public const ulong Cpuid = 0x72;
    public const ulong Invd = 0x76;
    public const ulong Hlt = 0x78;
    public const ulong Io = 0x7B;
    public const ulong Msr = 0x7C;
    public const ulong Shutdown = 0x7F;
    public const ulong Vmrun = 0x80;
    public const ulong Vmmcall = 0x81;
    public const ulong Vmload = 0x82;
    public const ulong Vmsave = 0x83;
    public const ulong Stgi = 0x84;
    public const ulong Clgi = 0x85;
    public const ulong Skinit = 0x86;
    public const ulong Rdtscp = 0x87;
    public const ulong Wbinvd = 0x89;
    public const ulong Monitor = 0x8A;
    public const ulong Mwait = 0x8B;
    public const ulong NestedPageFault = 0x400;

    /// <summary>#VC error code only: an access to a page that is assigned to the guest and not validated (APM volume 2, 15.36.10).</summary>
    public const ulong PageNotValidated = 0x404;
}

/// <summary>Bits of the control registers that the machine looks at.</summary>
internal static class ControlBits
{
    public const ulong Cr0ProtectionEnable = 1UL << 0;
    public const ulong Cr0TaskSwitched = 1UL << 3;
    public const ulong Cr0ExtensionType = 1UL << 4;
    public const ulong Cr0Paging = 1UL << 31;
    public const ulong Cr4PageSizeExtension = 1UL << 4;
    public const ulong Cr4PhysicalAddressExtension = 1UL << 5;
    public const ulong Cr4GlobalPages = 1UL << 7;
    public const ulong Cr4FiveLevels = 1UL << 12;
    public const ulong Cr4SupervisorExecutionPrevention = 1UL << 20;
    public const ulong Cr4SupervisorAccessPrevention = 1UL << 21;

    /// <summary>Bits that mean nothing to the machine, whose pages are all supervisor's and local, and whose change flushes TCG's TLB.</summary>
    public const ulong Cr4Followed = Cr4PageSizeExtension | Cr4GlobalPages | Cr4SupervisorExecutionPrevention | Cr4SupervisorAccessPrevention;

    public const ulong EferSyscall = 1UL << 0;
    public const ulong EferLongModeEnable = 1UL << 8;
    public const ulong EferLongModeActive = 1UL << 10;
    public const ulong EferNoExecute = 1UL << 11;
    public const ulong EferVirtualMachine = 1UL << 12;
    public const ulong EferFastFxsave = 1UL << 14;
}
