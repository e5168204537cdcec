using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace LiteBox.Stubs.Runtime;

internal static class Vectors
{
    public static readonly AssemblerRegisterXMM[] All = [xmm0, xmm1, xmm2, xmm3, xmm4, xmm5, xmm6, xmm7];
}
