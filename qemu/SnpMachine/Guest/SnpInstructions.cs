using LiteBox.SnpMachine.Diagnosis;
using LiteBox.SnpMachine.Hardware;
using LiteBox.SnpMachine.Memory;

namespace LiteBox.SnpMachine.Guest;

/// <summary>PVALIDATE, RMPADJUST and RMPQUERY, which TCG takes for invalid opcodes (APM volume 3).</summary>
internal static unsafe class SnpInstructions
{
    private const uint Pvalidate = 0xFF01_0FF2;
    private const uint Rmpadjust = 0xFE01_0FF3;
    private const uint Rmpquery = 0xFD01_0FF3;
    private const ulong Length = 4;
    private const ulong ArithmeticFlags = 0x8D5;
    private const ulong CarryFlag = 1;
    private const ulong ZeroAndParity = 1 << 6 | 1 << 2;

    /// <summary>Where RIP points in linear addresses.</summary>
    public static ulong LinearRip(Vmcb* vmcb) =>
        (vmcb->Efer & ControlBits.EferLongModeActive) != 0 && (vmcb->Cs.Attributes & 1 << 9) != 0 ? vmcb->Rip : (uint)(vmcb->Cs.Base + vmcb->Rip);

    public static void Handle(GuestContext* context)
    {
        Vmcb* vmcb = context->ControlBlock;
        if (!AddressTranslation.TryRead(vmcb, LinearRip(vmcb), 4, out ulong bytes))
        {
            ExceptionDelivery.InvalidOpcode(context);
            return;
        }
        switch ((uint)bytes)
        {
            case Pvalidate:
                Validate(context);
                break;
            case Rmpadjust:
                Adjust(context);
                break;
            case Rmpquery:
                Query(context);
                break;
            default:
                ExceptionDelivery.InvalidOpcode(context);
                break;
        }
    }

    private static void Validate(GuestContext* context)
    {
        Vmcb* vmcb = context->ControlBlock;
        ulong address = LinearAddress(vmcb, context->Registers[GuestContext.Rax]);
        // Only bit 0 of each counts: Linux (6.12) leaves the others as they come, and runs on hardware.
        uint size = (uint)context->Registers[GuestContext.Rcx] & 1;
        uint validate = (uint)context->Registers[GuestContext.Rdx] & 1;
        if (vmcb->Cpl != 0)
        {
            Refusal.Answer(Rule.PvalidateUnprivileged, address);
            ExceptionDelivery.GeneralProtection(context);
            return;
        }
        if (context->Vmpl != 0)
        {
            Refusal.Answer(Rule.PvalidateUnprivileged, address);
            Finish(context, RmpResult.FailPermission);
            return;
        }
        bool isLarge = size == 1;
        if (!TryFind(context, address, Rule.PvalidateUnmapped, out ulong physical))
        {
            return;
        }
        ulong first = physical & ~(PhysicalLayout.PageSize - 1);
        if (isLarge && first % PhysicalLayout.LargePageSize != 0)
        {
            Refusal.Answer(Rule.PvalidateSizeMismatch, physical);
            Finish(context, RmpResult.FailInput);
            return;
        }
        ulong pages = isLarge ? PhysicalLayout.LargePageSize / PhysicalLayout.PageSize : 1;
        for (ulong page = first; page < first + pages * PhysicalLayout.PageSize; page += PhysicalLayout.PageSize)
        {
            RmpEntry* entry = Rmp.Find(page);
            if (entry == null)
            {
                Refusal.Fatal(Rule.PvalidateNotMemory, page);
            }
            if (entry->IsShared)
            {
                Refusal.Fatal(Rule.PvalidateShared, page);
            }
        }
        RmpResult result = Rmp.Validate(first, isLarge, validate != 0, out bool changed);
        if (result == RmpResult.Success)
        {
            for (ulong page = first; page < first + pages * PhysicalLayout.PageSize; page += PhysicalLayout.PageSize)
            {
                NestedPaging.Unmap(page);
            }
            Count(isLarge, validate != 0);
            if (!changed)
            {
                Refusal.Note(Rule.PvalidateTwice, first);
            }
        }
        Finish(context, result, changed ? 0 : result == RmpResult.Success ? CarryFlag : 0);
    }

    private static void Adjust(GuestContext* context)
    {
        Vmcb* vmcb = context->ControlBlock;
        ulong address = LinearAddress(vmcb, context->Registers[GuestContext.Rax]);
        ulong size = context->Registers[GuestContext.Rcx];
        ulong attributes = context->Registers[GuestContext.Rdx];
        if (vmcb->Cpl != 0)
        {
            Refusal.Answer(Rule.RmpadjustUnprivileged, address);
            ExceptionDelivery.GeneralProtection(context);
            return;
        }
        // RDX: target VMPL in bits 7:0, permissions in 15:8, VMSA in bit 16.
        if ((size & ~1UL) != 0 || attributes >> 17 != 0 || (attributes & 0xE000) != 0)
        {
            Refusal.Answer(Rule.RmpadjustReservedBits, address);
            Finish(context, RmpResult.FailInput);
            return;
        }
        if (!TryFind(context, address, Rule.RmpadjustUnmapped, out ulong physical))
        {
            return;
        }
        ulong first = physical & ~(PhysicalLayout.PageSize - 1);
        bool isVmsa = (attributes & 1 << 16) != 0;
        ulong pages = size == 1 ? PhysicalLayout.LargePageSize / PhysicalLayout.PageSize : 1;
        if (size == 1 && (first % PhysicalLayout.LargePageSize != 0 || isVmsa))
        {
            Refusal.Answer(Rule.RmpadjustReservedBits, address);
            Finish(context, RmpResult.FailInput);
            return;
        }
        for (ulong page = first; page < first + pages * PhysicalLayout.PageSize; page += PhysicalLayout.PageSize)
        {
            RmpEntry* entry = Rmp.Find(page);
            if (entry == null || !entry->IsValidated)
            {
                Refusal.Answer(Rule.RmpadjustNotValidated, page);
                Finish(context, RmpResult.FailPermission);
                return;
            }
            RmpResult result = Rmp.Adjust(page, context->Vmpl, (int)(attributes & 0xFF), (VmplPermissions)((attributes >> 8) & 0x1F), isVmsa);
            if (result != RmpResult.Success)
            {
                Refusal.Answer(Rule.RmpadjustPermission, page);
                Finish(context, result);
                return;
            }
            NestedPaging.Unmap(page);
            Counters.Adjusted++;
        }
        Finish(context, RmpResult.Success);
    }

    // RAX: address in, result out; RCX: size out; RDX: VMPL in, permissions and VMSA out.
    private static void Query(GuestContext* context)
    {
        Vmcb* vmcb = context->ControlBlock;
        ulong address = LinearAddress(vmcb, context->Registers[GuestContext.Rax]);
        int vmpl = (int)(context->Registers[GuestContext.Rdx] & 0xFF);
        if (vmcb->Cpl != 0)
        {
            Refusal.Answer(Rule.RmpadjustUnprivileged, address);
            ExceptionDelivery.GeneralProtection(context);
            return;
        }
        if (!TryFind(context, address, Rule.RmpadjustUnmapped, out ulong physical))
        {
            return;
        }
        RmpEntry* entry = Rmp.Find(physical);
        if (entry == null || !entry->IsValidated || vmpl <= context->Vmpl || vmpl > 3)
        {
            Refusal.Answer(Rule.RmpadjustPermission, physical);
            Finish(context, RmpResult.FailPermission);
            return;
        }
        context->Registers[GuestContext.Rcx] = entry->IsLarge ? 1u : 0u;
        context->Registers[GuestContext.Rdx] = (uint)vmpl | (ulong)entry->Permissions(vmpl) << 8 | (entry->IsVmsa ? 1UL << 16 : 0);
        Finish(context, RmpResult.Success);
    }

    // The page must be reached through the C-bit: these instructions work on the guest's own pages only.
    private static bool TryFind(GuestContext* context, ulong address, Rule unmapped, out ulong physical)
    {
        TranslationResult found = AddressTranslation.ToGuestPhysical(context->ControlBlock, address, out physical);
        if (found == TranslationResult.NotPresent)
        {
            // Early in its boot Linux maps its direct map in the page-fault handler.
            Refusal.Note(unmapped, address);
            ExceptionDelivery.PageFault(context, address);
            return false;
        }
        if (found == TranslationResult.TableNotPrivate)
        {
            Refusal.Fatal(Rule.TableInSharedPage, address);
        }
        physical &= ~NestedPaging.CBit;
        return true;
    }

    private static ulong LinearAddress(Vmcb* vmcb, ulong rax) =>
        (vmcb->Efer & ControlBits.EferLongModeActive) != 0 && (vmcb->Cs.Attributes & 1 << 9) != 0 ? rax : (uint)(vmcb->Ds.Base + rax);

    private static void Finish(GuestContext* context, RmpResult result, ulong flags = 0)
    {
        Vmcb* vmcb = context->ControlBlock;
        context->Registers[GuestContext.Rax] = (uint)result;
        vmcb->Rflags = (vmcb->Rflags & ~ArithmeticFlags) | flags | (result == RmpResult.Success ? ZeroAndParity : 0);
        vmcb->Rip += Length;
        vmcb->InterruptShadow = 0;
    }

    private static void Count(bool isLarge, bool validate)
    {
        if (isLarge && validate)
        {
            Counters.Validated2M++;
        }
        else if (isLarge)
        {
            Counters.Rescinded2M++;
        }
        else if (validate)
        {
            Counters.Validated4K++;
        }
        else
        {
            Counters.Rescinded4K++;
        }
    }
}
