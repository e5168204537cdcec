using LiteBox.SnpMachine.Diagnosis;
using LiteBox.SnpMachine.Hardware;

namespace LiteBox.SnpMachine.Guest;

/// <summary>RDMSR and WRMSR: the few MSRs that the hardware answers itself; the others become #VC.</summary>
internal static unsafe class OwnMsrs
{
    private const uint Efer = 0xC000_0080;
    private const uint GhcbMsr = 0xC001_0130;
    private const uint SevStatus = 0xC001_0131;
    private const ulong InstructionLength = 2;

    public static void Handle(GuestContext* context)
    {
        Vmcb* vmcb = context->ControlBlock;
        uint msr = (uint)context->Registers[GuestContext.Rcx];
        bool isWrite = vmcb->ExitInfo1 != 0;
        ulong written = (context->Registers[GuestContext.Rdx] << 32) | (uint)context->Registers[GuestContext.Rax];
        ulong read = 0;
        switch (msr)
        {
            case Efer when isWrite:
                if (!ControlRegisters.TryWriteEfer(vmcb, written))
                {
                    Refusal.Answer(Rule.RegisterIllegal, written);
                    ExceptionDelivery.GeneralProtection(context);
                    return;
                }
                break;
            case Efer:
                read = ControlRegisters.ReadEfer(vmcb);
                break;
            case GhcbMsr when isWrite:
                context->GhcbMsr = written;
                break;
            case GhcbMsr:
                read = context->GhcbMsr;
                break;
            case SevStatus when isWrite:
                Refusal.Answer(Rule.SevStatusWritten, written);
                ExceptionDelivery.GeneralProtection(context);
                return;
            case SevStatus:
                read = Status(context->SevFeatures);
                break;
            default:
                ExceptionDelivery.Communication(context, ExitCode.Msr, vmcb->Rip);
                return;
        }
        if (!isWrite)
        {
            context->Registers[GuestContext.Rax] = (uint)read;
            context->Registers[GuestContext.Rdx] = read >> 32;
        }
        vmcb->Rip += InstructionLength;
        vmcb->InterruptShadow = 0;
    }

    /// <summary>
    /// SEV_STATUS (APM volume 2, 15.34.10): SEV, SEV-ES and SNP in bits 0 to 2, then the SEV_FEATURES from bit 1 on, two bits higher up.
    /// </summary>
    public static ulong Status(ulong sevFeatures) => 0b111 | ((sevFeatures & ~1UL) << 2);
}
