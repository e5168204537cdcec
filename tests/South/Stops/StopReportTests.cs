using System;
using System.Collections.Generic;
using System.Text;
using LiteBox.Platform;
using LiteBox.South.Stops;
using Xunit;

namespace LiteBox.South.Tests.Stops;

public sealed class StopReportTests
{
    [Fact]
    public void TheFirstLineIsWhatTheHarnessLooksFor()
    {
        Output output = new();
        StopReport.WriteReason(output, StopReason.BrokenInvariant, "IndexOutOfRangeException", "");
        StopReport.WriteReason(output, StopReason.MissingFeature, "the processor lacks a feature", "SMAP");
        Assert.Equal(["litebox: STOP 1 IndexOutOfRangeException", "litebox: STOP 9 the processor lacks a feature: SMAP"], output.Lines);
    }

    [Fact]
    public void ShowsEachRegisterUnderItsName()
    {
        UserRegisters registers = new()
        {
            R15 = 0x15, R14 = 0x14, R13 = 0x13, R12 = 0x12, Rbp = 0xB0, Rbx = 0xB1, R11 = 0x11, R10 = 0x10, R9 = 9, R8 = 8,
            Rax = 0xA, Rcx = 0xC, Rdx = 0xD, Rsi = 0x51, Rdi = 0xD1, Rip = 0x11B, Cs = 0x10, Rflags = 0x46, Rsp = 0x5B, Ss = 0x18,
        };
        Output output = new();
        StopReport.WriteException(output, registers, 14, 2, 0xDEAD);
        string text = string.Join('\n', output.Lines);
        Assert.Contains("#PF page fault, vector 14, error 0000000000000002, cr2 000000000000dead", text, StringComparison.Ordinal);
        foreach ((string name, ulong value) in new (string, ulong)[]
        {
            ("rip", 0x11B), ("cs ", 0x10), ("flg", 0x46), ("rsp", 0x5B), ("ss ", 0x18), ("rbp", 0xB0), ("rax", 0xA), ("rbx", 0xB1), ("rcx", 0xC),
            ("rdx", 0xD), ("rsi", 0x51), ("rdi", 0xD1), ("r8 ", 8), ("r9 ", 9), ("r10", 0x10), ("r11", 0x11), ("r12", 0x12), ("r13", 0x13),
            ("r14", 0x14), ("r15", 0x15),
        })
        {
            Assert.Contains($"{name} {value:x16}", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TheBacktraceIsTheReturnAddressesOnTheStack()
    {
        Output output = new() { Stack = [0x1000, 0x42, 0x2000, 0x43] };
        StopReport.WriteBacktrace(output, 0x3000, 0);
        Assert.Equal(["  at 0000000000003000 <3000>", "  at 0000000000001000 <1000>", "  at 0000000000002000 <2000>"], output.Lines);
    }

    [Fact]
    public void ABacktraceHasAnEnd()
    {
        Output output = new() { Stack = new ulong[10_000] };
        Array.Fill(output.Stack, 0x1000UL);
        StopReport.WriteBacktrace(output, 0, 0);
        Assert.InRange(output.Lines.Count, 10, 40);
    }

    [Theory]
    [InlineData("cccce800000000", true)] // call rel32
    [InlineData("ccccccccccffd0", true)] // call rax
    [InlineData("ccccccccff5010", true)] // call [rax+0x10]
    [InlineData("ccff9000010000", true)] // call [rax+0x100]
    [InlineData("ccccccff542410", true)] // call [rsp+0x10]
    [InlineData("ccff1500000000", true)] // call [rip]
    [InlineData("cccccccccccccc", false)]
    [InlineData("ccccccccccffe0", false)] // jmp rax
    public void KnowsCallsFromBehind(string code, bool isCall) => Assert.Equal(isCall, CallEncoding.EndsWithCall(Convert.FromHexString(code)));

    [Theory]
    [InlineData(0, 1, "0")]
    [InlineData(ulong.MaxValue, 1, "18446744073709551615")]
    [InlineData(42, 5, "   42")]
    public void WritesNumbers(ulong value, int width, string expected)
    {
        LineWriter line = new(stackalloc byte[40]);
        line.WriteDecimal(value, width);
        Assert.Equal(expected, Encoding.ASCII.GetString(line.Written));
    }

    [Fact]
    public void ALineThatIsFullDropsTheRest()
    {
        LineWriter line = new(stackalloc byte[4]);
        line.Write("abcdef");
        line.WriteHexadecimal(1);
        Assert.Equal("abcd", Encoding.ASCII.GetString(line.Written));
    }

    private sealed class Output : StopOutput
    {
        public List<string> Lines { get; } = [];

        public ulong[] Stack { get; init; } = [];

        internal override void WriteLine(ReadOnlySpan<byte> line) => Lines.Add(Encoding.ASCII.GetString(line));

        internal override void WriteSymbol(ulong address, ref LineWriter line) => line.Write($"<{address:x}>");

        internal override bool TryReadStack(ulong address, out ulong value)
        {
            bool inside = address / 8 < (ulong)Stack.Length;
            value = inside ? Stack[address / 8] : 0;
            return inside;
        }

        internal override bool IsReturnAddress(ulong address) => address % 0x1000 == 0;
    }
}
