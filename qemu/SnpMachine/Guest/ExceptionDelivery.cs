using LiteBox.SnpMachine.Diagnosis;
using LiteBox.SnpMachine.Hardware;

namespace LiteBox.SnpMachine.Guest;

/// <summary>
/// Delivers exceptions to the guest. VMRUN's event injection does it for all but #VC, to which TCG adds no error code, so #VC is delivered
/// here, step by step: gate, stack switch, frame, flags (APM volume 2, 8.7 and 8.9).
/// </summary>
internal static unsafe class ExceptionDelivery
{
    private const int CommunicationVector = 29;
    private const uint ErrorCodeValid = 1u << 11;
    private const uint InjectionValid = 1u << 31;
    private const uint TypeException = 3u << 8;
    private const uint TypeNmi = 2u << 8;
    private const ulong ClearedFlags = 1UL << 8 | 1UL << 14 | 1UL << 16 | 1UL << 17;
    private const ulong InterruptFlag = 1UL << 9;
    private const int InterruptGate = 14;
    private const int TrapGate = 15;

    public static void InvalidOpcode(GuestContext* context) => Inject(context, 6 | TypeException);

    public static void GeneralProtection(GuestContext* context) => Inject(context, 13 | TypeException | ErrorCodeValid);

    public static void Nmi(GuestContext* context) => Inject(context, 2 | TypeNmi);

    /// <summary>A page fault of the kernel at <paramref name="address"/>, the page not being present.</summary>
    public static void PageFault(GuestContext* context, ulong address)
    {
        context->ControlBlock->Cr2 = address;
        Inject(context, 14 | TypeException | ErrorCodeValid);
    }

    /// <summary>#VC with the exit code as its error code.</summary>
    public static void Communication(GuestContext* context, ulong code, ulong address)
    {
        Counters.Communication(code);
        Vmcb* vmcb = context->ControlBlock;
        if (GuestPlace.IsKernel(vmcb))
        {
            Counters.KernelCommunications++;
        }
        if ((vmcb->EventInjection & InjectionValid) != 0)
        {
            Refusal.Fatal(Rule.ExceptionDuringDelivery, address);
        }
        bool delivered = (vmcb->Efer & ControlBits.EferLongModeActive) != 0
            ? DeliverLong(context, code)
            : (vmcb->Cr0 & ControlBits.Cr0ProtectionEnable) != 0 && DeliverProtected(context, code);
        if (!delivered)
        {
            Refusal.Fatal(Rule.ExceptionNotDeliverable, address);
        }
    }

    private static void Inject(GuestContext* context, uint injection)
    {
        if ((context->ControlBlock->EventInjection & InjectionValid) != 0)
        {
            Refusal.Fatal(Rule.ExceptionDuringDelivery, context->ControlBlock->Rip);
        }
        context->ControlBlock->EventInjection = injection | InjectionValid;
    }

    private static bool DeliverLong(GuestContext* context, ulong code)
    {
        Vmcb* vmcb = context->ControlBlock;
        ulong* gate = stackalloc ulong[2];
        if (16 * CommunicationVector + 15 > vmcb->Idtr.Limit
            || !AddressTranslation.TryRead(vmcb, vmcb->Idtr.Base + 16 * CommunicationVector, (byte*)gate, 16) || !IsUsableGate(gate[0]))
        {
            return false;
        }
        ulong low = gate[0];
        ulong high = gate[1];
        ushort selector = (ushort)(low >> 16);
        if (!TryReadDescriptor(vmcb, selector, out ulong descriptor))
        {
            return false;
        }
        int interruptStack = (int)(low >> 32) & 7;
        int newLevel = (int)(descriptor >> 45) & 3;
        bool changesLevel = vmcb->Cpl > newLevel;
        ulong stack = vmcb->Rsp;
        if (interruptStack != 0)
        {
            if (!AddressTranslation.TryRead(vmcb, vmcb->Tr.Base + 0x24 + 8 * (ulong)(interruptStack - 1), 8, out stack))
            {
                return false;
            }
        }
        else if (changesLevel && !AddressTranslation.TryRead(vmcb, vmcb->Tr.Base + 4 + 8 * (ulong)newLevel, 8, out stack))
        {
            return false;
        }
        const int frameSize = 48;
        ulong* frame = stackalloc ulong[frameSize / 8] { code, vmcb->Rip, vmcb->Cs.Selector, vmcb->Rflags, vmcb->Rsp, vmcb->Ss.Selector };
        stack = (stack & ~15UL) - frameSize;
        if (!AddressTranslation.TryWrite(vmcb, stack, (byte*)frame, frameSize))
        {
            return false;
        }
        if (changesLevel)
        {
            vmcb->Ss = new SegmentRegister { Selector = (ushort)newLevel };
            vmcb->Cpl = (byte)newLevel;
        }
        context->Registers[GuestContext.Rsp] = stack;
        vmcb->Rsp = stack;
        EnterHandler(vmcb, selector, newLevel, descriptor, low);
        vmcb->Rip = (low & 0xFFFF) | ((low >> 32) & 0xFFFF_0000) | (high << 32);
        return true;
    }

    // 32-bit protected mode, at the privilege of the kernel only: no guest runs user code there before it has #VC handled in long mode.
    private static bool DeliverProtected(GuestContext* context, ulong code)
    {
        Vmcb* vmcb = context->ControlBlock;
        if (8 * CommunicationVector + 7 > vmcb->Idtr.Limit || vmcb->Cpl != 0
            || !AddressTranslation.TryRead(vmcb, vmcb->Idtr.Base + 8 * CommunicationVector, 8, out ulong gate) || !IsUsableGate(gate)
            || !TryReadDescriptor(vmcb, (ushort)(gate >> 16), out ulong descriptor))
        {
            return false;
        }
        const int frameSize = 16;
        uint* frame = stackalloc uint[frameSize / 4] { (uint)code, (uint)vmcb->Rip, vmcb->Cs.Selector, (uint)vmcb->Rflags };
        ulong stack = vmcb->Rsp - frameSize;
        if (!AddressTranslation.TryWrite(vmcb, vmcb->Ss.Base + stack, (byte*)frame, frameSize))
        {
            return false;
        }
        context->Registers[GuestContext.Rsp] = stack;
        vmcb->Rsp = stack;
        EnterHandler(vmcb, (ushort)(gate >> 16), 0, descriptor, gate);
        vmcb->Rip = (gate & 0xFFFF) | ((gate >> 32) & 0xFFFF_0000);
        return true;
    }

    private static void EnterHandler(Vmcb* vmcb, ushort selector, int level, ulong descriptor, ulong gate)
    {
        uint limit = (uint)((descriptor & 0xFFFF) | ((descriptor >> 32) & 0xF_0000));
        bool isGranular = (descriptor >> 55 & 1) != 0;
        vmcb->Cs = new SegmentRegister
        {
            Selector = (ushort)((selector & ~3) | level),
            Attributes = (ushort)(((descriptor >> 40) & 0xFF) | ((descriptor >> 44) & 0xF00)),
            Limit = isGranular ? (limit << 12) | 0xFFF : limit,
            Base = ((descriptor >> 16) & 0xFF_FFFF) | ((descriptor >> 32) & 0xFF00_0000),
        };
        vmcb->Rflags &= ~ClearedFlags;
        if (((gate >> 40) & 15) == InterruptGate)
        {
            vmcb->Rflags &= ~InterruptFlag;
        }
        vmcb->InterruptShadow = 0;
    }

    private static bool IsUsableGate(ulong gate)
    {
        int type = (int)(gate >> 40) & 31;
        return (gate >> 47 & 1) != 0 && type is InterruptGate or TrapGate;
    }

    private static bool TryReadDescriptor(Vmcb* vmcb, ushort selector, out ulong descriptor)
    {
        const ulong presentCode = 1UL << 47 | 1UL << 44 | 1UL << 43;
        descriptor = 0;
        return (selector & ~7) != 0 && (selector & 4) == 0 && (selector | 7) <= vmcb->Gdtr.Limit
            && AddressTranslation.TryRead(vmcb, vmcb->Gdtr.Base + (ulong)(selector & ~7), 8, out descriptor)
            && (descriptor & presentCode) == presentCode;
    }
}
