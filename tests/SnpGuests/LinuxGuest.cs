using System.IO;
using LiteBox.GuestKit;
using LiteBox.Image;
using LiteBox.Qemu;

namespace LiteBox.SnpGuests.Tests;

/// <summary>Debian's Linux with a small root file system: busybox, the modules it needs, and what a test adds.</summary>
internal static class LinuxGuest
{
    // noxsave: XSAVEC and XSAVES, which SNP guests must be offered, are not in TCG; without XSAVE Linux does not miss them.
    // no_timer_check: Linux counts ticks against the TSC and panics when a busy computer delivers them late; under KVM it does not try either.
    // loglevel=1: /init prints from the kernel's log what counts; each letter on the console costs a guest of the machine six exits, and what the
    // kernel says of a slow computer would stand between the digits of a report.
    public const string CommandLine = "console=ttyS0 noxsave no_timer_check panic=-1 loglevel=1";

    private const uint Executable = 0x1ED;
    private static readonly string[] Modules61 =
        ["virtio", "virtio_ring", "virtio_pci_legacy_dev", "virtio_pci_modern_dev", "virtio_pci", "virtio_blk", "failover", "net_failover", "virtio_net", "gf128mul", "ghash-generic", "ctr", "gcm", "sev-guest"];
    private static readonly string[] Modules612 = ["virtio_blk", "failover", "net_failover", "virtio_net", "gf128mul", "ghash-generic", "crypto_null", "gcm", "configfs", "tsm", "sev-guest"];

    /// <summary>A kernel of Debian, "6.1" or "6.12", as QEMU's -kernel option takes it.</summary>
    public static KernelBoot Boot(string version, bool withBench = false) =>
        new(Repository.Built($"linux-{version}/vmlinuz"), SnpHost.Keep($"initrd-{version}-{withBench}", Initrd(version, withBench)), CommandLine);

    private static byte[] Initrd(string version, bool withBench)
    {
        RootFileSystem files = new(0);
        foreach (string directory in new[] { "bin", "dev", "proc", "sys", "modules" })
        {
            files.AddDirectory(directory);
        }
        files.AddFile("bin/busybox", File.ReadAllBytes("/bin/busybox"), Executable);
        files.AddFile("init", File.ReadAllBytes(Repository.PathOf("tests/SnpGuests/guest/init")), Executable);
        AttestationClients.AddTo(files);
        if (withBench)
        {
            files.AddFile("bin/lbench", File.ReadAllBytes(GuestProgram.Compile(Repository.PathOf("tests/bench/lbench.c"))), Executable);
        }
        string order = "";
        foreach (string module in version == "6.1" ? Modules61 : Modules612)
        {
            files.AddFile($"modules/{module}.ko", File.ReadAllBytes(Repository.Built($"linux-{version}/modules/{module}.ko")));
            order += $"{module}.ko\n";
        }
        files.AddFile("modules/order", System.Text.Encoding.ASCII.GetBytes(order));
        return files.ToInitrd();
    }
}
