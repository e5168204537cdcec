using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace LiteBox.Stubs;

/// <summary>Where a function finds its arguments, and what it must keep.</summary>
public sealed class CallingConvention
{
    /// <summary>System V x86-64 psABI, section 3.2: the ELF images.</summary>
    public static readonly CallingConvention SystemV = new([rdi, rsi, rdx, rcx, r8, r9], [rbx, rbp, r12, r13, r14, r15], 8, 0);

    /// <summary>The Microsoft x64 convention: the UEFI application.</summary>
    public static readonly CallingConvention Windows = new([rcx, rdx, r8, r9], [rbx, rbp, rdi, rsi, r12, r13, r14, r15], 4, 32);

    private CallingConvention(AssemblerRegister64[] arguments, AssemblerRegister64[] kept, int vectorArguments, int shadowBytes)
    {
        Arguments = arguments;
        Kept = kept;
        VectorArguments = vectorArguments;
        ShadowBytes = shadowBytes;
    }

    /// <summary>The integer arguments, first to last.</summary>
    public AssemblerRegister64[] Arguments { get; }

    /// <summary>The registers that a function gives back as it found them, without RSP.</summary>
    public AssemblerRegister64[] Kept { get; }

    /// <summary>How many of XMM0, XMM1, ... can hold arguments. XMM0-XMM5 are free to use in both conventions.</summary>
    public int VectorArguments { get; }

    /// <summary>Bytes above the return address that a callee may write to.</summary>
    public int ShadowBytes { get; }
}
