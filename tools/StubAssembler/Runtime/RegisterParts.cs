using Iced.Intel;
using System;
using static Iced.Intel.AssemblerRegisters;

namespace LiteBox.Stubs.Runtime;

/// <summary>The smaller names of the argument registers.</summary>
internal static class RegisterParts
{
    public static AssemblerRegister32 Lower(this AssemblerRegister64 register) => register.Value switch
    {
        Register.RSI => esi,
        Register.RDX => edx,
        Register.R8 => r8d,
        _ => throw new ArgumentOutOfRangeException(nameof(register)),
    };

    public static AssemblerRegister8 LowByte(this AssemblerRegister64 register) => register.Value switch
    {
        Register.RSI => sil,
        Register.RDX => dl,
        _ => throw new ArgumentOutOfRangeException(nameof(register)),
    };
}
