using System;
using System.Buffers.Binary;
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
    private const int SegmentHeaderSize = 56;

    /// <summary>They save and restore, on purpose.</summary>
    private static readonly HashSet<string> Exempt = ["SystemCallEntry", "ReturnToUser", "RhpInitialDynamicInterfaceDispatch", "TryRestoreExtendedState"];

    private static readonly string[] ArithmeticNames =
        ["Add", "Sub", "Mul", "Div", "Sqrt", "Min", "Max", "Cmps", "Cmpp", "Comis", "Ucomis", "Round", "Dp", "Hadd", "Hsub"];

    /// <summary>What breaks the rule, one line each; empty where nothing does.</summary>
    /// <param name="file">A linked ELF file with its symbol table.</param>
    public static IReadOnlyList<string> Problems(byte[] file)
    {
        InstructionInfoFactory factory = new();
        return Search(file, (function, code) => Exempt.Contains(function.Name) ? [] : ProblemsIn(function, code, factory));
    }

    /// <summary>
    /// Floating-point arithmetic in the kernel, one line each. The kernel runs with the program's MXCSR, so that arithmetic would round as the program chose,
    /// and raise what it unmasked: an exception that stops the machine.
    /// </summary>
    /// <param name="file">A linked ELF file with its symbol table.</param>
    public static IReadOnlyList<string> Arithmetic(byte[] file) => Search(file, ArithmeticIn);

    private static IReadOnlyList<string> Search(byte[] file, Func<Function, byte[], IEnumerable<string>> search)
    {
        List<string> found = [];
        (ulong start, int offset, int size) = CodeSegment(file);
        IReadOnlyList<Function> functions = [.. ElfFunctions.Read(file).Where(function => function.Address >= start && function.Address < start + (ulong)size)];
        for (int index = 0; index < functions.Count; index++)
        {
            Function function = functions[index];
            ulong end = index + 1 < functions.Count ? functions[index + 1].Address : start + (ulong)size;
            int length = (int)(end - function.Address);
            found.AddRange(search(function, file.AsSpan(offset + (int)(function.Address - start), length).ToArray()));
        }

        return found;
    }

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

    /// <summary>The first segment: address, place in the file, bytes (ELF-64 object file format, "Program Header Table").</summary>
    private static (ulong Start, int Offset, int Size) CodeSegment(byte[] file)
    {
        const uint Loadable = 1;
        const uint Executable = 1;
        int table = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(32));
        int count = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(56));
        for (int index = 0; index < count; index++)
        {
            ReadOnlySpan<byte> header = file.AsSpan(table + (index * SegmentHeaderSize), SegmentHeaderSize);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) == Loadable && (BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) & Executable) != 0)
            {
                return (
                    BinaryPrimitives.ReadUInt64LittleEndian(header[16..]),
                    (int)BinaryPrimitives.ReadUInt64LittleEndian(header[8..]),
                    (int)BinaryPrimitives.ReadUInt64LittleEndian(header[32..]));
            }
        }

        throw new ArgumentException("The file has no code.");
    }
}
