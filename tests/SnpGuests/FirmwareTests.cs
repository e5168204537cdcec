using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using LiteBox.Qemu;
using Xunit;
using Xunit.Abstractions;

namespace LiteBox.SnpGuests.Tests;

/// <summary>OVMF, unmodified, and that a guest's every run is the same.</summary>
public sealed class FirmwareTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Ovmf_comes_to_its_shell(int cpus)
    {
        SoftwareSnpMachine machine = SnpHost.Machine(SnpHost.Ovmf);
        await using VirtualMachine guest = VirtualMachine.Start(new VirtualMachineOptions { Machine = machine, Boot = new NoBoot(), Cpus = cpus });
        await guest.Console.ExpectAsync("Shell> ", Limit);
        SnpHost.CheckProcessorTime(guest, "the UEFI shell", output);
        Assert.Empty(machine.Record.Refusals);
    }

    [Fact]
    public async Task Counting_instructions_makes_every_run_the_same()
    {
        (string console, IReadOnlyDictionary<string, ulong> counters) first = await RunAsync();
        (string console, IReadOnlyDictionary<string, ulong> counters) second = await RunAsync();
        Assert.Contains("INIT-DONE", first.console);
        Assert.Equal(first.console, second.console);
        Assert.Equal(first.counters.OrderBy(counter => counter.Key), second.counters.OrderBy(counter => counter.Key));
    }

    private static async Task<(string Console, IReadOnlyDictionary<string, ulong> Counters)> RunAsync()
    {
        VirtualMachineOptions options = new() { Machine = SnpHost.Machine(SnpHost.Ovmf), Boot = LinuxGuest.Boot("6.1"), CountInstructions = true };
        (MachineRun run, SnpRecord record) = await SnpHost.RunAsync(options, Limit);
        Assert.True(run.End == MachineEnd.PowerOff, SnpHost.Tell(run, record));
        return (run.Console, record.Counters);
    }
}
