using System;
using System.IO;
using System.Text;
using System.Threading.Tasks;
using LiteBox.Attestation;
using LiteBox.GuestKit;
using LiteBox.Qemu;
using Xunit;

namespace LiteBox.SnpGuests.Tests;

/// <summary>Hardening rule T64: a release image says nothing of its own, and measures differently.</summary>
public sealed class ReleaseImageTests
{
    private const int OwnReasons = 2;
    private const int Status = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Firmware's last words: what follows is the image's.</summary>
    private const string LastOfFirmware = "BdsDxe: starting Boot0001 \"UEFI Misc Device\" from PciRoot(0x0)/Pci(0x1,0x0)\r\n";

    /// <summary>The words of a debug image: log, reports, boot failures, features, and names of functions.</summary>
    private static readonly string[] OwnWords =
    [
        "litebox: ", "LiteBox: ", "STOP ", "#PF page fault", "#GP general", "  rip ", ", vector ", "ticks from firmware", "requests to the host", "SEV-ES", "exited with status",
        "unexpected #VC", "the host does not", "LiteBox_South_", "ExitToHost",
    ];

    private const string Init = """
        #!/bin/busybox sh
        echo "BEGIN"
        read -t 1 line
        echo "END"
        exit 42
        """;

    [Fact]
    public void A_release_image_holds_no_words_of_its_own()
    {
        byte[] debug = [.. File.ReadAllBytes(LiteBoxGuest.Kernel(release: false)), .. File.ReadAllBytes(LiteBoxGuest.BootApplication(release: false))];
        byte[] release = [.. File.ReadAllBytes(LiteBoxGuest.Kernel(release: true)), .. File.ReadAllBytes(LiteBoxGuest.BootApplication(release: true))];
        Assert.All(OwnWords, word => Assert.False(Holds(release, word), $"the release image holds '{word}'"));
        Assert.All(OwnWords, word => Assert.True(Holds(debug, word), $"the debug image does not hold '{word}'"));
        Assert.False(Holds(File.ReadAllBytes(LiteBoxGuest.Kernel(release: true)), ".symbols"));
    }

    [Fact]
    public void The_two_images_measure_differently() => Assert.NotEqual(Measurement(release: false), Measurement(release: true));

    [Fact]
    public async Task Without_a_console_in_the_command_line_nothing_is_said_but_the_status_to_the_host()
    {
        (MachineRun run, SnpRecord record) = await RunAsync(release: true, "", SnpMachines.Settings);
        string all = SnpHost.Tell(run, record);
        Assert.True(record.Termination == (Status, 42), all);
        Assert.Equal(42, record.WorkloadStatus);
        Assert.Equal("", Said(run));
    }

    [Fact]
    public async Task With_a_console_the_workload_speaks_and_nobody_else()
    {
        (MachineRun run, SnpRecord record) = await RunAsync(release: true, "quiet console=ttyS0 -- console=ttyS1", SnpMachines.Settings);
        Assert.True(record.Termination == (Status, 42), SnpHost.Tell(run, record));
        Assert.Equal("BEGIN\r\nEND\r\n", Said(run));
    }

    [Fact]
    public async Task A_stop_is_a_number_for_the_host()
    {
        SnpSettings hostile = SnpMachines.Settings with { Injection = new HostileInjection(InjectedKind.Exception, 29, InProgram: false) { ErrorCode = 0x72, Delay = 100 } };
        (MachineRun run, SnpRecord record) = await RunAsync(release: true, "", hostile);
        Assert.True(record.Termination == (OwnReasons, 8), SnpHost.Tell(run, record));
        Assert.Equal("", Said(run));
    }

    /// <summary>T10, T11, T39: and the end comes before there is a GHCB.</summary>
    [Fact]
    public async Task A_launch_with_restricted_injection_is_refused()
    {
        const ulong restrictedInjection = (1 << 0) | (1 << 3);
        (MachineRun run, SnpRecord record) = await RunAsync(release: false, "", SnpMachines.Settings with { SevFeatures = restrictedInjection });
        Assert.True(record.Termination == (OwnReasons, 14), SnpHost.Tell(run, record));
    }

    private static Task<(MachineRun Run, SnpRecord Record)> RunAsync(bool release, string commandLine, SnpSettings settings) => SnpHost.RunAsync(
        new VirtualMachineOptions
        {
            Machine = SnpMachines.Machine(SnpMachines.Ovmf, settings),
            Boot = new DiskBoot(SnpHost.Keep("release.img", LiteBoxGuest.Disk(Init, release, commandLine))),
        },
        Limit);

    private static string Said(MachineRun run)
    {
        int start = run.Console.IndexOf(LastOfFirmware, StringComparison.Ordinal);
        Assert.True(start >= 0, run.Console);
        return run.Console[(start + LastOfFirmware.Length)..];
    }

    private static bool Holds(byte[] image, string word) =>
        image.AsSpan().IndexOf(Encoding.ASCII.GetBytes(word)) >= 0 || image.AsSpan().IndexOf(Encoding.Unicode.GetBytes(word)) >= 0;

    private static byte[] Measurement(bool release)
    {
        LaunchInputs inputs = new()
        {
            Firmware = FirmwareImage.Parse(File.ReadAllBytes(SnpHost.OvmfForKernels)).Value!,
            VcpuSignature = VcpuType.FindSignature("EPYC-Milan")!.Value,
            KernelHashes = new KernelHashes(LiteBoxGuest.Application(Init, release, ""), null, ""),
        };
        return LaunchMeasurement.Compute(inputs).Value!.Digest;
    }
}
