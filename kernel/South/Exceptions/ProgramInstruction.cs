using System;

namespace LiteBox.South.Exceptions;

/// <summary>Which table of instructions an opcode is from (APM volume 3, appendix A).</summary>
internal enum OpcodeMap : byte
{
    /// <summary>One byte.</summary>
    Primary,

    /// <summary>0F and one byte.</summary>
    Secondary,

    /// <summary>0F 38, 0F 3A, and whatever a VEX, EVEX or XOP prefix leads to.</summary>
    Other,
}

/// <summary>
/// A program's instruction, decoded as far as it takes to say what it can and cannot cause (T2, T8): its prefixes, its opcode, and the byte behind it. Bytes that
/// are missing are zeros.
/// </summary>
internal readonly ref struct ProgramInstruction
{
    /// <summary>No instruction is longer.</summary>
    internal const int LongestLength = 15;

    private const byte TwoByteEscape = 0x0F;
    private const byte LockPrefix = 0xF0;

    internal ProgramInstruction(ReadOnlySpan<byte> code)
    {
        int at = 0;
        while (At(code, at) is var prefix && IsPrefix(prefix) && at < LongestLength)
        {
            IsLocked |= prefix == LockPrefix;
            IsRepeated |= prefix is 0xF2 or 0xF3;
            at++;
        }

        PrefixCount = at;
        Opcode = At(code, at);
        if (Opcode == TwoByteEscape)
        {
            at++;
            Opcode = At(code, at);
            Map = Opcode is 0x38 or 0x3A ? OpcodeMap.Other : OpcodeMap.Secondary;
        }
        else if (Opcode is 0x62 or 0xC4 or 0xC5)
        {
            Map = OpcodeMap.Other;
        }

        Length = at + 1;
        ModRm = At(code, Length);
    }

    internal OpcodeMap Map { get; }

    internal byte Opcode { get; }

    /// <summary>The byte behind the opcode: ModRM, where the instruction has one.</summary>
    internal byte ModRm { get; }

    /// <summary>ModRM's middle field: a register, or which of several instructions this is.</summary>
    internal int Register => (ModRm >> 3) & 7;

    /// <summary>True where ModRM names a register and no memory.</summary>
    internal bool IsRegisterForm => ModRm >= 0xC0;

    /// <summary>LOCK is among the prefixes.</summary>
    internal bool IsLocked { get; }

    /// <summary>REP or REPNE is among the prefixes.</summary>
    internal bool IsRepeated { get; }

    internal int PrefixCount { get; }

    /// <summary>Bytes of prefixes and opcode: the whole of an instruction without operands.</summary>
    internal int Length { get; }

    // Segment, operand size, address size, LOCK, REP, REX.
    private static bool IsPrefix(byte value) =>
        value is 0x26 or 0x2E or 0x36 or 0x3E or 0x64 or 0x65 or 0x66 or 0x67 or LockPrefix or 0xF2 or 0xF3 or (>= 0x40 and <= 0x4F);

    private static byte At(ReadOnlySpan<byte> code, int index) => index < code.Length ? code[index] : (byte)0;
}
