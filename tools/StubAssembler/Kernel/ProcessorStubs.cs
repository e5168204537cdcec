using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace LiteBox.Stubs.Kernel;

/// <summary>What changes what the processor runs and as whom: descriptor tables, halts, extended state, segment bases.</summary>
internal static class ProcessorStubs
{
    public static void AddTo(StubSet set)
    {
        AddDescriptorTables(set);
        AddHalts(set);
        AddExtendedState(set);
        AddUserState(set);
        AddSegmentBases(set);
    }

    private static void AddDescriptorTables(StubSet set)
    {
        // RDI: pseudo-descriptor, SI: code selector, DX: data selector. Only a far transfer loads CS.
        // SECURITY: after reset the local table lies at address 0 and is 64 KiB long: programs could make the processor read descriptors from their own memory.
        KernelStubs.Add(set, "LoadGlobalDescriptors", code =>
        {
            code.lgdt(__[rdi]);
            code.mov(ds, edx);
            code.mov(es, edx);
            code.mov(ss, edx);
            code.xor(eax, eax);
            code.mov(fs, eax);
            code.mov(gs, eax);
            code.lldt(ax);
            code.pop(rax);
            code.movzx(esi, si);
            code.push(rsi);
            code.push(rax);
            code.AddInstruction(Instruction.Create(Code.Retfq));
        });
        KernelStubs.Add(set, "LoadTaskRegister", code =>
        {
            code.ltr(di);
            code.ret();
        });
        KernelStubs.Add(set, "LoadInterruptDescriptors", code =>
        {
            code.lidt(__[rdi]);
            code.ret();
        });
    }

    private static void AddHalts(StubSet set)
    {
        KernelStubs.Add(set, "WaitForInterrupt", code =>
        {
            code.sti();
            code.hlt();
            code.cli();
            code.ret();
        });
        KernelStubs.Add(set, "TakeInterrupts", code =>
        {
            code.sti();
            code.nop(); // interrupts come behind the instruction that follows STI
            code.cli();
            code.ret();
        });
        KernelStubs.Add(set, "HaltForever", code =>
        {
            Label again = code.CreateLabel();
            code.Label(ref again);
            code.cli();
            code.hlt();
            code.jmp(again);
        });
    }

    /// <summary>RDI: area, RSI: components, which the instructions want in EDX:EAX.</summary>
    private static void AddExtendedState(StubSet set)
    {
        KernelStubs.Add(set, "SaveExtendedState", code =>
        {
            SplitComponents(code);
            code.xsave64(__[rdi]);
            code.ret();
        });
        KernelStubs.Add(set, "SaveExtendedStateOptimized", code =>
        {
            SplitComponents(code);
            code.xsaveopt64(__[rdi]);
            code.ret();
        });
        KernelStubs.Add(set, "TryRestoreExtendedState", code =>
        {
            SplitComponents(code);
            code.xrstor64(__[rdi]);
            code.mov(eax, 1);
            code.ret();
        });
    }

    /// <summary>The same, and RDX: the user's vectors as the entry stubs have saved them. See SouthUserThread.</summary>
    private static void AddUserState(StubSet set)
    {
        KernelStubs.Add(set, "SaveUserState", code =>
        {
            EntryStubs.LoadVectors(code, rdx);
            SplitComponents(code);
            code.xsave64(__[rdi]);
            code.ret();
        });
        KernelStubs.Add(set, "TryRestoreUserState", code =>
        {
            code.mov(r8, rdx);
            SplitComponents(code);
            code.xrstor64(__[rdi]);
            EntryStubs.StoreVectors(code, r8);
            code.mov(eax, 1);
            code.ret();
        });
    }

    private static void SplitComponents(Assembler code)
    {
        code.mov(eax, esi);
        code.mov(rdx, rsi);
        code.shr(rdx, 32);
    }

    /// <summary>The user's GS base waits in the register that SWAPGS exchanges; two exchanges reach it without an MSR access.</summary>
    private static void AddSegmentBases(StubSet set)
    {
        KernelStubs.Add(set, "ReadFsBase", code =>
        {
            code.rdfsbase(rax);
            code.ret();
        });
        KernelStubs.Add(set, "WriteFsBase", code =>
        {
            code.wrfsbase(rdi);
            code.ret();
        });
        KernelStubs.Add(set, "ReadUserGsBase", code =>
        {
            code.swapgs();
            code.rdgsbase(rax);
            code.swapgs();
            code.ret();
        });
        KernelStubs.Add(set, "WriteUserGsBase", code =>
        {
            code.swapgs();
            code.wrgsbase(rdi);
            code.swapgs();
            code.ret();
        });
    }
}
