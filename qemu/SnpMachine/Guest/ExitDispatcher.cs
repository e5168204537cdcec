using LiteBox.SnpMachine.Diagnosis;
using LiteBox.SnpMachine.Hardware;
using LiteBox.SnpMachine.Host;
using LiteBox.SnpMachine.Memory;

namespace LiteBox.SnpMachine.Guest;

/// <summary>
/// What the hardware of an SNP host does on each exit: an automatic exit goes to the host, a non-automatic one becomes #VC in the guest
/// (APM volume 2, 15.35.4), and the SNP instructions, which TCG does not know, arrive as invalid opcodes.
/// </summary>
internal static unsafe class ExitDispatcher
{
    private const ulong VmgexitLength = 4;

    /// <summary>Handles the exit that the context has just taken.</summary>
    public static void Handle(VirtualCpu* cpu)
    {
        GuestContext* context = cpu->Current;
        Vmcb* vmcb = context->ControlBlock;
        ulong code = vmcb->ExitCode;
        Counters.Exit(code);
        if (HostileHost.Interferes(context))
        {
            return;
        }
        // An event whose delivery was cut short is delivered again (APM volume 2, 15.7.2).
        vmcb->EventInjection = (vmcb->ExitInterruptInfo & 1u << 31) != 0 ? vmcb->ExitInterruptInfo : 0;
        switch (code)
        {
            case ExitCode.NestedPageFault:
                NestedFault.Handle(context);
                break;
            case ExitCode.Cpuid:
            case ExitCode.Io:
            case ExitCode.Rdpmc:
            case ExitCode.Invd:
            case ExitCode.Wbinvd:
                ExceptionDelivery.Communication(context, code, vmcb->Rip);
                break;
            case ExitCode.Msr:
                OwnMsrs.Handle(context);
                break;
            case ExitCode.WriteCr0:
                ControlRegisters.WriteCr0(context);
                break;
            case ExitCode.InvalidOpcode:
                SnpInstructions.Handle(context);
                break;
            case ExitCode.Vmmcall:
                Vmmcall(cpu, context);
                break;
            case ExitCode.Nmi:
                // A call of another CPU is seen by the run loop; any other NMI is the guest's own.
                if (cpu->IsCalled == 0)
                {
                    ExceptionDelivery.Nmi(context);
                }
                break;
            case ExitCode.Shutdown:
                Refusal.Fatal(Rule.Shutdown, vmcb->Rip);
                break;
            case ExitCode.Vmrun:
            case ExitCode.Vmload:
            case ExitCode.Vmsave:
            case ExitCode.Stgi:
            case ExitCode.Clgi:
            case ExitCode.Skinit:
                Refusal.Answer(Rule.VirtualMachineInstruction, vmcb->Rip);
                ExceptionDelivery.InvalidOpcode(context);
                break;
            case ulong.MaxValue:
                Refusal.Fatal(Rule.VmsaIllegal, vmcb->Rip);
                break;
            default:
                Channel.Line("Exit"u8, code);
                Stop.Machine("An exit that nobody asked for"u8);
                break;
        }
    }

    // VMGEXIT is VMMCALL with a prefix F2 or F3; without it a guest's VMMCALL is a #VC like any other (APM volume 2, 15.35.6).
    private static void Vmmcall(VirtualCpu* cpu, GuestContext* context)
    {
        Vmcb* vmcb = context->ControlBlock;
        if (!AddressTranslation.TryRead(vmcb, SnpInstructions.LinearRip(vmcb), 4, out ulong bytes))
        {
            Refusal.Fatal(Rule.FetchFromSharedPage, vmcb->Rip);
        }
        if ((uint)bytes is not (0xD901_0FF3 or 0xD901_0FF2))
        {
            ExceptionDelivery.Communication(context, ExitCode.Vmmcall, vmcb->Rip);
            return;
        }
        if (vmcb->Cpl != 0)
        {
            Refusal.Answer(Rule.VmgexitUnprivileged, vmcb->Rip);
            ExceptionDelivery.InvalidOpcode(context);
            return;
        }
        vmcb->Rip += VmgexitLength;
        vmcb->InterruptShadow = 0;
        Vmgexit.Handle(cpu, context);
    }
}
