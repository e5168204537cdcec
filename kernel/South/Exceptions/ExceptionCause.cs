using System;
using LiteBox.Platform;
using LiteBox.South.Processors;

namespace LiteBox.South.Exceptions;

/// <summary>
/// Whether an exception in user mode can be the program's own doing. SECURITY: a host can inject any vector at any instruction, and a handler for a signal
/// that never was is a way into a program (Heckler, CVE-2024-25743; Sigy). Where the instruction at RIP cannot raise the exception, somebody forged it (T8).
/// </summary>
/// <remarks>
/// The answer is "no" only where it is certain: the instructions that are known never to raise #UD, #GP, #SS or #NP are listed, and they are those that
/// programs mostly consist of. So a host can still forge a #GP at a load from memory.
/// </remarks>
internal static class ExceptionCause
{
    /// <summary>Bytes before RIP that are looked at: traps come behind their instruction.</summary>
    internal const int TrapLength = 2;

    private const byte BreakpointInstruction = 0xCC;
    private const byte DebugInstruction = 0xF1;
    private const byte PopFlags = 0x9D;
    private const byte SoftwareInterrupt = 0xCD;

    /// <summary>With more prefixes than this an instruction can be longer than 15 bytes, which is #GP or #UD whatever it is.</summary>
    private const int HarmlessPrefixes = 3;

    /// <summary>True where the instruction at RIP, or for traps the one before, can raise the exception.</summary>
    /// <param name="code">What stands at RIP, up to 15 bytes; empty where nothing can be read there.</param>
    /// <param name="before">The two bytes before RIP; empty where they cannot be read.</param>
    internal static bool IsPossible(ulong vector, in UserRegisters registers, ReadOnlySpan<byte> code, ReadOnlySpan<byte> before)
    {
        switch (vector)
        {
            case (ulong)ExceptionVector.Debug:
                // A single step's frame has the flag; the instruction that clears it is the last one to be trapped.
                return (registers.Rflags & Rflags.Trap) != 0 || Last(before) is DebugInstruction or PopFlags;

            case (ulong)ExceptionVector.Breakpoint:
                return Last(before) == BreakpointInstruction || IsSoftwareInterrupt(before, vector);

            case (ulong)ExceptionVector.Overflow:
                return IsSoftwareInterrupt(before, vector);
        }

        if (code.IsEmpty)
        {
            // Nothing was executed here, unless it is a jump to an address that is none: the processor loads it before it faults.
            return vector is (ulong)ExceptionVector.GeneralProtection or (ulong)ExceptionVector.Stack && registers.Rip >= UserAddress.Limit;
        }

        ProgramInstruction instruction = new(code);
        return vector switch
        {
            (ulong)ExceptionVector.DivideError => instruction is { Map: OpcodeMap.Primary, Opcode: 0xF6 or 0xF7, Register: 6 or 7 },
            (ulong)ExceptionVector.InvalidOpcode => !IsDefined(instruction),
            (ulong)ExceptionVector.SegmentNotPresent or (ulong)ExceptionVector.Stack or (ulong)ExceptionVector.GeneralProtection => !IsQuiet(instruction),
            (ulong)ExceptionVector.X87FloatingPoint => UsesX87(instruction),
            (ulong)ExceptionVector.AlignmentCheck => (registers.Rflags & Rflags.AlignmentCheck) != 0,
            (ulong)ExceptionVector.SimdFloatingPoint => instruction.Map != OpcodeMap.Primary && !IsDefined(instruction),

            // BOUND is no instruction of 64-bit mode; CR0.TS and CR0.EM are never set; the others have no business in user mode at all.
            _ => false,
        };
    }

    private static byte Last(ReadOnlySpan<byte> before) => before.IsEmpty ? (byte)0 : before[^1];

    private static bool IsSoftwareInterrupt(ReadOnlySpan<byte> before, ulong vector) =>
        before.Length == TrapLength && before[0] == SoftwareInterrupt && before[1] == vector;

    /// <summary>Instructions that wait for x87: D8 to DF, FWAIT; and MMX, which is in the second map and is none of the integer instructions there.</summary>
    private static bool UsesX87(in ProgramInstruction instruction) => instruction.Map == OpcodeMap.Primary
        ? instruction.Opcode is (>= 0xD8 and <= 0xDF) or 0x9B
        : instruction.Map == OpcodeMap.Secondary && !IsDefinedSecondary(instruction);

    /// <summary>True for instructions that every processor has and that are never #UD (APM volume 3, table ).</summary>
    private static bool IsDefined(in ProgramInstruction instruction) =>
        !instruction.IsLocked && instruction.PrefixCount <= HarmlessPrefixes && instruction.Map switch
        {
            OpcodeMap.Primary => IsDefinedPrimary(instruction),
            OpcodeMap.Secondary => !instruction.IsRepeated && IsDefinedSecondary(instruction),
            _ => false,
        };

    private static bool IsDefinedPrimary(in ProgramInstruction instruction) => instruction.Opcode switch
    {
        < 0x40 => (instruction.Opcode & 7) <= 5, // ADD, OR, ADC, SBB, AND, SUB, XOR, CMP
        (>= 0x50 and <= 0x5F) or 0x63 or (>= 0x68 and <= 0x6B) or (>= 0x70 and <= 0x7F) => true, // PUSH, POP, MOVSXD, IMUL, Jcc
        0x80 or 0x81 or (>= 0x83 and <= 0x8B) => true, // arithmetic with immediates, TEST, XCHG, MOV
        0x8D => !instruction.IsRegisterForm, // LEA
        (>= 0x90 and <= 0x99) or 0x9C or 0x9D or (>= 0xA0 and <= 0xBF) or 0xC2 or 0xC3 or 0xC9 => true, // XCHG, CBW, flags, strings, MOV, RET, LEAVE
        0xC0 or 0xC1 or (>= 0xD0 and <= 0xD3) => instruction.Register != 6, // shifts
        0xC6 or 0xC7 => instruction.Register == 0, // MOV
        0xCC or 0xCD or (>= 0xE0 and <= 0xE9) or (>= 0xEB and <= 0xEF) => true, // INT, LOOP, IN, OUT, CALL, JMP
        0xF4 or 0xF5 or (>= 0xF8 and <= 0xFD) => true, // HLT, flags
        0xF6 or 0xF7 => instruction.Register != 1, // TEST, NOT, NEG, MUL, DIV
        0xFE => instruction.Register <= 1,
        0xFF => instruction.Register is 0 or 1 or 2 or 4 or 6, // INC, DEC, CALL, JMP, PUSH
        _ => false,
    };

    private static bool IsDefinedSecondary(in ProgramInstruction instruction) => instruction.Opcode switch
    {
        0x05 or 0x1F or 0x31 or 0xA2 => true, // SYSCALL, NOP, RDTSC, CPUID
        (>= 0x40 and <= 0x4F) or (>= 0x80 and <= 0x9F) => true, // CMOVcc, Jcc, SETcc
        (>= 0xA3 and <= 0xA5) or (>= 0xAB and <= 0xAD) or 0xAF or 0xB0 or 0xB1 or 0xB3 or 0xB6 or 0xB7 or 0xBB => true, // BT, SHLD, IMUL, CMPXCHG, MOVZX
        0xBA => instruction.Register >= 4, // BT with an immediate
        0xBE or 0xBF or 0xC0 or 0xC1 or (>= 0xC8 and <= 0xCF) => true, // MOVSX, XADD, BSWAP
        _ => false,
    };

    /// <summary>True for defined instructions that touch neither memory nor stack nor segments and do not jump: they raise nothing but #DE.</summary>
    private static bool IsQuiet(in ProgramInstruction instruction) =>
        IsDefined(instruction) && (instruction.Map == OpcodeMap.Primary ? IsQuietPrimary(instruction) : IsQuietSecondary(instruction));

    private static bool IsQuietPrimary(in ProgramInstruction instruction) => instruction.Opcode switch
    {
        < 0x40 => (instruction.Opcode & 7) >= 4 || instruction.IsRegisterForm,
        0x63 or 0x69 or 0x6B or (>= 0x80 and <= 0x8B) or 0xC0 or 0xC1 or 0xC6 or 0xC7 or (>= 0xD0 and <= 0xD3) or 0xF6 or 0xF7 or 0xFE => instruction.IsRegisterForm,
        0x8D or (>= 0x90 and <= 0x99) or 0xA8 or 0xA9 or (>= 0xB0 and <= 0xBF) or 0xF5 or 0xF8 or 0xF9 or 0xFC or 0xFD => true,
        0xFF => instruction.Register <= 1 && instruction.IsRegisterForm,
        _ => false,
    };

    private static bool IsQuietSecondary(in ProgramInstruction instruction) => instruction.Opcode switch
    {
        0x05 or 0x1F or 0x31 or 0xA2 or (>= 0xC8 and <= 0xCF) => true,
        >= 0x80 and <= 0x8F => false,
        _ => instruction.IsRegisterForm,
    };
}
