using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace LiteBox.Stubs.SnpMachine;

/// <summary>Single instructions as functions: ports, MSRs, CPUID, control registers.</summary>
internal static class InstructionStubs
{
    public static void AddTo(StubSet set)
    {
        set.AddCode("SnpIn8", s => In(s, 1));
        set.AddCode("SnpIn16", s => In(s, 2));
        set.AddCode("SnpIn32", s => In(s, 4));
        set.AddCode("SnpOut8", s => Out(s, 1));
        set.AddCode("SnpOut16", s => Out(s, 2));
        set.AddCode("SnpOut32", s => Out(s, 4));
        set.AddCode("SnpReadMsr", ReadMsr);
        set.AddCode("SnpWriteMsr", WriteMsr);
        set.AddCode("SnpReadTimeStamp", ReadTimeStamp);
        set.AddCode("SnpCpuid", Cpuid);
        set.AddCode("SnpReadCr4", ReadCr4);
        set.AddCode("SnpWriteCr4", WriteCr4);
        set.AddCode("SnpWriteCr3", WriteCr3);
        set.AddCode("SnpPause", Pause);
        set.AddCode("SnpExchange", Exchange);
    }

    private static void In(StubCode s, int size)
    {
        Assembler a = s.Assembler;
        a.mov(edx, edi);
        a.xor(eax, eax);
        switch (size)
        {
            case 1:
                a.@in(al, dx);
                break;
            case 2:
                a.@in(ax, dx);
                break;
            default:
                a.@in(eax, dx);
                break;
        }
        a.ret();
    }

    private static void Out(StubCode s, int size)
    {
        Assembler a = s.Assembler;
        a.mov(edx, edi);
        a.mov(eax, esi);
        switch (size)
        {
            case 1:
                a.@out(dx, al);
                break;
            case 2:
                a.@out(dx, ax);
                break;
            default:
                a.@out(dx, eax);
                break;
        }
        a.ret();
    }

    private static void ReadMsr(StubCode s)
    {
        Assembler a = s.Assembler;
        a.mov(ecx, edi);
        a.rdmsr();
        a.shl(rdx, 32);
        a.or(rax, rdx);
        a.ret();
    }

    private static void ReadTimeStamp(StubCode s)
    {
        Assembler a = s.Assembler;
        a.rdtsc();
        a.shl(rdx, 32);
        a.or(rax, rdx);
        a.ret();
    }

    private static void WriteMsr(StubCode s)
    {
        Assembler a = s.Assembler;
        a.mov(ecx, edi);
        a.mov(eax, esi);
        a.mov(rdx, rsi);
        a.shr(rdx, 32);
        a.wrmsr();
        a.ret();
    }

    /// <summary>Leaf, sub-leaf, and where the four registers go.</summary>
    private static void Cpuid(StubCode s)
    {
        Assembler a = s.Assembler;
        a.push(rbx);
        a.mov(r8, rdx);
        a.mov(eax, edi);
        a.mov(ecx, esi);
        a.cpuid();
        a.mov(__dword_ptr[r8], eax);
        a.mov(__dword_ptr[r8 + 4], ebx);
        a.mov(__dword_ptr[r8 + 8], ecx);
        a.mov(__dword_ptr[r8 + 12], edx);
        a.pop(rbx);
        a.ret();
    }

    private static void ReadCr4(StubCode s)
    {
        s.Assembler.mov(rax, cr4);
        s.Assembler.ret();
    }

    private static void WriteCr4(StubCode s)
    {
        s.Assembler.mov(cr4, rdi);
        s.Assembler.ret();
    }

    private static void WriteCr3(StubCode s)
    {
        s.Assembler.mov(cr3, rdi);
        s.Assembler.ret();
    }

    private static void Pause(StubCode s)
    {
        s.Assembler.pause();
        s.Assembler.ret();
    }

    /// <summary>Puts the second argument into the word that the first points to, and returns what it held.</summary>
    private static void Exchange(StubCode s)
    {
        Assembler a = s.Assembler;
        a.mov(eax, esi);
        a.xchg(__dword_ptr[rdi], eax);
        a.ret();
    }
}
