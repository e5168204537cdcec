using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace LiteBox.Stubs.Runtime;

/// <summary>What the runtime and its collector need of the machine.</summary>
internal static class RuntimeStubs
{
    public static void AddTo(StubSet set)
    {
        set.AddCode("LiteBoxModuleHeader", ModuleHeader);
        set.AddCode("LiteBoxCallWithSpilledRegisters", CallWithSpilledRegisters);
        set.AddCode("LiteBoxTimeStamp", TimeStamp);
        set.AddCode("RhpGcPoll", Return);
        // Stacks do not grow by page faults: a large frame needs no probe.
        set.AddCode("RhpStackProbe", Return);
        set.AddData("RhpTrapThreads", SectionKind.ReadOnlyData, new byte[8], 8);

        // Functions with stackalloc check this word on their way out. Two zero bytes keep a string's overrun from writing it whole.
        set.AddData("__security_cookie", SectionKind.Data, [0x00, 0x5A, 0x93, 0xC1, 0x7E, 0x2D, 0xB8, 0x00], 8);
    }

    /// <summary>Returns the address of the compiler's table of contents of the image.</summary>
    private static void ModuleHeader(StubCode s)
    {
        s.Assembler.lea(rax, s.At("__ReadyToRunHeader"));
        s.Assembler.ret();
    }

    /// <summary>
    /// Calls the function in the first argument with the address of a copy, on the stack, of all registers that a function keeps: what the
    /// callers have in registers is then on the stack for the collector to see.
    /// </summary>
    private static void CallWithSpilledRegisters(StubCode s)
    {
        Assembler a = s.Assembler;
        foreach (AssemblerRegister64 register in s.Convention.Kept)
        {
            a.push(register);
        }

        // The return address and an even number of registers lie on the stack.
        a.mov(rax, s.Convention.Arguments[0]);
        a.mov(s.Convention.Arguments[0], rsp);
        a.sub(rsp, s.Convention.ShadowBytes + 8);
        a.call(rax);
        a.add(rsp, s.Convention.ShadowBytes + 8 + (s.Convention.Kept.Length * 8));
        a.ret();
    }

    /// <summary>Returns the time stamp counter: instructions, under QEMU's icount.</summary>
    private static void TimeStamp(StubCode s)
    {
        Assembler a = s.Assembler;
        a.rdtsc();
        a.shl(rdx, 32);
        a.or(rax, rdx);
        a.ret();
    }

    /// <summary>Does nothing: no other thread ever asks this one to wait for the collector.</summary>
    private static void Return(StubCode s) => s.Assembler.ret();
}
