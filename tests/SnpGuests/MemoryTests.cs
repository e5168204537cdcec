using System;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using LiteBox.GuestKit;
using LiteBox.Qemu;
using Xunit;

namespace LiteBox.SnpGuests.Tests;

/// <summary>
/// Memory that firmware leaves unaccepted, in a guest of 4 GiB beside one of 512 MiB that has none: what it costs before the first process, in instructions, and in
/// exits until all of it is accepted, on demand and in idle time. The machine refuses any touch of a page that is not validated, and any second validation (T25, T30).
/// </summary>
public sealed partial class MemoryTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(12);

    private const ulong MostInstructions = 60_000_000;
    private const ulong MostPageStateExits = 9;

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
        Boot small = await BootAsync(512, Start + Wait);
        Boot large = await BootAsync(4096, Start + Demand + Wait);
        Assert.DoesNotContain("Unaccepted:", small.Console);
        Assert.Matches("\nUnaccepted: +[0-9]{7} kB", large.Console);
        Assert.Matches("THEN Unaccepted: +1[0-9]{6} kB", large.Console); // some on demand, the rest by the idle loop

        Assert.InRange(small.Instructions, 1_000_000UL, MostInstructions);
        Assert.InRange(large.Instructions, 1_000_000UL, MostInstructions);
        Assert.True(large.Instructions < small.Instructions * 102 / 100, $"{small.Instructions} instructions with 512 MiB, {large.Instructions} with 4 GiB");

        // Firmware's own exits are in both; one of those of the small guest is its kernel's, for the shared pool.
        ulong exits = large.PageStateExits - small.PageStateExits + 1;
        Assert.InRange(exits, 2UL, MostPageStateExits);
        Assert.InRange(large.Validated - small.Validated, 1024UL, 2048UL);
    }

    private static async Task<Boot> BootAsync(int mebibytes, string init)
    {
        (MachineRun run, SnpRecord record) = await SnpHost.RunAsync(
            new VirtualMachineOptions
            {
                Machine = SnpMachines.Machine(SnpMachines.Ovmf),
                Boot = new DiskBoot(SnpHost.Keep($"memory-{mebibytes}.img", LiteBoxGuest.Disk(init))),
                MemoryMiB = mebibytes,
                CountInstructions = true,
            },
            Limit);
        string all = SnpHost.Tell(run, record);
        Assert.True(run.End == MachineEnd.PowerOff, all);
        Assert.Contains("ALL ACCEPTED", run.Console);
        Assert.DoesNotContain("litebox: STOP", run.Console);
        Assert.Empty(record.Refusals);
        Assert.Empty(record.Notes);
        return new Boot(
            run.Console, ulong.Parse(Ticks().Match(run.Console).Groups[1].Value, CultureInfo.InvariantCulture), record.Counters["ghcb_d0"], record.Counters["validated_2m"]);
    }

    [GeneratedRegex("([0-9]+) ticks from firmware to the first process")]
    private static partial Regex Ticks();

    private sealed record Boot(string Console, ulong Instructions, ulong PageStateExits, ulong Validated);
}
