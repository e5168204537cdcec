using LiteBox.SnpMachine.Diagnosis;
using LiteBox.SnpMachine.Guest;
using LiteBox.SnpMachine.Hardware;

namespace LiteBox.SnpMachine.Host;

/// <summary>
/// MSRs that the host gives the guest through the GHCB: those of the platform, which QEMU answers. Any other is a #GP, as from KVM
/// (56421, section 4.1.3).
/// </summary>
internal static unsafe class HostMsrs
{
    private const uint TimeStampCounter = 0x10;

    public static EventAnswer Handle(VirtualCpu* cpu, ref GhcbRequest request)
    {
        bool isWrite = request.Info1 == 1;
        if (request.Info1 > 1)
        {
            Refusal.Answer(Rule.GhcbReservedBits, request.Info1);
            return EventAnswer.Malformed(GhcbError.InvalidInput);
        }
        if (!request.Has(rcx: true, rax: isWrite, rdx: isWrite))
        {
            return EventAnswer.Malformed(GhcbError.MissingInput);
        }
        uint msr = (uint)request.Rcx;
        if (!IsOffered(msr))
        {
            Refusal.Note(Rule.MsrNotOffered, msr);
            return EventAnswer.GeneralProtection;
        }
        if (isWrite)
        {
            ulong value = request.Rdx << 32 | (uint)request.Rax;
            if (!LocalApic.TryHandleMsr(cpu, msr, value))
            {
                Processor.WriteMsr(msr, value);
            }
            return EventAnswer.Result(0);
        }
        ulong read = msr == TimeStampCounter ? Processor.ReadTimeStamp() : Processor.ReadMsr(msr);
        request.ReturnRax((uint)read);
        request.ReturnRdx(read >> 32);
        return EventAnswer.Result(0);
    }

    private static bool IsOffered(uint msr) => msr switch
    {
        TimeStampCounter => true,
        0x17 => true,                          // PLATFORM_ID
        0x1B => true,                          // APIC_BASE
        0x3A => true,                          // FEATURE_CONTROL
        0x8B => true,                          // PATCH_LEVEL
        0xFE => true,                          // MTRRcap
        >= 0x179 and <= 0x17B => true,         // MCG
        0x1A0 => true,                         // MISC_ENABLE
        0x1D9 => true,                         // DEBUGCTL
        >= 0x200 and <= 0x20F => true,         // variable-range MTRRs
        0x250 or 0x258 or 0x259 => true,       // fixed-range MTRRs
        >= 0x268 and <= 0x26F => true,
        0x2FF => true,                         // MTRRdefType
        >= 0x400 and <= 0x47F => true,         // machine-check banks
        0x6E0 => true,                         // TSC_DEADLINE
        >= 0x800 and <= 0x8FF => true,         // x2APIC
        0xC001_0010 or 0xC001_0015 => true,    // SYSCFG, HWCR
        0xC001_001F or 0xC001_0055 => true,    // NB_CFG, INT_PENDING
        >= 0xC001_0000 and <= 0xC001_0007 => true, // performance counters
        0xC001_0114 => true,                   // VM_CR
        0xC001_0140 or 0xC001_0141 => true,    // OSVW
        >= 0xC001_0200 and <= 0xC001_020B => true,
        >= 0xC001_1019 and <= 0xC001_102F => true, // feature and configuration registers of the cores
        _ => false,
    };
}
