using System;
using LiteBox.SnpMachine.Diagnosis;
using LiteBox.SnpMachine.Host;
using Xunit;

namespace LiteBox.SnpMachine.Tests;

/// <summary>Disk barriers, as far as there is something to see without QEMU's devices; what they do, SnpGuests.LinuxTests and Guest.BootTests show.</summary>
public sealed class DiskBarrierTests : IDisposable
{
    private readonly MachineFixture _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void A_barrier_without_its_device_is_refused_at_launch()
    {
        Assert.Throws<MachineStoppedException>(() => DiskBarrier.Initialise(1));
        Assert.Equal(Rule.LaunchConfiguration, Refusal.Last);
        Assert.False(DiskBarrier.IsUsed);
    }
}
