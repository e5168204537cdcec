using System;
using System.Threading.Tasks;
using LiteBox.Attestation;
using LiteBox.GuestKit;
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

    // As in the recording, for the size of the certificates.
    private static readonly SnpSettings Settings = SnpMachines.Settings with { Product = SnpProduct.Genoa };

    [Fact]
    public async Task T59_T61_Clients_get_what_Linux_gives_them_and_no_message_key_is_left_in_memory()
    {
        SoftwareSnpMachine machine = SnpMachines.Machine(SnpMachines.Ovmf, Settings) with { KeepsPrivateMemory = true };
        (MachineRun run, SnpRecord record) = await SnpHost.RunAsync(
            new VirtualMachineOptions { Machine = machine, Boot = new DiskBoot(SnpHost.Keep("attestation.img", LiteBoxGuest.Disk(Init, add: AttestationClients.AddTo))) },
            TimeSpan.FromMinutes(10));
        string all = SnpHost.Tell(run, record);
        Assert.True(run.End == MachineEnd.PowerOff && run.Console.Contains("litebox: workload exited with status 42"), all);
        Assert.Empty(record.Refusals);
        AttestationClients.Verify(run, record, Settings, "REPORT", "CERTS", 0);
        AttestationClients.Verify(run, record, Settings, "TSM-REPORT", "TSM-CERTS", 0x40);
        Assert.NotEqual(new byte[32], AttestationClients.HexAfter(run.Console, "KEY"));
        Assert.Equal(AttestationClients.Recording, AttestationClients.Answers(run.Console));
        Assert.Equal(AttestationClients.MessageCount, record.Counters["guest_messages"]);

        PrivateMemory.AssertNoMessageKey(machine, "ATTESTATION-BEGIN"u8);
    }
}
