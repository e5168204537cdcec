using Iced.Intel;
using System;
using System.Collections.Generic;
using System.IO;

namespace LiteBox.Stubs;

/// <summary>One stub while it is being written: Iced's assembler, and symbols that are elsewhere.</summary>
/// <remarks>
/// A symbol stands for a made-up address in a window of its own. After assembly, every operand that lies in the window becomes a relocation,
/// so a symbol can be used wherever an address can: <c>a.call(s.Symbol("f"))</c>, <c>a.lea(rax, s.At("table"))</c>, <c>a.mov(esp, ...)</c>.
/// </remarks>
public sealed class StubCode(CallingConvention convention, int bitness)
{
    private const ulong CodeAddress = 0x1000_0000;
    private const ulong WindowStart = 0x5000_0000;
    private const ulong WindowOfOneSymbol = 0x10_0000;

    private readonly List<string> _symbols = [];

    // Iced addresses relative to RIP by label only, so each such operand has a label behind the code, which is cut off afterwards.
    private readonly List<(Label Label, string Symbol, int Offset)> _operands = [];

    /// <summary>The assembler. Local jumps use its labels.</summary>
    public Assembler Assembler { get; } = new(bitness);

    public CallingConvention Convention => convention;

    /// <summary>The address of a symbol of this or another object file.</summary>
    public ulong Symbol(string name)
    {
        int index = _symbols.IndexOf(name);
        if (index < 0)
        {
            index = _symbols.Count;
            _symbols.Add(name);
        }

        // The middle of the window, so that addends of either sign stay in it.
        return WindowStart + ((ulong)index * WindowOfOneSymbol) + (WindowOfOneSymbol / 2);
    }

    /// <summary>The memory at a symbol, relative to the instruction pointer.</summary>
    public AssemblerMemoryOperand At(string name, int offset = 0)
    {
        Label label = Assembler.CreateLabel(name);
        _operands.Add((label, name, offset));
        return AssemblerRegisters.__[label];
    }

    internal Piece Finish(string name, int alignment)
    {
        foreach ((Label label, _, _) in _operands)
        {
            Label place = label;
            Assembler.Label(ref place);
            Assembler.nop();
        }

        using MemoryStream stream = new();
        Assembler.Assemble(new StreamCodeWriter(stream), CodeAddress);
        byte[] bytes = stream.ToArray()[..^_operands.Count];
        List<Relocation> relocations = [];
        Decoder decoder = Decoder.Create(bitness, bytes, CodeAddress);
        while (decoder.IP < CodeAddress + (ulong)bytes.Length)
        {
            decoder.Decode(out Instruction instruction);
            FindRelocations(bytes, instruction, decoder.GetConstantOffsets(instruction), relocations);
        }

        return new Piece(name, SectionKind.Code, bytes, bytes.Length, alignment, relocations, bitness);
    }

    private bool TryFindOperand(ulong address, int codeSize, out string symbol, out long addend)
    {
        ulong index = address - (CodeAddress + (ulong)codeSize);
        bool found = index < (ulong)_operands.Count;
        symbol = found ? _operands[(int)index].Symbol : "";
        addend = found ? _operands[(int)index].Offset : 0;
        return found;
    }

    private void FindRelocations(byte[] bytes, in Instruction instruction, ConstantOffsets offsets, List<Relocation> relocations)
    {
        int start = (int)(instruction.IP - CodeAddress);
        string symbol;
        long addend;
        if (offsets.HasDisplacement)
        {
            int offset = start + offsets.DisplacementOffset;
            if (instruction.IsIPRelativeMemoryOperand)
            {
                if (TryFindOperand(instruction.MemoryDisplacement64, bytes.Length, out symbol, out addend))
                {
                    relocations.Add(Relative(bytes, offset, instruction, symbol, addend));
                }
            }
            else if (TryFind(instruction.MemoryDisplacement64, out symbol, out addend))
            {
                relocations.Add(Absolute(bytes, offset, offsets.DisplacementSize, symbol, addend));
            }
        }

        if (offsets.HasImmediate)
        {
            int offset = start + offsets.ImmediateOffset;
            bool isBranch = instruction.Op0Kind is OpKind.NearBranch16 or OpKind.NearBranch32 or OpKind.NearBranch64;
            ulong value = isBranch ? instruction.NearBranchTarget
                : offsets.ImmediateSize == 8 ? BitConverter.ToUInt64(bytes, offset)
                : offsets.ImmediateSize == 4 ? BitConverter.ToUInt32(bytes, offset)
                : 0;
            if (TryFind(value, out symbol, out addend))
            {
                relocations.Add(isBranch
                    ? Relative(bytes, offset, instruction, symbol, addend)
                    : Absolute(bytes, offset, offsets.ImmediateSize, symbol, addend));
            }
        }
    }

    private bool TryFind(ulong address, out string symbol, out long addend)
    {
        ulong index = (address - WindowStart) / WindowOfOneSymbol;
        bool found = address >= WindowStart && index < (ulong)_symbols.Count;
        symbol = found ? _symbols[(int)index] : "";
        addend = found ? (long)(address - Symbol(symbol)) : 0;
        return found;
    }

    private static Relocation Relative(byte[] bytes, int offset, in Instruction instruction, string symbol, long addend)
    {
        Array.Clear(bytes, offset, 4);
        int bytesToNext = (int)(instruction.NextIP - CodeAddress) - offset;
        return new Relocation(offset, RelocationKind.Relative32, symbol, addend - bytesToNext);
    }

    private static Relocation Absolute(byte[] bytes, int offset, int size, string symbol, long addend)
    {
        Array.Clear(bytes, offset, size);
        return new Relocation(offset, size == 8 ? RelocationKind.Absolute64 : RelocationKind.Absolute32, symbol, addend);
    }
}
