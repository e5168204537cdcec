using System;
using System.Linq;
using LiteBox.Platform;
using LiteBox.South.Processors;
using LiteBox.South.Tests.Simulation;
using Xunit;

namespace LiteBox.South.Tests.Processors;

public sealed class ExtendedStateTests
{
    private const int Size = 832;
    private static readonly ExtendedState State = new(0b111, Size, 0x2FFFF);

    [Fact]
    public void TheInitialStateIsThatOfANewProgram()
    {
        byte[] area = Enumerable.Repeat((byte)0xAA, Size).ToArray();
        State.WriteInitial(area);
        Assert.Equal(0x37F, BitConverter.ToUInt16(area, 0));
        Assert.Equal(0x1F80u, BitConverter.ToUInt32(area, 24));
        Assert.True(area[512..].All(value => value == 0)); // nothing is in use
        Assert.True(State.IsRestorable(area));
    }

    [Theory]
    [InlineData(24 + 2, 0x04, false)] // MXCSR bit 18
    [InlineData(24, 0x3F, true)]
    [InlineData(512, 0x07, true)] // XSTATE_BV: x87, SSE, AVX
    [InlineData(512, 0x08, false)] // a component that is not in use
    [InlineData(519, 0x80, false)]
    [InlineData(520 + 7, 0x80, false)] // XCOMP_BV: the compacted form
    [InlineData(528, 0x01, false)] // reserved
    [InlineData(575, 0x01, false)]
    [InlineData(576, 0xFF, true)] // AVX itself
    public void RefusesWhatXrstorWouldFaultOn(int offset, byte value, bool expected)
    {
        byte[] area = new byte[Size];
        State.WriteInitial(area);
        area[offset] |= value;
        Assert.Equal(expected, State.IsRestorable(area));
    }

    [Fact]
    public void RefusesWhatIsTooShort() => Assert.False(State.IsRestorable(new byte[Size - 1]));

    [Fact]
    public void TheSizeIsThatOfTheComponentsInUse()
    {
        ScriptedHardware hardware = new();
        hardware.CpuidLeaves[(0xD, 2)] = new CpuidResult(256, 576, 0, 0);
        hardware.CpuidLeaves[(0xD, 9)] = new CpuidResult(8, 2688, 0, 0);
        Assert.Equal(576, ExtendedState.SizeOf(0b11, hardware));
        Assert.Equal(832, ExtendedState.SizeOf(0b111, hardware));
        Assert.Equal(2696, ExtendedState.SizeOf(0b10_0000_0111, hardware));
    }

    [Fact]
    public void ASizeThatOverflowsIsNotBelieved()
    {
        ScriptedHardware hardware = new();
        hardware.CpuidLeaves[(0xD, 2)] = new CpuidResult(uint.MaxValue, 576, 0, 0);
        Assert.Throws<OverflowException>(() => ExtendedState.SizeOf(0b111, hardware));
    }
}
