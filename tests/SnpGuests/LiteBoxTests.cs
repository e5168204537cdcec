using System;
using System.IO;
using System.Threading.Tasks;
using LiteBox.GuestKit;
using LiteBox.Image;
using LiteBox.Qemu;
using Xunit;

namespace LiteBox.SnpGuests.Tests;

/// <summary>Our own kernel as an SNP guest: the same disk image that a plain machine boots.</summary>
public sealed class LiteBoxTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

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
        exit 42
        """;

    [Theory]
    [InlineData(47)]
    [InlineData(51)]
    public async Task Busybox_runs_and_its_status_comes_back_without_a_refusal(int cBit)
    {
        (MachineRun run, SnpRecord record) = await SnpHost.RunAsync(
            new VirtualMachineOptions
            {
                Machine = SnpHost.Machine(SnpHost.Ovmf, SnpHost.Settings with { CBit = cBit }),
                Boot = new DiskBoot(SnpHost.Keep($"litebox-{cBit}.img", Disk())),
            },
            Limit);
        string all = SnpHost.Tell(run, record);
        Assert.True(run.End == MachineEnd.PowerOff, all);
        Assert.Contains("litebox: SEV-SNP guest", run.Console);
        Assert.Contains("PID 1", run.Console);
        Assert.Contains("COUNT 271", run.Console);
        Assert.All(new[] { "one", "two", "three" }, name => Assert.Contains($"CHILD {name}", run.Console));
        Assert.Contains("litebox: workload exited with status 42", run.Console);
        Assert.DoesNotContain("litebox: STOP", run.Console);
        Assert.Empty(record.Refusals);
    }

    private static byte[] Disk()
    {
        var root = new RootFileSystem(0);
        root.AddDirectory("bin");
        root.AddFile("bin/busybox", File.ReadAllBytes("/bin/busybox"), 0x1ED);
        root.AddFile("init", System.Text.Encoding.ASCII.GetBytes(Init.ReplaceLineEndings("\n") + "\n"), 0x1ED);
        var application = new UnifiedKernelImage
        {
            Stub = File.ReadAllBytes(Repository.Built("bin/LiteBox.Boot/boot.efi")),
            Kernel = File.ReadAllBytes(Repository.Built("bin/LiteBox.Kernel/kernel.elf")),
            Initrd = root.ToInitrd(),
        };
        var disk = new MemoryStream();
        BootDisk.Write(disk, application.Build(), DateTime.UnixEpoch);
        return disk.ToArray();
    }
}
