using System;
using System.IO;
using System.Security.Cryptography;
using LiteBox.Image;
using LiteBox.Qemu;

namespace LiteBox.GuestKit;

/// <summary>A kernel under which an initrd is run in QEMU.</summary>
public abstract class GuestKernel
{
    /// <summary>Debian 12's Linux, booted by QEMU's own BIOS.</summary>
    public static GuestKernel Linux { get; } = new LinuxGuest("Linux", () => new PlainMachine { Firmware = null });

    /// <summary>Debian 12's Linux, booted by UEFI as this kernel is.</summary>
    public static GuestKernel LinuxUnderUefi { get; } = new LinuxGuest("Linux under UEFI", () => ComputerOf(GuestPlatform.Plain));

    /// <summary>Debian 12's Linux as an SNP guest, C-bit at 47.</summary>
    public static GuestKernel LinuxInSnp { get; } = new LinuxGuest("Linux as SNP guest", () => ComputerOf(GuestPlatform.Snp47));

    /// <summary>This kernel, booted by UEFI from a disk image, on a plain machine.</summary>
    public static GuestKernel LiteBox { get; } = LiteBoxOn(GuestPlatform.Plain);

    /// <summary>Name for messages and files.</summary>
    public abstract string Name { get; }

    /// <summary>Identifies the kernel's exact version.</summary>
    public abstract string Version { get; }

    /// <summary>This kernel on a machine of choice; the disk image is the same on all of them.</summary>
    public static GuestKernel LiteBoxOn(GuestPlatform platform) => new LiteBoxGuest(platform, fromDisk: true);

    /// <summary>The same, handed to the firmware by QEMU, as Linux is: what firmware does to read a disk is not counted.</summary>
    public static GuestKernel LiteBoxWithoutDisk(GuestPlatform platform) => new LiteBoxGuest(platform, fromDisk: false);

    /// <summary>
    /// A machine that boots the kernel with an initrd. Instructions are time in it, so that every run is the same and sleeping takes none.
    /// </summary>
    /// <param name="initrd">The root file system.</param>
    /// <param name="commandLine">What the kernel is told in addition.</param>
    public abstract VirtualMachineOptions Machine(byte[] initrd, string commandLine = "");

    private static Machine ComputerOf(GuestPlatform platform) => platform switch
    {
        GuestPlatform.Snp47 => SnpMachines.Machine(SnpMachines.Ovmf, SnpMachines.Settings with { CBit = 47 }),
        GuestPlatform.Snp51 => SnpMachines.Machine(SnpMachines.Ovmf, SnpMachines.Settings with { CBit = 51 }),
        _ => new PlainMachine { Firmware = SnpMachines.Ovmf },
    };

    private static VirtualMachineOptions MachineFor(Machine machine, BootSource boot) => new()
    {
        Machine = machine,
        Boot = boot,
        CountInstructions = true,
        CpuModel = VirtualMachineOptions.YardstickCpu,
    };

    // Files for QEMU, named by their content: equal runs share them.
    private static string Keep(byte[] content, string suffix)
    {
        string name = Convert.ToHexStringLower(SHA256.HashData(content))[..24];
        string path = Path.Combine(Repository.OutDirectory("guest-images"), name + suffix);
        if (!File.Exists(path))
        {
            string draft = $"{path}.{Environment.ProcessId}";
            File.WriteAllBytes(draft, content);
            File.Move(draft, path, overwrite: true);
        }

        return path;
    }

    private sealed class LinuxGuest(string name, Func<Machine> computer) : GuestKernel
    {
        // noxsave, mitigations=off: this kernel has neither to save extended states nor to mitigate anything in these machines.
        // no_timer_check: where instructions are not counted, a busy computer delivers ticks late, and Linux panics when it looks for them.
        private const string Arguments = "console=ttyS0 quiet panic=-1 noxsave mitigations=off no_timer_check ";

        public override string Name => name;

        public override string Version => File.ReadAllText(Repository.Built("linux-6.1/package"));

        public override VirtualMachineOptions Machine(byte[] initrd, string commandLine) => MachineFor(
            computer(), new KernelBoot(Repository.Built("linux-6.1/vmlinuz"), Keep(initrd, ".cpio"), Arguments + commandLine));
    }

    private sealed class LiteBoxGuest(GuestPlatform platform, bool fromDisk) : GuestKernel
    {
        public override string Name => $"LiteBox, {platform}";

        public override string Version => Convert.ToHexString(SHA256.HashData([.. Boot, .. Kernel]));

        private static byte[] Boot => File.ReadAllBytes(Repository.Built("bin/LiteBox.Boot/boot.efi"));

        private static byte[] Kernel => File.ReadAllBytes(Repository.Built("bin/LiteBox.Kernel/kernel.elf"));

        public override VirtualMachineOptions Machine(byte[] initrd, string commandLine)
        {
            byte[] application = new UnifiedKernelImage { Stub = Boot, Kernel = Kernel, Initrd = initrd, CommandLine = commandLine }.Build();
            return MachineFor(ComputerOf(platform), fromDisk ? Disk(application) : new KernelBoot(Keep(application, ".efi"), null, ""));
        }

        private static DiskBoot Disk(byte[] application)
        {
            var disk = new MemoryStream();
            BootDisk.Write(disk, application, DateTime.UnixEpoch);
            return new DiskBoot(Keep(disk.ToArray(), ".img"));
        }
    }
}
