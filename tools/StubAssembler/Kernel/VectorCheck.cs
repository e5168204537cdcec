using System;
using System.Collections.Generic;
using System.Linq;
using Iced.Intel;
using LiteBox.South.Scheduling;
using LiteBox.SymbolTable;

namespace LiteBox.Stubs.Kernel;

/// <summary>
/// Holds a linked kernel against <see cref="EntryFrame.SavedVectors"/>: the entry stubs save only those XMM registers, so nothing else in the kernel
/// may write to another one, to the upper half of any, or to x87 registers. The compiler decides which it uses; this is what notices.
/// </summary>
public static class VectorCheck
{
    /// <summary>They save and restore, on purpose.</summary>
    private static readonly HashSet<string> Exempt =
        ["SystemCallEntry", "ReturnToUser", "RhpInitialDynamicInterfaceDispatch", "TryRestoreExtendedState", "TryRestoreUserState"];

    private static readonly string[] ArithmeticNames =
        ["Add", "Sub", "Mul", "Div", "Sqrt", "Min", "Max", "Cmps", "Cmpp", "Comis", "Ucomis", "Round", "Dp", "Hadd", "Hsub"];

    /// <summary>What breaks the rule, one line each; empty where nothing does.</summary>
    /// <param name="file">A linked ELF file with its symbol table.</param>
    public static IReadOnlyList<string> Problems(byte[] file)
    {
        InstructionInfoFactory factory = new();
        return CodeSearch.Find(file, (function, code) => Exempt.Contains(function.Name) ? [] : ProblemsIn(function, code, factory));
    }

    /// <summary>
    /// Floating-point arithmetic in the kernel, one line each. The kernel runs with the program's MXCSR, so that arithmetic would round as the program chose,
    /// and raise what it unmasked: an exception that stops the machine.
    /// </summary>
    /// <param name="file">A linked ELF file with its symbol table.</param>
    public static IReadOnlyList<string> Arithmetic(byte[] file) => CodeSearch.Find(file, ArithmeticIn);

    private static IEnumerable<string> ArithmeticIn(Function function, byte[] code)
    {
        Decoder decoder = Decoder.Create(64, code, function.Address);
        while (decoder.IP < function.Address + (ulong)code.Length)
        {
            Instruction instruction = decoder.Decode();
            string name = instruction.Mnemonic.ToString();
            bool isScalarOrPacked = name.EndsWith("ss", StringComparison.Ordinal) || name.EndsWith("sd", StringComparison.Ordinal)
                || name.EndsWith("ps", StringComparison.Ordinal) || name.EndsWith("pd", StringComparison.Ordinal);
            bool isArithmetic = isScalarOrPacked && Array.Exists(ArithmeticNames, start => name.StartsWith(start, StringComparison.Ordinal));
            if (isArithmetic || name.StartsWith("Cvt", StringComparison.Ordinal))
            {
                yield return $"{function.Name}+{instruction.IP - function.Address}: {instruction}";
            }
        }
    }

    private static IEnumerable<string> ProblemsIn(Function function, byte[] code, InstructionInfoFactory factory)
    {
        Decoder decoder = Decoder.Create(64, code, function.Address);
        while (decoder.IP < function.Address + (ulong)code.Length)
        {
            Instruction instruction = decoder.Decode();
            if (instruction.Code.CpuidFeatures().Any(feature => feature is CpuidFeature.FPU or CpuidFeature.FPU287 or CpuidFeature.FPU387 or CpuidFeature.MMX))
            {
                yield return $"{function.Name}+{instruction.IP - function.Address}: {instruction} changes x87 state, which nothing saves";
            }

            foreach (UsedRegister used in factory.GetInfo(instruction).GetUsedRegisters())
            {
                if (used.Access is OpAccess.Write or OpAccess.ReadWrite or OpAccess.CondWrite or OpAccess.ReadCondWrite && !MayWrite(used.Register))
                {
                    yield return $"{function.Name}+{instruction.IP - function.Address}: {instruction} writes {used.Register}, which EntryFrame.SavedVectors lacks";
                }
            }
        }
    }

    private static bool MayWrite(Register register) =>
        register.IsXMM()
            ? EntryFrame.SavedVectors.Contains((byte)(register - Register.XMM0))
            : !register.IsYMM() && !register.IsZMM() && !register.IsK();
}
