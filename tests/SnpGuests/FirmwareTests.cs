using System;
using System.Threading.Tasks;
using LiteBox.GuestKit;
using LiteBox.Qemu;
using Xunit;
using Xunit.Abstractions;

namespace LiteBox.SnpGuests.Tests;

/// <summary>OVMF, unmodified.</summary>
public sealed class FirmwareTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Ovmf_comes_to_its_shell(int cpus)
    {
        SoftwareSnpMachine machine = SnpMachines.Machine(SnpMachines.Ovmf);
        await using VirtualMachine guest = VirtualMachine.Start(new VirtualMachineOptions { Machine = machine, Boot = new NoBoot(), Cpus = cpus });
        await guest.Console.ExpectAsync("Shell> ", Limit);
        SnpHost.CheckProcessorTime(guest, "the UEFI shell", output);
        Assert.Empty(machine.Record.Refusals);
    }
}
