using System;
using System.Collections.Generic;
using System.Linq;
using LiteBox.Platform;
using LiteBox.South.Exceptions;
using LiteBox.South.Snp;
using LiteBox.South.Tests.Simulation;
using Xunit;

namespace LiteBox.South.Tests.Snp;

/// <summary>Hardening rules T2, T3, T4 and T40: a #VC from a program.</summary>
public sealed class UserVmmCommunicationTests
{
    /// <summary>Exit codes and the instructions that raise them (APM volume 2, table 15-35; Linux, vc-shared.c).</summary>
    private static readonly (ulong Code, string Instruction)[] Instructions =
    [
        (0x72, "0F A2"), (0x7C, "0F 32"), (0x7C, "0F 30"), (0x6E, "0F 31"), (0x87, "0F 01 F9"), (0x6F, "0F 33"), (0x76, "0F 08"), (0x89, "0F 09"), (0x81, "0F 01 D9"),
        (0x8A, "0F 01 C8"), (0x8B, "0F 01 C9"), (0x27, "0F 21 F8"), (0x37, "0F 23 F8"), (0x7B, "EC"), (0x7B, "E4 60"), (0x7B, "EE"), (0x7B, "F3 6E"),
    ];

    [Fact]
    public void The_cross_product_of_exit_codes_and_instructions_holds_no_surprise()
    {
        IEnumerable<string> opcodes = Instructions.Select(pair => pair.Instruction).Concat(["90", "8B 00", "CC", "0F 05", "0F 0B", "00 00", "72", "0F 72 A2"]).Distinct();
        foreach (string opcode in opcodes)
        {
            for (ulong code = 0; code < 0x500; code++)
            {
                VmmCommunicationVerdict expected = !Instructions.Contains((code, opcode)) || code is 0x6E or 0x87 ? VmmCommunicationVerdict.Forged
                    : code == 0x72 ? VmmCommunicationVerdict.Cpuid
                    : VmmCommunicationVerdict.Signal;
                Assert.True(expected == Judge(code, opcode), $"code {code:x}, {opcode}: {Judge(code, opcode)}");
            }
        }
    }

    [Theory]
    [InlineData(0x400UL)]
    [InlineData(0x404UL)] // not validated
    [InlineData(0x8000_0001UL)]
    [InlineData(ulong.MaxValue)]
    public void Memory_is_emulated_for_nobody(ulong code)
    {
        for (int opcode = 0; opcode < 256; opcode++)
        {
            Assert.Equal(VmmCommunicationVerdict.Forged, UserVmmCommunication.Judge(code, new ProgramInstruction([(byte)opcode, 0, 0])));
            Assert.Equal(VmmCommunicationVerdict.Forged, UserVmmCommunication.Judge(code, new ProgramInstruction([0x0F, (byte)opcode, 0])));
        }
    }

    [Fact]
    public void Where_no_code_can_be_read_it_is_forged() => Assert.Equal(VmmCommunicationVerdict.Forged, UserVmmCommunication.Judge(0x72, new ProgramInstruction([])));

    [Theory]
    [InlineData("0F A2", 2)]
    [InlineData("66 48 0F A2", 4)]
    public void Cpuid_is_answered_from_the_table_and_stepped_over(string code, int length)
    {
        ScriptedHardware hardware = new() { CpuidLeaves = { [(7, 1)] = new CpuidResult(10, 11, 12, 13) } };
        UserVmmCommunication.Use(hardware);
        UserRegisters registers = new() { Rip = 0x1000, Rax = 0xFFFF_FFFF_0000_0007, Rcx = 0xFFFF_FFFF_0000_0001, Rsi = 99 };
        ProgramInstruction instruction = new(Bytes(code));
        Assert.Equal(VmmCommunicationVerdict.Cpuid, UserVmmCommunication.Judge(0x72, instruction));
        UserVmmCommunication.Emulate(ref registers, instruction);
        Assert.Equal((10UL, 11UL, 12UL, 13UL), (registers.Rax, registers.Rbx, registers.Rcx, registers.Rdx));
        Assert.Equal((0x1000UL + (ulong)length, 99UL), (registers.Rip, registers.Rsi));
    }

    private static VmmCommunicationVerdict Judge(ulong code, string instruction) => UserVmmCommunication.Judge(code, new ProgramInstruction(Bytes(instruction)));

    private static byte[] Bytes(string text) => [.. text.Split(' ').Select(digits => Convert.ToByte(digits, 16))];
}
