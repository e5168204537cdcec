using LiteBox.SnpMachine.Diagnosis;
using LiteBox.SnpMachine.Hardware;

namespace LiteBox.SnpMachine.Guest;

/// <summary>
/// CR0 and EFER, which the machine must follow: without paging every access is private, and VMRUN wants EFER.SVME, which the guest never
/// sees.
/// </summary>
internal static unsafe class ControlRegisters
{
    private const ulong EferMask = ControlBits.EferSyscall | ControlBits.EferLongModeEnable | ControlBits.EferNoExecute | ControlBits.EferFastFxsave;

    /// <summary>Emulates the MOV, LMSW or CLTS at RIP.</summary>
    public static void WriteCr0(GuestContext* context)
    {
        Vmcb* vmcb = context->ControlBlock;
        if (!TryDecode(context, out ulong value, out ulong length))
        {
            Stop.Machine("An instruction that writes CR0 is not known"u8);
        }
        value |= ControlBits.Cr0ExtensionType;
        bool isPaged = (value & ControlBits.Cr0Paging) != 0;
        bool wasPaged = (vmcb->Cr0 & ControlBits.Cr0Paging) != 0;
        bool wantsLong = (vmcb->Efer & ControlBits.EferLongModeEnable) != 0;
        if ((isPaged && (value & ControlBits.Cr0ProtectionEnable) == 0) || value >> 32 != 0
            || (isPaged && !wasPaged && wantsLong && (vmcb->Cr4 & ControlBits.Cr4PhysicalAddressExtension) == 0))
        {
            Refusal.Answer(Rule.RegisterIllegal, value);
            ExceptionDelivery.GeneralProtection(context);
            return;
        }
        vmcb->Cr0 = value;
        if (isPaged != wasPaged)
        {
            vmcb->Efer = isPaged && wantsLong ? vmcb->Efer | ControlBits.EferLongModeActive : vmcb->Efer & ~ControlBits.EferLongModeActive;
        }
        vmcb->Rip += length;
        vmcb->InterruptShadow = 0;
    }

    /// <summary>What the guest reads from EFER.</summary>
    public static ulong ReadEfer(Vmcb* vmcb) => vmcb->Efer & ~ControlBits.EferVirtualMachine;

    /// <summary>False when the processor would refuse the value.</summary>
    public static bool TryWriteEfer(Vmcb* vmcb, ulong value)
    {
        bool isPaged = (vmcb->Cr0 & ControlBits.Cr0Paging) != 0;
        ulong changed = value ^ vmcb->Efer;
        if ((value & ~(EferMask | ControlBits.EferLongModeActive | ControlBits.EferVirtualMachine)) != 0
            || (isPaged && (changed & ControlBits.EferLongModeEnable) != 0))
        {
            return false;
        }
        vmcb->Efer = (value & EferMask) | (vmcb->Efer & ControlBits.EferLongModeActive) | ControlBits.EferVirtualMachine;
        return true;
    }

    private static bool TryDecode(GuestContext* context, out ulong value, out ulong length)
    {
        Vmcb* vmcb = context->ControlBlock;
        ulong address = SnpInstructions.LinearRip(vmcb);
        bool isLong = (vmcb->Efer & ControlBits.EferLongModeActive) != 0;
        value = 0;
        length = 0;
        ulong rex = 0;
        ulong code;
        while (true)
        {
            if (!AddressTranslation.TryRead(vmcb, address + length, 1, out code))
            {
                return false;
            }
            if (code is not (0x66 or 0x67 or 0x2E or 0x36 or 0x3E or 0x26 or 0x64 or 0x65))
            {
                break;
            }
            length++;
        }
        if (isLong && (code & 0xF0) == 0x40)
        {
            rex = code;
            length++;
        }
        if (!AddressTranslation.TryRead(vmcb, address + length, 3, out code) || (code & 0xFF) != 0x0F)
        {
            return false;
        }
        uint opcode = (uint)(code >> 8) & 0xFF;
        uint modrm = (uint)(code >> 16) & 0xFF;
        int register = (int)(modrm & 7) | (int)(rex & 1) << 3;
        switch (opcode)
        {
            case 0x22:
                length += 3;
                value = isLong ? context->Registers[register] : (uint)context->Registers[register];
                return true;
            case 0x06:
                length += 2;
                value = vmcb->Cr0 & ~ControlBits.Cr0TaskSwitched;
                return true;
            case 0x01 when (modrm & 0xF8) == 0xF0:
                // LMSW can set PE and not clear it (APM volume 3, LMSW).
                length += 3;
                value = (vmcb->Cr0 & ~0xEUL) | (context->Registers[register] & 0xF);
                return true;
            default:
                return false;
        }
    }
}
