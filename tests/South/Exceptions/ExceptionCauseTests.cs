using System;
using System.Linq;
using LiteBox.Platform;
using LiteBox.South.Exceptions;
using LiteBox.South.Processors;
using Xunit;

namespace LiteBox.South.Tests.Exceptions;

/// <summary>Hardening rules T6 and T8: which exceptions an instruction can raise.</summary>
public sealed class ExceptionCauseTests
{
    /// <summary>What a program consists of and a host might choose: MOV, ADD, LEA, CMP, TEST, XOR, SETcc, MOVZX, NOP, CPUID, SYSCALL.</summary>
    public static TheoryData<string> QuietInstructions =>
    [
        "89 D8", "4C 01 C8", "48 8D 44 24 08", "83 F8 00", "85 C0", "31 C0", "0F 94 C0", "0F B6 C0", "90", "66 0F 1F 44 00 00", "0F A2", "0F 05", "B8 01 00 00 00",
        "41 BA 01 00 00 00", "48 63 C7", "0F C8", "48 0F 44 C2", "C1 E0 04", "48 F7 D8", "FF C0", "98", "0F AF C3", "F3 90",
    ];

    [Theory]
    [MemberData(nameof(QuietInstructions))]
    public void No_exception_is_believed_at_an_instruction_that_raises_none(string code)
    {
        for (ulong vector = 0; vector < InterruptVectors.FirstExternal; vector++)
        {
            Assert.False(IsPossible(vector, code, before: code), $"vector {vector}");
        }
    }

    [Theory]
    [InlineData(0, "F7 F1")] // DIV ECX
    [InlineData(0, "48 F7 7C 24 08")] // IDIV qword
    [InlineData(0, "41 F6 F7")] // DIV R15B
    [InlineData(6, "0F 0B")] // UD2
    [InlineData(6, "0F FF C0")] // UD0
    [InlineData(6, "06")] // PUSH ES, which 64-bit mode has not
    [InlineData(6, "D6")] // SALC
    [InlineData(6, "F0 89 D8")] // LOCK of a register
    [InlineData(6, "8D C0")] // LEA of a register
    [InlineData(6, "0F 01 D8")] // VMRUN
    [InlineData(6, "C5 F8 77")] // VZEROUPPER, where there is no AVX
    [InlineData(6, "62 F1 7C 48 28 C1")] // AVX-512
    [InlineData(6, "F2 0F A2")] // a repeated CPUID: not certain
    [InlineData(11, "8E D8")] // MOV DS
    [InlineData(11, "CB")] // far RET
    [InlineData(12, "50")] // PUSH
    [InlineData(12, "C3")]
    [InlineData(12, "8B 44 24 08")]
    [InlineData(13, "F4")] // HLT
    [InlineData(13, "FA")]
    [InlineData(13, "E6 80")] // OUT
    [InlineData(13, "CD 80")] // INT 0x80
    [InlineData(13, "8B 00")]
    [InlineData(13, "FF E0")] // JMP RAX
    [InlineData(13, "0F 30")] // WRMSR
    [InlineData(13, "0F 20 C0")] // MOV from CR0
    [InlineData(13, "F3 A4")] // REP MOVSB
    [InlineData(13, "66 66 66 66 66 66 66 66 66 66 66 66 66 66 89 D8")] // 16 bytes are too many
    [InlineData(16, "D9 E8")]
    [InlineData(16, "9B")]
    [InlineData(16, "0F 6F C1")] // MMX
    [InlineData(19, "F2 0F 5E C1")] // DIVSD
    [InlineData(19, "C5 FB 5E C1")] // VDIVSD
    public void An_exception_is_believed_where_the_instruction_can_raise_it(int vector, string code) => Assert.True(IsPossible((ulong)vector, code));

    [Theory]
    [InlineData(0, "F7 E1")] // MUL
    [InlineData(0, "8B 00")]
    [InlineData(6, "8B 00")]
    [InlineData(6, "E8 00 00 00 00")]
    [InlineData(6, "0F 84 00 00 00 00")]
    [InlineData(13, "89 C8")]
    [InlineData(16, "89 C8")]
    [InlineData(19, "F7 F1")]
    [InlineData(5, "62 00")] // BOUND is none
    [InlineData(7, "D9 E8")] // CR0.TS is never set
    [InlineData(17, "8B 00")] // without the AC flag
    public void An_exception_is_not_believed_where_the_instruction_cannot_raise_it(int vector, string code) => Assert.False(IsPossible((ulong)vector, code));

    [Theory]
    [InlineData(1, 0UL, "00 F1", true)]
    [InlineData(1, 0UL, "00 9D", true)] // POPF that clears the flag
    [InlineData(1, 0x100UL, "00 90", true)]
    [InlineData(1, 0UL, "00 90", false)]
    [InlineData(3, 0UL, "90 CC", true)]
    [InlineData(3, 0UL, "CD 03", true)]
    [InlineData(3, 0x100UL, "CC 90", false)]
    [InlineData(4, 0UL, "CD 04", true)]
    [InlineData(4, 0UL, "CD 03", false)]
    [InlineData(4, 0UL, "04", false)]
    [InlineData(17, 0x40000UL, "90 90", true)]
    public void Traps_come_behind_their_instruction_and_flags_count(int vector, ulong flags, string before, bool possible) =>
        Assert.Equal(possible, IsPossible((ulong)vector, "8B 00", before, flags));

    [Theory]
    [InlineData(UserAddress.Limit, 13, true)] // a jump to nowhere
    [InlineData(ulong.MaxValue, 12, true)]
    [InlineData(UserAddress.Limit, 6, false)]
    [InlineData(0x40_0000UL, 13, false)] // what cannot be read was not executed
    [InlineData(0x40_0000UL, 0, false)]
    public void Where_no_code_is_only_a_jump_can_have_failed(ulong rip, int vector, bool possible)
    {
        UserRegisters registers = new() { Rip = rip };
        Assert.Equal(possible, ExceptionCause.IsPossible((ulong)vector, registers, [], []));
    }

    private static bool IsPossible(ulong vector, string code, string before = "00 00", ulong flags = 0)
    {
        UserRegisters registers = new() { Rip = 0x40_0000, Rflags = flags };
        byte[] last = Bytes(before);
        return ExceptionCause.IsPossible(vector, registers, Bytes(code), last[Math.Max(0, last.Length - ExceptionCause.TrapLength)..]);
    }

    private static byte[] Bytes(string text) => [.. text.Split(' ').Select(digits => Convert.ToByte(digits, 16))];
}
