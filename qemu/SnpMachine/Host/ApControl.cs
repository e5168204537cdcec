using LiteBox.SnpMachine.Diagnosis;
using LiteBox.SnpMachine.Guest;
using LiteBox.SnpMachine.Memory;

namespace LiteBox.SnpMachine.Host;

/// <summary>Starts and stops virtual CPUs: start-up IPIs, the reset hold, and AP creation (56421, sections 4.1.9 and 4.3).</summary>
internal static unsafe class ApControl
{
    private const ulong KindCreateOnInit = 0;
    private const ulong KindCreate = 1;
    private const ulong KindDestroy = 2;
    private const ulong ResetHoldDone = 1UL << 12 | 0x007;

    /// <summary>A start-up IPI arrived: the first starts the CPU in the state it was launched in, a later one ends a reset hold.</summary>
    public static void StartUp(VirtualCpu* cpu)
    {
        if (cpu->State is CpuState.ResetHold || (cpu->State == CpuState.WaitingForStart && cpu->Current->IsReady))
        {
            Counters.ApStarts++;
            cpu->State = CpuState.Running;
            Call(cpu);
        }
    }

    /// <summary>The CPU waits for a start-up IPI; the answer is in place when it goes on.</summary>
    public static void ResetHold(VirtualCpu* cpu, bool byMsr)
    {
        cpu->State = CpuState.ResetHold;
        if (byMsr)
        {
            cpu->Current->GhcbMsr = ResetHoldDone;
        }
    }

    /// <summary>AP creation: a VMSA of the guest's making becomes the state of a CPU at a VMPL, or the CPU stops.</summary>
    public static EventAnswer Create(VirtualCpu* caller, ref GhcbRequest request)
    {
        ulong kind = request.Info1 & 0x7;
        int vmpl = (int)(request.Info1 >> 16) & 0xF;
        uint apicId = (uint)(request.Info1 >> 32);
        VirtualCpu* target = CpuTable.Find(apicId);
        if (target == null)
        {
            Refusal.Answer(Rule.ApUnknown, apicId);
            return EventAnswer.Malformed(GhcbError.InvalidInput);
        }
        if (kind > KindDestroy || (request.Info1 & 0xFFF0_FFF8) != 0 || vmpl >= VirtualCpu.VmplCount || vmpl < caller->Vmpl
            || (target == caller && vmpl == caller->Vmpl))
        {
            Refusal.Answer(Rule.ApRequestInvalid, request.Info1);
            return EventAnswer.Malformed(GhcbError.InvalidInput);
        }
        if (kind == KindDestroy)
        {
            Ask(caller, target, vmpl, GuestContext.NoAddress, CpuState.Stopped);
            return EventAnswer.Result(0);
        }
        if (!request.Has(rax: true))
        {
            return EventAnswer.Malformed(GhcbError.MissingInput);
        }
        Rule fault = CheckVmsa(request.Info2, request.Rax, caller->Current->SevFeatures, vmpl);
        if (fault != Rule.None)
        {
            Refusal.Answer(fault, request.Info2);
            return EventAnswer.Malformed(GhcbError.InvalidInput);
        }
        Ask(caller, target, vmpl, request.Info2, kind == KindCreate ? CpuState.Running : CpuState.WaitingForStart);
        return EventAnswer.Result(0);
    }

    /// <summary>
    /// The APIC ids of all CPUs, a count and the ids of 32 bits each, into as many shared pages at SW_EXITINFO1 as RAX says; when they are
    /// too few, RAX comes back with how many it takes (56421, section 4.1.11).
    /// </summary>
    public static EventAnswer ListApicIds(ref GhcbRequest request)
    {
        if (!request.Has(rax: true))
        {
            return EventAnswer.Malformed(GhcbError.MissingInput);
        }
        ulong size = 4 + 4 * (ulong)CpuTable.Count;
        ulong pages = (size + PhysicalLayout.PageSize - 1) / PhysicalLayout.PageSize;
        if (request.Rax < pages)
        {
            request.ReturnRax(pages);
            return EventAnswer.Result(0);
        }
        uint* list = (uint*)GuestMemory.Shared(request.Info1, size);
        if (list == null)
        {
            Refusal.Answer(Rule.GhcbScratchInvalid, request.Info1);
            return EventAnswer.Malformed(GhcbError.InvalidInput);
        }
        list[0] = CpuTable.Count;
        for (uint i = 0; i < CpuTable.Count; i++)
        {
            list[1 + i] = CpuTable.Cpu(i)->ApicId;
        }
        request.ReturnRax(pages);
        return EventAnswer.Result(0);
    }

    private static Rule CheckVmsa(ulong address, ulong features, ulong guestFeatures, int vmpl)
    {
        // A VMSA at a 2 MiB boundary is hit by an erratum; KVM refuses it as well.
        if (address % PhysicalLayout.PageSize != 0 || address % PhysicalLayout.LargePageSize == 0)
        {
            return Rule.VmsaNotAligned;
        }
        RmpEntry* entry = Rmp.Find(address);
        if (entry == null || !entry->IsValidated || !entry->IsVmsa)
        {
            return Rule.VmsaNotVmsaPage;
        }
        Vmsa* vmsa = (Vmsa*)GuestMemory.Private(address);
        if (vmsa->SevFeatures != features || (features & 1) == 0 || (vmpl == 0 && features != guestFeatures))
        {
            return Rule.VmsaFeatures;
        }
        return vmsa->Vmpl != vmpl || (vmsa->Efer & Hardware.ControlBits.EferVirtualMachine) == 0 ? Rule.VmsaIllegal : Rule.None;
    }

    /// <summary>Does what was asked of a CPU; called by the CPU itself, outside of its guest.</summary>
    public static void Settle(VirtualCpu* cpu)
    {
        ApRequest request = cpu->Request;
        cpu->Request = default;
        GuestContext* context = cpu->Context(request.Vmpl);
        Vmsa* vmsa = (Vmsa*)GuestMemory.Private(request.Vmsa);
        context->IsReady = vmsa != null;
        if (vmsa != null)
        {
            ContextTransfer.Load(context, vmsa);
            context->VmsaAddress = request.Vmsa;
            cpu->Vmpl = request.Vmpl;
            Counters.ApStarts++;
            cpu->State = request.State;
        }
        else if (cpu->Vmpl == request.Vmpl)
        {
            cpu->State = CpuState.Stopped;
        }
    }

    private static void Ask(VirtualCpu* caller, VirtualCpu* target, int vmpl, ulong vmsa, CpuState state)
    {
        if (target == caller)
        {
            // A level of the caller's own CPU: it does not run now, so it can be changed at once, and it does not start by itself.
            GuestContext* context = target->Context(vmpl);
            context->IsReady = vmsa != GuestContext.NoAddress;
            context->VmsaAddress = vmsa;
            if (context->IsReady)
            {
                ContextTransfer.Load(context, (Vmsa*)GuestMemory.Private(vmsa));
            }
            return;
        }
        target->Request = new ApRequest { IsPending = true, Vmpl = vmpl, Vmsa = vmsa, State = state };
        Call(target);
    }

    private static void Call(VirtualCpu* cpu)
    {
        cpu->IsCalled = 1;
        LocalApic.SendNmi(cpu->ApicId);
    }
}
