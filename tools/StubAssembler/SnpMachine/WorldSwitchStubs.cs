using Iced.Intel;
using LiteBox.SnpMachine.Guest;
using static Iced.Intel.AssemblerRegisters;

namespace LiteBox.Stubs.SnpMachine;

/// <summary>VMRUN and what surrounds it (APM volume 2, 15.5): the guest's general and floating-point registers are not in the VMCB.</summary>
internal static class WorldSwitchStubs
{
    public static void AddTo(StubSet set) => set.AddCode("SnpRunGuest", RunGuest);

    private static void RunGuest(StubCode s)
    {
        Assembler a = s.Assembler;
        AssemblerRegister64[] kept = s.Convention.Kept;
        foreach (AssemblerRegister64 register in kept)
        {
            a.push(register);
        }
        a.push(rdi);
        a.fxrstor64(__[rdi + GuestContext.FloatingPointOffset]);
        a.mov(rax, __qword_ptr[rdi + GuestContext.ControlBlockOffset]);
        foreach ((AssemblerRegister64 register, int index) in Others)
        {
            a.mov(register, __qword_ptr[rdi + GuestContext.RegistersOffset + 8 * index]);
        }
        a.mov(rdi, __qword_ptr[rdi + GuestContext.RegistersOffset + 8 * GuestContext.Rdi]);
        a.vmload();
        a.vmrun();
        a.vmsave();
        // RAX and RSP are the machine's again. The context is on the stack; the guest's RDI takes its place for a moment.
        a.xchg(__qword_ptr[rsp], rdi);
        foreach ((AssemblerRegister64 register, int index) in Others)
        {
            a.mov(__qword_ptr[rdi + GuestContext.RegistersOffset + 8 * index], register);
        }
        a.pop(rax);
        a.mov(__qword_ptr[rdi + GuestContext.RegistersOffset + 8 * GuestContext.Rdi], rax);
        a.fxsave64(__[rdi + GuestContext.FloatingPointOffset]);
        for (int i = kept.Length - 1; i >= 0; i--)
        {
            a.pop(kept[i]);
        }
        a.ret();
    }

    /// <summary>The general registers but RAX and RSP, which the VMCB holds, and RDI, which points to the context.</summary>
    private static readonly (AssemblerRegister64 Register, int Index)[] Others =
    [
        (rcx, GuestContext.Rcx), (rdx, GuestContext.Rdx), (rbx, GuestContext.Rbx), (rbp, GuestContext.Rbp), (rsi, GuestContext.Rsi),
        (r8, 8), (r9, 9), (r10, 10), (r11, 11), (r12, 12), (r13, 13), (r14, 14), (r15, 15),
    ];
}
