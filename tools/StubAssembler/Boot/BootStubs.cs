using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace LiteBox.Stubs.Boot;

/// <summary>The stubs of the UEFI application (boot/Processor.cs). Microsoft's convention: RCX, RDX, R8, R9 in, RAX out.</summary>
internal static class BootStubs
{
    /// <summary>IA32_EFER and its NXE bit: entries with the no-execute bit may be loaded (APM volume 2, 3.1.7).</summary>
    private const uint ExtendedFeatures = 0xC000_0080;
    private const int NoExecuteEnable = 1 << 11;

    /// <summary>CR0.WP: read-only pages are so for the kernel too (APM volume 2, 3.1.1).</summary>
    private const int WriteProtect = 1 << 16;

    /// <summary>CR4.OSFXSR and OSXMMEXCPT: compiled code uses SSE (APM volume 2, 3.1.3).</summary>
    private const int StreamingExtensions = (1 << 9) | (1 << 10);

    /// <summary>CR4.PGE: switching it off forgets global translations, which firmware may have made.</summary>
    private const int GlobalPages = 1 << 7;

    public static void AddTo(StubSet set)
    {
        set.AddCode("BootReadTimestamp", s =>
        {
            s.Assembler.rdtsc();
            s.Assembler.shl(rdx, 32);
            s.Assembler.or(rax, rdx);
            s.Assembler.ret();
        });
        set.AddCode("BootReadCr4", s =>
        {
            s.Assembler.mov(rax, cr4);
            s.Assembler.ret();
        });
        set.AddCode("BootReadMsr", s =>
        {
            s.Assembler.rdmsr(); // the number is in ECX already
            s.Assembler.shl(rdx, 32);
            s.Assembler.or(rax, rdx);
            s.Assembler.ret();
        });
        set.AddCode("BootCpuid", s =>
        {
            s.Assembler.push(rbx);
            s.Assembler.mov(r8, rdx);
            s.Assembler.mov(eax, ecx);
            s.Assembler.xor(ecx, ecx);
            s.Assembler.cpuid();
            s.Assembler.mov(__[r8], eax);
            s.Assembler.mov(__[r8 + 4], ebx);
            s.Assembler.mov(__[r8 + 8], ecx);
            s.Assembler.mov(__[r8 + 12], edx);
            s.Assembler.pop(rbx);
            s.Assembler.ret();
        });
        set.AddCode("BootEnterKernel", EnterKernel);
    }

    /// <summary><c>void BootEnterKernel(ulong pageTables, ulong entryPoint, ulong stackTop, ulong argument)</c>: does not return.</summary>
    private static void EnterKernel(StubCode s)
    {
        Assembler a = s.Assembler;
        a.cli();
        a.cld();
        a.mov(r10, rcx);
        a.mov(r11, rdx);
        a.mov(ecx, ExtendedFeatures);
        a.rdmsr();
        a.or(eax, NoExecuteEnable);
        a.wrmsr();
        a.mov(rax, cr0);
        a.or(rax, WriteProtect);
        a.mov(cr0, rax);
        a.mov(rax, cr4);
        a.or(rax, StreamingExtensions);
        a.and(rax, ~GlobalPages);
        a.mov(cr4, rax);
        a.mov(cr3, r10); // this code is mapped at its own address here too, and nothing else of firmware's is
        a.mov(rsp, r8);
        a.xor(ebp, ebp);
        a.push(rbp); // the end of the chain of frames, and the alignment that a call leaves
        a.mov(rdi, r9);
        a.jmp(r11);
    }
}
