using LiteBox.SnpMachine.Hardware;
using LiteBox.SnpMachine.Memory;

namespace LiteBox.SnpMachine.Guest;

/// <summary>Moves the state of a virtual CPU between a VMSA and the structures that VMRUN and the world switch use.</summary>
internal static unsafe class ContextTransfer
{
    private const uint InterceptNmi = 1 << 1;
    private const uint InterceptRdpmc = 1 << 15;
    private const uint InterceptCpuid = 1 << 18;
    private const uint InterceptInvd = 1 << 22;
    private const uint InterceptIo = 1 << 27;
    private const uint InterceptMsr = 1 << 28;
    private const uint InterceptShutdown = 1u << 31;
    private const uint InterceptSvmInstructions = 0x7F;
    private const uint InterceptWbinvd = 1 << 9;
    private const ushort Cr0 = 1 << 0;
    private const uint InvalidOpcode = 1 << 6;

    /// <summary>Makes a context ready to run in the state that a VMSA holds.</summary>
    public static void Load(GuestContext* context, Vmsa* vmsa)
    {
        Vmcb* vmcb = context->ControlBlock;
        *vmcb = default;
        vmcb->InterceptCrWrites = Cr0;
        vmcb->InterceptExceptions = InvalidOpcode;
        vmcb->InterceptMisc1 = InterceptNmi | InterceptRdpmc | InterceptCpuid | InterceptInvd | InterceptIo | InterceptMsr | InterceptShutdown;
        vmcb->InterceptMisc2 = InterceptSvmInstructions | InterceptWbinvd;
        vmcb->IoPermissionMap = (ulong)PermissionMaps.Io;
        vmcb->MsrPermissionMap = (ulong)PermissionMaps.Msr;
        vmcb->Asid = 1;
        vmcb->NestedPagingEnable = 1;

        vmcb->Es = vmsa->Es;
        vmcb->Cs = vmsa->Cs;
        vmcb->Ss = vmsa->Ss;
        vmcb->Ds = vmsa->Ds;
        vmcb->Fs = vmsa->Fs;
        vmcb->Gs = vmsa->Gs;
        vmcb->Gdtr = vmsa->Gdtr;
        vmcb->Ldtr = vmsa->Ldtr;
        vmcb->Idtr = vmsa->Idtr;
        vmcb->Tr = vmsa->Tr;
        vmcb->Cpl = vmsa->Cpl;
        vmcb->Efer = vmsa->Efer;
        vmcb->Cr4 = vmsa->Cr4;
        vmcb->Cr3 = vmsa->Cr3;
        vmcb->Cr0 = vmsa->Cr0;
        vmcb->Dr7 = vmsa->Dr7;
        vmcb->Dr6 = vmsa->Dr6;
        vmcb->Rflags = vmsa->Rflags;
        vmcb->Rip = vmsa->Rip;
        vmcb->Star = vmsa->Star;
        vmcb->LStar = vmsa->LStar;
        vmcb->CStar = vmsa->CStar;
        vmcb->SfMask = vmsa->SfMask;
        vmcb->KernelGsBase = vmsa->KernelGsBase;
        vmcb->SysenterCs = vmsa->SysenterCs;
        vmcb->SysenterEsp = vmsa->SysenterEsp;
        vmcb->SysenterEip = vmsa->SysenterEip;
        vmcb->Cr2 = vmsa->Cr2;
        vmcb->GuestPat = vmsa->GuestPat;

        ulong* registers = context->Registers;
        registers[GuestContext.Rax] = vmsa->Rax;
        registers[GuestContext.Rcx] = vmsa->Rcx;
        registers[GuestContext.Rdx] = vmsa->Rdx;
        registers[GuestContext.Rbx] = vmsa->Rbx;
        registers[GuestContext.Rsp] = vmsa->Rsp;
        registers[GuestContext.Rbp] = vmsa->Rbp;
        registers[GuestContext.Rsi] = vmsa->Rsi;
        registers[GuestContext.Rdi] = vmsa->Rdi;
        for (int i = 0; i < 8; i++)
        {
            registers[8 + i] = vmsa->R8ToR15[i];
        }
        for (int i = 0; i < 512; i++)
        {
            context->FloatingPoint[i] = 0;
        }
        // FXSAVE image: FCW at 0, MXCSR at 24 (APM volume 1, 4.8). Zero in a VMSA of an old host means the reset value to VMRUN's FPU.
        *(ushort*)context->FloatingPoint = vmsa->X87ControlWord;
        *(uint*)(context->FloatingPoint + 24) = vmsa->Mxcsr;
        context->SevFeatures = vmsa->SevFeatures;
        context->IsReady = true;
    }

    /// <summary>Writes the running state back into a VMSA, where an SVSM finds it.</summary>
    public static void Store(GuestContext* context, Vmsa* vmsa)
    {
        Vmcb* vmcb = context->ControlBlock;
        vmsa->Es = vmcb->Es;
        vmsa->Cs = vmcb->Cs;
        vmsa->Ss = vmcb->Ss;
        vmsa->Ds = vmcb->Ds;
        vmsa->Fs = vmcb->Fs;
        vmsa->Gs = vmcb->Gs;
        vmsa->Gdtr = vmcb->Gdtr;
        vmsa->Ldtr = vmcb->Ldtr;
        vmsa->Idtr = vmcb->Idtr;
        vmsa->Tr = vmcb->Tr;
        vmsa->Cpl = vmcb->Cpl;
        vmsa->Efer = vmcb->Efer;
        vmsa->Cr4 = vmcb->Cr4;
        vmsa->Cr3 = vmcb->Cr3;
        vmsa->Cr0 = vmcb->Cr0;
        vmsa->Dr7 = vmcb->Dr7;
        vmsa->Dr6 = vmcb->Dr6;
        vmsa->Rflags = vmcb->Rflags;
        vmsa->Rip = vmcb->Rip;
        vmsa->Star = vmcb->Star;
        vmsa->LStar = vmcb->LStar;
        vmsa->CStar = vmcb->CStar;
        vmsa->SfMask = vmcb->SfMask;
        vmsa->KernelGsBase = vmcb->KernelGsBase;
        vmsa->SysenterCs = vmcb->SysenterCs;
        vmsa->SysenterEsp = vmcb->SysenterEsp;
        vmsa->SysenterEip = vmcb->SysenterEip;
        vmsa->Cr2 = vmcb->Cr2;
        vmsa->GuestPat = vmcb->GuestPat;

        ulong* registers = context->Registers;
        vmsa->Rax = registers[GuestContext.Rax];
        vmsa->Rcx = registers[GuestContext.Rcx];
        vmsa->Rdx = registers[GuestContext.Rdx];
        vmsa->Rbx = registers[GuestContext.Rbx];
        vmsa->Rsp = registers[GuestContext.Rsp];
        vmsa->Rbp = registers[GuestContext.Rbp];
        vmsa->Rsi = registers[GuestContext.Rsi];
        vmsa->Rdi = registers[GuestContext.Rdi];
        for (int i = 0; i < 8; i++)
        {
            vmsa->R8ToR15[i] = registers[8 + i];
        }
    }

    /// <summary>The nested page tables for the context's VMPL and paging mode.</summary>
    public static ulong NestedRoot(GuestContext* context) =>
        NestedPaging.Root(context->Vmpl, (context->ControlBlock->Cr0 & ControlBits.Cr0Paging) != 0);
}
