using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace LiteBox.Stubs.Kernel;

/// <summary>IN and OUT. The port is the first argument, what is written the second.</summary>
internal static class PortStubs
{
    public static void AddTo(StubSet set)
    {
        KernelStubs.Add(set, "ReadPort8", code =>
        {
            code.mov(edx, edi);
            code.@in(al, dx);
            code.movzx(eax, al);
            code.ret();
        });
        KernelStubs.Add(set, "ReadPort16", code =>
        {
            code.mov(edx, edi);
            code.@in(ax, dx);
            code.movzx(eax, ax);
            code.ret();
        });
        KernelStubs.Add(set, "ReadPort32", code =>
        {
            code.mov(edx, edi);
            code.@in(eax, dx);
            code.ret();
        });
        KernelStubs.Add(set, "WritePort8", code =>
        {
            code.mov(edx, edi);
            code.mov(eax, esi);
            code.@out(dx, al);
            code.ret();
        });
        KernelStubs.Add(set, "WritePort16", code =>
        {
            code.mov(edx, edi);
            code.mov(eax, esi);
            code.@out(dx, ax);
            code.ret();
        });
        KernelStubs.Add(set, "WritePort32", code =>
        {
            code.mov(edx, edi);
            code.mov(eax, esi);
            code.@out(dx, eax);
            code.ret();
        });
    }
}
