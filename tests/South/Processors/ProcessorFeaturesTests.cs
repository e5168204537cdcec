using LiteBox.Platform;
using LiteBox.South.Processors;
using LiteBox.South.Tests.Simulation;
using Xunit;

namespace LiteBox.South.Tests.Processors;

public sealed class ProcessorFeaturesTests
{
    private const uint StructuredNeeded = (1 << 0) | (1 << 7) | (1 << 20); // FSGSBASE, SMEP, SMAP
    private const uint StandardNeeded = (1 << 26) | (1 << 30); // XSAVE, RDRAND
    private const uint ExtendedNeeded = (1 << 11) | (1 << 20); // SYSCALL, NX

    [Fact]
    public void AProcessorWithAllThatIsNeededWillDo() =>
        Assert.Null(Read(StandardNeeded, StructuredNeeded, ExtendedNeeded).FirstMissing);

    [Theory]
    [InlineData(1u << 26, 0u, 0u, "XSAVE")]
    [InlineData(1u << 30, 0u, 0u, "RDRAND or RDSEED")]
    [InlineData(0u, 1u << 0, 0u, "FSGSBASE")]
    [InlineData(0u, 1u << 7, 0u, "SMEP")]
    [InlineData(0u, 1u << 20, 0u, "SMAP")]
    [InlineData(0u, 0u, 1u << 11, "SYSCALL")]
    [InlineData(0u, 0u, 1u << 20, "NX")]
    public void WhatIsMissingIsNamed(uint standard, uint structured, uint extended, string name) =>
        Assert.Equal(name, Read(StandardNeeded & ~standard, StructuredNeeded & ~structured, ExtendedNeeded & ~extended).FirstMissing);

    [Fact]
    public void ControlRegistersHoldTheProtections()
    {
        ulong cr4 = ControlRegisters.Cr4(Read(StandardNeeded, StructuredNeeded, ExtendedNeeded));
        Assert.NotEqual(0UL, cr4 & ControlRegisters.SupervisorAccessPrevention);
        Assert.NotEqual(0UL, cr4 & ControlRegisters.SupervisorExecutionPrevention);
        Assert.Equal(0UL, cr4 & ControlRegisters.UserModeInstructionPrevention); // not offered
        Assert.NotEqual(0UL, ControlRegisters.Cr0 & ControlRegisters.WriteProtect);
    }

    private static ProcessorFeatures Read(uint standard, uint structured, uint extended)
    {
        ScriptedHardware hardware = new();
        hardware.CpuidLeaves[(0, 0)] = new CpuidResult(0xD, 0, 0, 0);
        hardware.CpuidLeaves[(1, 0)] = new CpuidResult(0, 0, standard, 1 << 9);
        hardware.CpuidLeaves[(7, 0)] = new CpuidResult(0, structured, 0, 0);
        hardware.CpuidLeaves[(0x8000_0001, 0)] = new CpuidResult(0, 0, 0, extended);
        return ProcessorFeatures.Read(hardware);
    }
}
