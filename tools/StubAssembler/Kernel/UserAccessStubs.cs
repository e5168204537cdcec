using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace LiteBox.Stubs.Kernel;

/// <summary>
/// The only instructions that touch user memory. All of them stand between STAC and CLAC, and a fault that North does not resolve goes on at a
/// stub that closes the window and answers "failed" (<see cref="StubAddressTable"/>). None has anything on the stack while it may fault.
/// </summary>
internal static class UserAccessStubs
{
    private const ulong LowBits = 0x0101_0101_0101_0101;
    private const ulong HighBits = 0x8080_8080_8080_8080;
    private const int PageMask = 0xFFF;

    public static void AddTo(StubSet set)
    {
        KernelStubs.Add(set, "CopyFromUser", Copy);
        KernelStubs.Add(set, "CopyToUser", Copy);
        KernelStubs.Add(set, "ClearUser", Clear);
        KernelStubs.Add(set, "CopyStringFromUser", CopyString);
        KernelStubs.Add(set, "LoadUser32", Load32);
        KernelStubs.Add(set, "CompareExchangeUser32", CompareExchange32);
        KernelStubs.Add(set, "UserAccessFailed", code =>
        {
            code.clac();
            code.xor(eax, eax);
            code.ret();
        });
        KernelStubs.Add(set, "UserStringFailed", code =>
        {
            code.clac();
            code.mov(rax, -1);
            code.ret();
        });
    }

    /// <summary>
    /// RDI: destination, RSI: source, RDX: length, which fits both directions. Eight bytes at a time, then the rest: the string instructions can be resumed
    /// after a fault.
    /// </summary>
    private static void Copy(Assembler code)
    {
        code.stac();
        code.mov(rcx, rdx);
        code.shr(rcx, 3);
        code.rep.movsq();
        code.mov(ecx, edx);
        code.and(ecx, 7);
        code.rep.movsb();
        code.clac();
        code.mov(eax, 1);
        code.ret();
    }

    /// <summary>RDI: destination, RSI: length.</summary>
    private static void Clear(Assembler code)
    {
        code.stac();
        code.xor(eax, eax);
        code.mov(rcx, rsi);
        code.shr(rcx, 3);
        code.rep.stosq();
        code.mov(ecx, esi);
        code.and(ecx, 7);
        code.rep.stosb();
        code.clac();
        code.mov(eax, 1);
        code.ret();
    }

    /// <summary>RDI: source, RSI: where the value goes.</summary>
    private static void Load32(Assembler code)
    {
        code.stac();
        code.mov(eax, __dword_ptr[rdi]);
        code.clac();
        code.mov(__dword_ptr[rsi], eax);
        code.mov(eax, 1);
        code.ret();
    }

    /// <summary>RDI: target, ESI: comparand, EDX: value, RCX: where the found value goes.</summary>
    private static void CompareExchange32(Assembler code)
    {
        code.mov(eax, esi);
        code.stac();
        code.@lock.cmpxchg(__dword_ptr[rdi], edx);
        code.clac();
        code.mov(__dword_ptr[rcx], eax);
        code.mov(eax, 1);
        code.ret();
    }

    /// <summary>
    /// RDI: destination, RSI: source, RDX: capacity, not 0. Eight bytes at a time where they lie in one page, so that bytes behind the end of the string
    /// are read only where the string's own page has them; a word has a zero byte where (x - 01..01) and not x and 80..80 is not zero.
    /// </summary>
    private static void CopyString(Assembler code)
    {
        Label words = code.CreateLabel();
        Label bytes = code.CreateLabel();
        Label finished = code.CreateLabel();
        code.stac();
        code.mov(r8, rdi);
        code.mov(r9, LowBits);
        code.mov(r10, HighBits);

        code.Label(ref words);
        code.cmp(rdx, 8);
        code.jb(bytes);
        code.mov(eax, esi);
        code.and(eax, PageMask);
        code.cmp(eax, PageMask - 7);
        code.ja(bytes);
        code.mov(rax, __qword_ptr[rsi]);
        code.mov(rcx, rax);
        code.mov(r11, rax);
        code.sub(rcx, r9);
        code.not(r11);
        code.and(rcx, r10);
        code.test(rcx, r11);
        code.jne(bytes);
        code.mov(__qword_ptr[rdi], rax);
        code.add(rdi, 8);
        code.add(rsi, 8);
        code.sub(rdx, 8);
        code.jmp(words);

        code.Label(ref bytes);
        code.test(rdx, rdx);
        code.je(finished);
        code.movzx(eax, __byte_ptr[rsi]);
        code.test(al, al);
        code.je(finished);
        code.mov(__byte_ptr[rdi], al);
        code.inc(rdi);
        code.inc(rsi);
        code.dec(rdx);
        code.test(esi, PageMask);
        code.je(words); // a new page
        code.jmp(bytes);

        code.Label(ref finished);
        code.clac();
        code.mov(rax, rdi);
        code.sub(rax, r8);
        code.ret();
    }
}
