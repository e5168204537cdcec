using System;
using System.IO;
using System.Text;
using System.Threading.Tasks;
using LiteBox.Attestation;
using LiteBox.GuestKit;
using LiteBox.Image;
using LiteBox.Qemu;
using Xunit;

namespace LiteBox.SnpGuests.Tests;

/// <summary>Attestation for the workload on our own kernel: unmodified clients of /dev/sev-guest and of configfs get what Linux gives them.</summary>
public sealed class AttestationTests
{
    private const string Init = """
        #!/bin/busybox sh
        /bin/busybox mkdir -p /proc /dev /sys
        /bin/busybox mount -t proc proc /proc
        /bin/busybox mount -t sysfs sys /sys
        /bin/busybox mount -t devtmpfs dev /dev
        /bin/attestation
        exit 42
        """;

    [Fact]
    public async Task T59_Clients_get_reports_that_verify_and_answers_that_are_those_of_Linux()
    {
        SnpSettings settings = SnpHost.Settings with { Product = SnpProduct.Genoa }; // as in the recording, for the size of the certificates
        (MachineRun run, SnpRecord record) = await SnpHost.RunAsync(
            new VirtualMachineOptions
            {
                Machine = SnpHost.Machine(SnpHost.Ovmf, settings),
                Boot = new DiskBoot(SnpHost.Keep("attestation.img", Disk())),
            },
            TimeSpan.FromMinutes(10));
        string all = SnpHost.Tell(run, record);
        Assert.True(run.End == MachineEnd.PowerOff && run.Console.Contains("litebox: workload exited with status 42"), all);
        Assert.Empty(record.Refusals);
        AttestationClients.Verify(run, record, settings, "REPORT", "CERTS", 0);
        AttestationClients.Verify(run, record, settings, "TSM-REPORT", "TSM-CERTS", 0x40);
        Assert.NotEqual(new byte[32], AttestationClients.HexAfter(run.Console, "KEY"));
        Assert.Equal(AttestationClients.Recording, AttestationClients.Answers(run.Console));
        Assert.Equal(AttestationClients.MessageCount, record.Counters["guest_messages"]);
    }

    private static byte[] Disk()
    {
        RootFileSystem root = new(0);
        root.AddDirectory("bin");
        root.AddFile("bin/busybox", File.ReadAllBytes("/bin/busybox"), 0x1ED);
        AttestationClients.AddTo(root);
        root.AddFile("init", Encoding.ASCII.GetBytes(Init.ReplaceLineEndings("\n") + "\n"), 0x1ED);
        UnifiedKernelImage application = new()
        {
            Stub = File.ReadAllBytes(Repository.Built("bin/LiteBox.Boot/boot.efi")),
            Kernel = File.ReadAllBytes(Repository.Built("bin/LiteBox.Kernel/kernel.elf")),
            Initrd = root.ToInitrd(),
        };
        MemoryStream disk = new();
        BootDisk.Write(disk, application.Build(), DateTime.UnixEpoch);
        return disk.ToArray();
    }
}
