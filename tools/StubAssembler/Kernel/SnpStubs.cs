using static Iced.Intel.AssemblerRegisters;

namespace LiteBox.Stubs.Kernel;

/// <summary>The instructions of SEV-SNP (APM volume 3: VMGEXIT, PVALIDATE, RMPADJUST), as bytes where assemblers lack their names.</summary>
internal static class SnpStubs
{
    public static void AddTo(StubSet set)
    {
        KernelStubs.Add(set, "ExitToHost", code =>
        {
            code.db(0xF3, 0x0F, 0x01, 0xD9); // VMGEXIT
            code.ret();
        });

        // int ValidatePage(ulong address, uint size, uint validate): EAX of PVALIDATE, with the carry flag in bit 8.
        KernelStubs.Add(set, "ValidatePage", code =>
        {
            code.mov(rax, rdi);
            code.mov(ecx, esi);
            code.db(0xF2, 0x0F, 0x01, 0xFF); // PVALIDATE; RDX has the third argument already
            code.setc(cl);
            code.movzx(ecx, cl);
            code.shl(ecx, 8);
            code.or(eax, ecx);
            code.ret();
        });

        // int AdjustPage(ulong address, uint size, ulong attributes): EAX of RMPADJUST.
        KernelStubs.Add(set, "AdjustPage", code =>
        {
            code.mov(rax, rdi);
            code.mov(ecx, esi);
            code.db(0xF3, 0x0F, 0x01, 0xFE); // RMPADJUST; RDX has the third argument already
            code.ret();
        });
    }
}
