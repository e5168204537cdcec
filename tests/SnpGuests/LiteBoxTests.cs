using System;
using System.Threading.Tasks;
using LiteBox.GuestKit;
using LiteBox.Qemu;
using Xunit;

namespace LiteBox.SnpGuests.Tests;

/// <summary>What our own kernel has to say as an SNP guest, and to leave behind; that it works like anywhere else, BootTests and the suites of tests/Guest see.</summary>
public sealed class LiteBoxTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>SEV_FEATURES: SNP, and debug registers that the world switch swaps, which asks nothing of a guest.</summary>
    private const ulong WithDebugSwap = (1 << 0) | (1 << 5);

    private const string Init = """
        #!/bin/busybox sh
        /bin/busybox mkdir -p /proc
        /bin/busybox mount -t proc proc /proc
        /bin/busybox cat /proc/litebox
        """;

    [Theory]
    [InlineData(47)]
    [InlineData(51)]
    public async Task It_says_what_it_is_and_ends_without_a_refusal_or_a_key_left_behind(int cBit)
    {
        SoftwareSnpMachine machine =
            SnpMachines.Machine(SnpMachines.Ovmf, SnpMachines.Settings with { CBit = cBit, SevFeatures = WithDebugSwap }) with { KeepsPrivateMemory = true };
        (MachineRun run, SnpRecord record) = await SnpHost.RunAsync(
            new VirtualMachineOptions
            {
                Machine = machine,
                Boot = new DiskBoot(SnpHost.Keep($"litebox-{cBit}.img", LiteBoxGuest.Disk(Init))),
            },
            Limit);
        string all = SnpHost.Tell(run, record);
        Assert.True(run.End == MachineEnd.PowerOff, all);
        Assert.Contains("litebox: SEV-SNP guest", run.Console);
        Assert.Contains($"litebox: VMPL 0, C-bit {cBit}, features: SEV SEV-ES SEV-SNP DebugSwap\r", run.Console);
        Assert.Contains("machine: SEV-SNP guest\r\ntime_trusted: no\r\ntime_steps_back: 0\r\n", run.Console); // T42
        Assert.DoesNotContain("litebox: STOP", run.Console);
        Assert.Empty(record.Refusals);
        Assert.Equal(0UL, record.Counters["kernel_vc"]); // T1
        Assert.Equal(0UL, record.Counters["ap_starts"]); // T33, T44
        PrivateMemory.AssertNoMessageKey(machine, "cat /proc/litebox"u8); // T61
    }
}
