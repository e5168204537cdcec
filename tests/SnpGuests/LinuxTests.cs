using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Threading.Tasks;
using LiteBox.Attestation;
using LiteBox.GuestKit;
using LiteBox.Qemu;
using Xunit;
using Xunit.Abstractions;

namespace LiteBox.SnpGuests.Tests;

/// <summary>Debian's Linux, unmodified, as an SNP guest: it finds its devices and gets a report that verifies.</summary>
public sealed class LinuxTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly byte[] s_disk = [.. "SNP-TEST-DISK-16"u8, .. Enumerable.Range(0, (1 << 20) - 16).Select(at => (byte)(at * at >> 8))];

    [Theory]
    [InlineData("6.1", 2, 47, SnpProduct.Milan, 2)]
    [InlineData("6.12", 1, 47, SnpProduct.Genoa, 3)]
    [InlineData("6.12", 2, 47, SnpProduct.Turin, 5)]
    [InlineData("6.1", 1, 51, SnpProduct.Milan, 3)]
    public async Task Linux_boots_finds_its_devices_and_gets_a_report_that_verifies(string version, int cpus, int cBit, SnpProduct product, int reportVersion)
    {
        byte[] digest = SnpHost.Digest(FirmwareImage.Parse(File.ReadAllBytes(SnpMachines.Ovmf)).Value!, cpus);
        using Owner owner = new(digest, SnpMachines.Settings.Policy);
        bool isOwned = cpus == 2;
        SnpSettings settings = SnpMachines.Settings with
        {
            CBit = cBit,
            Product = product,
            ReportVersion = reportVersion,
            IdBlock = isOwned ? owner.Given : null,

            // While Linux identifies its first processor it does not know how many levels its page tables have, and #VC walks them: where CPUID names
            // LA57, the EOI of a tick that comes just then is a panic.
            OffersFiveLevels = false,
        };
        (MachineRun run, SnpRecord record) = await SnpHost.RunAsync(Guest(version, settings) with { Cpus = cpus }, Limit);
        CheckBoot(run, record, cpus);
        CheckDevices(run);
        Assert.Equal(Convert.ToHexStringLower(digest), record.LaunchDigest);

        AttestationReport report = AttestationClients.Verify(run, record, settings, "REPORT", "CERTS", 0);
        Assert.Equal((uint)reportVersion, report.Version);
        Assert.Equal(isOwned ? Owner.GuestSvn : 0, report.GuestSvn);
        Assert.Equal(isOwned ? owner.IdKeyDigest : new byte[48], report.IdKeyDigest.ToArray());
        Assert.Equal(isOwned ? owner.AuthorKeyDigest : new byte[48], report.AuthorKeyDigest.ToArray());
        Assert.Equal(isOwned ? Owner.FamilyId : new byte[16], report.FamilyId.ToArray());
        Assert.Equal(isOwned ? Owner.ImageId : new byte[16], report.ImageId.ToArray());
        if (version == "6.12" && product == SnpProduct.Genoa)
        {
            Assert.Equal(AttestationClients.Recording, AttestationClients.Answers(run.Console));
            Assert.Equal(AttestationClients.MessageCount, record.Counters["guest_messages"]);
        }
        else if (version == "6.1")
        {
            // It has no configfs-tsm, and its /dev/sev-guest answers alike.
            string recording = AttestationClients.Recording;
            Assert.Equal(recording[recording.IndexOf("node:", StringComparison.Ordinal)..], AttestationClients.Answers(run.Console));
        }
    }

    [Theory]
    [InlineData("6.1", 1)]
    [InlineData("6.12", 2)]
    public async Task Counting_instructions_makes_every_run_of_linux_the_same(string version, int cpus)
    {
        (MachineRun first, SnpRecord firstRecord) = await RunCountedAsync(version, cpus);
        (MachineRun second, SnpRecord secondRecord) = await RunCountedAsync(version, cpus);
        CheckBoot(first, firstRecord, cpus);
        CheckDevices(first);
        Assert.Equal(3u, AttestationClients.Verify(first, firstRecord, SnpMachines.Settings, "REPORT", "CERTS", 0).Version);
        Assert.Equal(first.Console, second.Console);
        Assert.NotEmpty(firstRecord.Counters);
        Assert.Equal(firstRecord.Counters.OrderBy(counter => counter.Key), secondRecord.Counters.OrderBy(counter => counter.Key));
    }

    [Fact]
    public async Task Sids_firmware_boots_a_measured_kernel_the_digest_is_that_of_the_files_and_the_yardstick_runs_to_its_end()
    {
        KernelBoot boot = LinuxGuest.Boot("6.1", withBench: true);
        VirtualMachineOptions options = new()
        {
            Machine = SnpMachines.Machine(SnpHost.OvmfForKernels, SnpMachines.Settings with { KernelHashes = true }),
            Boot = boot,
        };
        await using VirtualMachine guest = VirtualMachine.Start(options);
        await guest.Console.ExpectAsync("INIT-START", Limit);
        SnpHost.CheckProcessorTime(guest, "the kernel's /init", output);
        MachineRun run = await guest.WaitForEndAsync(Limit);
        SnpRecord record = ((SoftwareSnpMachine)options.Machine).Record;
        Assert.True(run.End == MachineEnd.PowerOff && run.Console.Contains("INIT-DONE"), SnpHost.Tell(run, record));
        Assert.Contains("LBENCH-DONE", run.Console);
        LaunchInputs inputs = new()
        {
            Firmware = FirmwareImage.Parse(File.ReadAllBytes(SnpHost.OvmfForKernels)).Value!,
            VcpuSignature = VcpuType.FindSignature("EPYC-Milan")!.Value,
            KernelHashes = new KernelHashes(File.ReadAllBytes(boot.Kernel), File.ReadAllBytes(boot.Initrd!), boot.CommandLine),
        };
        Assert.Equal(Convert.ToHexStringLower(LaunchMeasurement.Compute(inputs).Value!.Digest), record.LaunchDigest);
    }

    private static Task<(MachineRun Run, SnpRecord Record)> RunCountedAsync(string version, int cpus) =>
        SnpHost.RunAsync(Guest(version, SnpMachines.Settings) with { CountInstructions = true, Cpus = cpus }, Limit);

    private static void CheckBoot(MachineRun run, SnpRecord record, int cpus)
    {
        string all = SnpHost.Tell(run, record);
        Assert.True(run.End == MachineEnd.PowerOff && run.Console.Contains("INIT-DONE"), all);
        Assert.Contains("LOG Memory Encryption Features active: AMD SEV SEV-ES SEV-SNP", run.Console);
        Assert.Contains("SEV: SNP guest platform device initialized", run.Console);
        Assert.Contains($"CPUS {cpus}", run.Console);
        Assert.DoesNotContain("MODULE-FAILED", run.Console);
        Assert.Empty(record.Refusals);
        Assert.NotEqual(new byte[32], AttestationClients.HexAfter(run.Console, "KEY"));
    }

    private static void CheckDevices(MachineRun run)
    {
        byte[] written = [.. s_disk];
        File.ReadAllBytes("/bin/busybox").AsSpan(0, 64 * 4096).CopyTo(written.AsSpan(16 * 4096));
        Assert.Contains("PCI 0000:00:00.0 ", run.Console);
        Assert.DoesNotContain("0000:00:1e.", run.Console);
        Assert.Contains("DISK SNP-TEST-DISK-16", run.Console);
        Assert.Contains($"WRITTEN {Convert.ToHexStringLower(SHA256.HashData(written))}", run.Console);
        Assert.Contains("NET 52:54:00:12:34:56", run.Console);
        Assert.Contains("2 packets transmitted, 2 packets received", run.Console);
    }

    private static VirtualMachineOptions Guest(string version, SnpSettings settings)
    {
        return new VirtualMachineOptions
        {
            Machine = SnpMachines.Machine(SnpMachines.Ovmf, settings),
            Boot = LinuxGuest.Boot(version),
            Disks = [new VirtioDisk("data", SnpHost.Keep("disk", s_disk))],
            Devices =
            [
                "-netdev", "user,id=net0,restrict=on", "-device", "virtio-net-pci,netdev=net0,romfile=",
            ],
        };
    }
}
