using System;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using LiteBox.GuestKit;
using LiteBox.Qemu;
using Xunit;

namespace LiteBox.SnpGuests.Tests;

/// <summary>
/// What memory costs before the first process, in instructions: 4 GiB beside 512 MiB. Of an SNP guest's 4 GiB firmware leaves most unaccepted; that costs exits, until
/// all of it is accepted, on demand and in idle time. The machine refuses any touch of a page that is not validated, and any second validation (T25, T30).
/// </summary>
public sealed partial class MemoryTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(12);

    private const ulong MostInstructions = 60_000_000;
    private const ulong MostPageStateExits = 9;
    private const string PageStateExits = "ghcb_d0";
    private const string Validated = "validated_2m";

    private const string Start = """
        #!/bin/busybox sh
        /bin/busybox mkdir -p /proc /dev /tmp
        /bin/busybox mount -t proc proc /proc
        /bin/busybox mount -t devtmpfs dev /dev
        /bin/busybox mount -t tmpfs -o size=3g tmpfs /tmp
        /bin/busybox grep Unaccepted /proc/meminfo

        """;

    // More than firmware accepted: the rest is accepted as it is asked for.
    private const string Demand = """
        /bin/busybox dd if=/dev/zero of=/tmp/file bs=1M count=2200
        echo "THEN $(/bin/busybox grep Unaccepted /proc/meminfo)"

        """;

    private const string Wait = """
        while /bin/busybox grep -q Unaccepted /proc/meminfo; do /bin/busybox sleep 0.1; done
        echo ALL ACCEPTED
        """;

    [Fact]
    public async Task T30_FourGibibytesCostWhatHalfAGibibyteDoesAndFewExits()
    {
        (MachineRun small, SnpRecord smallRecord) = await BootInSnpAsync(512, Start + Wait);
        (MachineRun large, SnpRecord largeRecord) = await BootInSnpAsync(4096, Start + Demand + Wait);
        Assert.DoesNotContain("Unaccepted:", small.Console);
        Assert.Matches("\nUnaccepted: +[0-9]{7} kB", large.Console);
        Assert.Matches("THEN Unaccepted: +1[0-9]{6} kB", large.Console); // some on demand, the rest by the idle loop
        AssertCostIsAlike(small, large, mostGrowthInPercent: 2);

        // Firmware's own exits are in both; one of those of the small guest is its kernel's, for the shared pool.
        ulong exits = largeRecord.Counters[PageStateExits] - smallRecord.Counters[PageStateExits] + 1;
        Assert.InRange(exits, 2UL, MostPageStateExits);
        Assert.InRange(largeRecord.Counters[Validated] - smallRecord.Counters[Validated], 1024UL, 2048UL);
    }

    [Fact]
    public async Task FourGibibytesCostAPlainMachineWhatHalfAGibibyteDoes()
    {
        var machine = new PlainMachine { Firmware = SnpMachines.Ovmf };
        MachineRun small = await VirtualMachine.RunToEndAsync(Options(machine, 512, Start + Wait), Limit);
        MachineRun large = await VirtualMachine.RunToEndAsync(Options(machine, 4096, Start + Wait), Limit);
        AssertIsWhole(small, small.Console);
        AssertIsWhole(large, large.Console);
        AssertCostIsAlike(small, large, mostGrowthInPercent: 3);
    }

    private static async Task<(MachineRun Run, SnpRecord Record)> BootInSnpAsync(int mebibytes, string init)
    {
        (MachineRun run, SnpRecord record) = await SnpHost.RunAsync(Options(SnpMachines.Machine(SnpMachines.Ovmf), mebibytes, init), Limit);
        AssertIsWhole(run, SnpHost.Tell(run, record));
        Assert.Empty(record.Refusals);
        Assert.Empty(record.Notes);
        return (run, record);
    }

    private static VirtualMachineOptions Options(Machine machine, int mebibytes, string init) => new()
    {
        Machine = machine,
        Boot = new DiskBoot(SnpHost.Keep($"memory-{mebibytes}.img", LiteBoxGuest.Disk(init))),
        MemoryMiB = mebibytes,
        CountInstructions = true,
    };

    private static void AssertIsWhole(MachineRun run, string told)
    {
        Assert.True(run.End == MachineEnd.PowerOff, told);
        Assert.Contains("ALL ACCEPTED", run.Console);
        Assert.DoesNotContain("litebox: STOP", run.Console);
    }

    private static void AssertCostIsAlike(MachineRun small, MachineRun large, ulong mostGrowthInPercent)
    {
        ulong few = InstructionsToFirstProcess(small), more = InstructionsToFirstProcess(large);
        Assert.InRange(few, 1_000_000UL, MostInstructions);
        Assert.InRange(more, 1_000_000UL, MostInstructions);
        Assert.True(more < few * (100 + mostGrowthInPercent) / 100, $"{few} instructions with 512 MiB, {more} with 4 GiB");
    }

    private static ulong InstructionsToFirstProcess(MachineRun run) => ulong.Parse(Ticks().Match(run.Console).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("([0-9]+) ticks from firmware to the first process")]
    private static partial Regex Ticks();
}
