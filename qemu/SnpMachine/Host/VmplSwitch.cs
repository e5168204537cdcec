using LiteBox.SnpMachine.Diagnosis;
using LiteBox.SnpMachine.Guest;
using LiteBox.SnpMachine.Memory;

namespace LiteBox.SnpMachine.Host;

/// <summary>A CPU goes on at another VMPL. The VMSAs of both are kept right, as an SVSM reads them (56421, section 4.1.12).</summary>
internal static unsafe class VmplSwitch
{
    /// <summary>By the MSR protocol.</summary>
    public static void Run(VirtualCpu* cpu, int vmpl) => TryRun(cpu, (ulong)vmpl);

    /// <summary>False, and told, when that VMPL has no VMSA on this CPU.</summary>
    public static bool TryRun(VirtualCpu* cpu, ulong vmpl)
    {
        if (vmpl >= VirtualCpu.VmplCount || !cpu->Context((int)vmpl)->IsReady)
        {
            Refusal.Answer(Rule.VmplNotRunnable, vmpl);
            return false;
        }
        GuestContext* from = cpu->Current;
        Vmsa* left = (Vmsa*)GuestMemory.Private(from->VmsaAddress);
        if (left != null)
        {
            ContextTransfer.Store(from, left);
        }
        cpu->Vmpl = (int)vmpl;
        GuestContext* to = cpu->Current;
        Vmsa* entered = (Vmsa*)GuestMemory.Private(to->VmsaAddress);
        if (entered != null)
        {
            ContextTransfer.Load(to, entered);
        }
        return true;
    }
}
