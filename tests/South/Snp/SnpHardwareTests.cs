using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using LiteBox.South.Acpi;
using LiteBox.South.Memory;
using LiteBox.South.Snp;
using LiteBox.South.Stops;
using Xunit;

namespace LiteBox.South.Tests.Snp;

/// <summary>Hardening rules T24 and T41: what the kernel asks the host for is on a list, and nothing else reaches the host.</summary>
public sealed unsafe class SnpHardwareTests : IDisposable
{
    private const ushort PowerPort = 0x604;
    private const ushort ResetPort = 0xCF9;
    private readonly GhcbPage* page = (GhcbPage*)NativeMemory.AlignedAlloc(4096, 4096);
    private readonly LyingHost host = new();
    private readonly SnpHardware hardware;

    public SnpHardwareTests()
    {
        PhysicalMemory.Reset();
        new Span<byte>(page, 4096).Clear();
        hardware = new SnpHardware(new Ghcb(host, page, new PhysicalAddress(0x1000)), default, 0);
        host.OnPageExit = () =>
        {
            page->ExitInfo1 = 0;
            page->MarkValid(GhcbPage.RaxOffset);
            page->MarkValid(GhcbPage.RdxOffset);
        };
    }

    public void Dispose() => NativeMemory.AlignedFree(page);

    [Fact]
    public void Of_all_ports_those_of_the_list_reach_the_host()
    {
        int[] expected = [0x20, 0x21, 0x40, 0x41, 0x42, 0x43, 0x61, 0x64, 0x70, 0x71, 0xA0, 0xA1, .. Enumerable.Range(0x3F8, 8)];
        Assert.Equal(expected, Reached(port => hardware.ReadPort8((ushort)port)));
        Assert.Equal(expected, Reached(port => hardware.WritePort8((ushort)port, 0)));
        hardware.Allow(new AcpiPower(PowerPort, ResetPort, 0));
        Assert.Equal([.. expected, PowerPort, ResetPort], Reached(port => hardware.WritePort16((ushort)port, 0)));
    }

    [Theory]
    [InlineData(0x1Bu, true)] // APIC base
    [InlineData(0x6E0u, true)] // TSC deadline
    [InlineData(0x800u, true)]
    [InlineData(0x8FFu, true)]
    [InlineData(0x7FFu, false)]
    [InlineData(0x900u, false)]
    [InlineData(0x10u, false)] // the time-stamp counter
    [InlineData(0x12u, false)] // kvmclock of old
    [InlineData(0x4B56_4D00u, false)] // kvmclock: wall clock
    [InlineData(0x4B56_4D01u, false)] // kvmclock: system time
    [InlineData(0x4000_0020u, false)] // Hyper-V's time
    [InlineData(0xC000_0080u, false)] // EFER
    [InlineData(0xC001_0130u, false)] // GHCB
    public void Registers_are_those_of_the_list(uint register, bool isOnList)
    {
        Assert.Equal(isOnList, Reaches(() => hardware.ReadMsr(register)));
        Assert.Equal(isOnList, Reaches(() => hardware.WriteMsr(register, 0)));
    }

    [Fact]
    public void Devices_are_those_whose_page_was_opened()
    {
        Assert.False(Reaches(() => hardware.ReadDevice32(0xFEE0_0020)));
        Assert.True(hardware.TryOpenDevice(0xFEE0_0000));
        Assert.True(Reaches(() => hardware.ReadDevice32(0xFEE0_0020)));
        Assert.True(Reaches(() => hardware.WriteDevice32(0xFEE0_0FFC, 0)));
        Assert.False(Reaches(() => hardware.ReadDevice32(0xFEE0_1000)));
        Assert.False(Reaches(() => hardware.WriteDevice32(0xFEDF_FFFC, 0)));
    }

    [Fact]
    public void A_host_that_does_not_answer_ends_the_machine()
    {
        host.OnPageExit = () => page->ExitInfo1 = 2;
        Action[] requests =
        [
            () => hardware.ReadPort8(0x70), () => hardware.WritePort8(0x70, 1), () => hardware.ReadPort16(0x40), () => hardware.WritePort32(0x3F8, 1),
            () => hardware.ReadMsr(0x1B), () => hardware.WriteMsr(0x1B, 1),
        ];
        Assert.All(requests, request => Assert.Equal(StopReason.HostBrokeProtocol, Assert.Throws<StoppedException>(request).Reason));
    }

    /// <summary>T37: no answer of the host's decides what the processor is.</summary>
    [Fact]
    public void Cpuid_never_asks_the_host()
    {
        foreach (uint leaf in new uint[] { 0, 1, 7, 0xD, 0x4000_0000, 0x4000_00FF, 0x8000_001F, uint.MaxValue })
        {
            hardware.Cpuid(leaf, 0);
        }

        Assert.Equal(0, host.Exits);
    }

    private IEnumerable<int> Reached(Action<int> request) => Enumerable.Range(0, 0x10000).Where(port => Reaches(() => request(port)));

    private bool Reaches(Action request)
    {
        int before = host.Exits;
        try
        {
            request();
        }
        catch (MachineStoppedException)
        {
            Assert.Equal(before, host.Exits);
            return false;
        }

        return host.Exits == before + 1;
    }
}
