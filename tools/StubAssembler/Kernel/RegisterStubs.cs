using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace LiteBox.Stubs.Kernel;

/// <summary>Registers that C# cannot name, identification, time and random numbers.</summary>
internal static class RegisterStubs
{
    public static void AddTo(StubSet set)
    {
        AddControlRegisters(set);
        AddModelSpecificRegisters(set);
        AddOthers(set);

        // Both instructions say with the carry flag whether they had a number.
        KernelStubs.Add(set, "TryReadRandom", code =>
        {
            code.rdrand(rcx);
            FinishRandom(code);
        });
        KernelStubs.Add(set, "TryReadSeed", code =>
        {
            code.rdseed(rcx);
            FinishRandom(code);
        });
    }

    private static void AddControlRegisters(StubSet set)
    {
        AddRead("ReadCr0", cr0);
        AddRead("ReadCr2", cr2);
        AddRead("ReadCr3", cr3);
        AddRead("ReadCr4", cr4);
        AddWrite("WriteCr0", cr0);
        AddWrite("WriteCr3", cr3);
        AddWrite("WriteCr4", cr4);

        void AddRead(string name, AssemblerRegisterCR register) => KernelStubs.Add(set, name, code =>
        {
            code.mov(rax, register);
            code.ret();
        });

        void AddWrite(string name, AssemblerRegisterCR register) => KernelStubs.Add(set, name, code =>
        {
            code.mov(register, rdi);
            code.ret();
        });
    }

    /// <summary>RDMSR, WRMSR and XSETBV have their 64 bits in EDX:EAX.</summary>
    private static void AddModelSpecificRegisters(StubSet set)
    {
        KernelStubs.Add(set, "ReadMsr", code =>
        {
            code.mov(ecx, edi);
            code.rdmsr();
            code.shl(rdx, 32);
            code.or(rax, rdx);
            code.ret();
        });
        KernelStubs.Add(set, "WriteMsr", code =>
        {
            code.mov(ecx, edi);
            code.mov(eax, esi);
            code.mov(rdx, rsi);
            code.shr(rdx, 32);
            code.wrmsr();
            code.ret();
        });
        KernelStubs.Add(set, "WriteXcr0", code =>
        {
            code.xor(ecx, ecx);
            code.mov(eax, edi);
            code.mov(rdx, rdi);
            code.shr(rdx, 32);
            code.xsetbv();
            code.ret();
        });
    }

    private static void AddOthers(StubSet set)
    {
        // CPUID overwrites RBX, which is the caller's.
        KernelStubs.Add(set, "Cpuid", code =>
        {
            code.mov(r8, rdx);
            code.mov(r9, rbx);
            code.mov(eax, edi);
            code.mov(ecx, esi);
            code.cpuid();
            code.mov(__dword_ptr[r8], eax);
            code.mov(__dword_ptr[r8 + 4], ebx);
            code.mov(__dword_ptr[r8 + 8], ecx);
            code.mov(__dword_ptr[r8 + 12], edx);
            code.mov(rbx, r9);
            code.ret();
        });
        KernelStubs.Add(set, "ReadTimestamp", code =>
        {
            code.lfence();
            code.rdtsc();
            code.shl(rdx, 32);
            code.or(rax, rdx);
            code.ret();
        });
        KernelStubs.Add(set, "ClearDebugRegisters", code =>
        {
            code.xor(eax, eax);
            code.mov(dr7, rax);
            code.mov(dr0, rax);
            code.mov(dr1, rax);
            code.mov(dr2, rax);
            code.mov(dr3, rax);
            code.ret();
        });
        KernelStubs.Add(set, "InvalidatePage", code =>
        {
            code.invlpg(__[rdi]);
            code.ret();
        });
        KernelStubs.Add(set, "ReadStackPointer", code =>
        {
            code.lea(rax, __[rsp + 8]);
            code.ret();
        });
    }

    private static void FinishRandom(Assembler code)
    {
        Label none = code.CreateLabel();
        code.mov(eax, 0); // leaves the carry flag alone
        code.jnc(none);
        code.mov(__qword_ptr[rdi], rcx);
        code.mov(eax, 1);
        code.Label(ref none);
        code.ret();
    }
}
