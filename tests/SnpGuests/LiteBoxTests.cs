using System;
using System.Threading.Tasks;
using LiteBox.Qemu;
using Xunit;

namespace LiteBox.SnpGuests.Tests;

/// <summary>Our own kernel as an SNP guest: the same disk image that a plain machine boots.</summary>
public sealed class LiteBoxTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>SEV_FEATURES: SNP, and debug registers that the world switch swaps, which asks nothing of a guest.</summary>
    private const ulong WithDebugSwap = (1 << 0) | (1 << 5);

    private const string Init = """
        #!/bin/busybox sh
        /bin/busybox mkdir -p /proc /dev
        /bin/busybox mount -t proc proc /proc
        /bin/busybox mount -t devtmpfs dev /dev
        echo "PID $$"
        echo "COUNT $(/bin/busybox seq 1 1000 | /bin/busybox grep 7 | /bin/busybox wc -l)"
        for name in one two three; do (echo "CHILD $name") & done
        wait
        /bin/busybox sleep 1
        /bin/busybox cat /proc/litebox
        exit 42
        """;

    [Theory]
    [InlineData(47)]
    [InlineData(51)]
    public async Task Busybox_runs_and_its_status_comes_back_without_a_refusal(int cBit)
    {
        SoftwareSnpMachine machine =
            SnpHost.Machine(SnpHost.Ovmf, SnpHost.Settings with { CBit = cBit, SevFeatures = WithDebugSwap }) with { KeepsPrivateMemory = true };
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
        Assert.Contains("PID 1", run.Console);
        Assert.Contains("COUNT 271", run.Console);
        Assert.All(new[] { "one", "two", "three" }, name => Assert.Contains($"CHILD {name}", run.Console));
        Assert.Contains("litebox: workload exited with status 42", run.Console);
        Assert.DoesNotContain("litebox: STOP", run.Console);
        Assert.Empty(record.Refusals);
        Assert.Equal(0UL, record.Counters["kernel_vc"]); // T1
        Assert.Equal(0UL, record.Counters["ap_starts"]); // T33, T44
        PrivateMemory.AssertNoMessageKey(machine, "CHILD $name"u8); // T61
    }
}
