using System;
using System.IO;
using System.Text;
using LiteBox.GuestKit;
using LiteBox.Image;

namespace LiteBox.SnpGuests.Tests;

/// <summary>Our own kernel with busybox and a script as its first process.</summary>
internal static class LiteBoxGuest
{
    private const uint Executable = 0x1ED;

    /// <summary>A disk that boots it.</summary>
    /// <param name="init">The script.</param>
    public static byte[] Disk(string init)
    {
        var root = new RootFileSystem(0);
        root.AddDirectory("bin");
        root.AddFile("bin/busybox", File.ReadAllBytes("/bin/busybox"), Executable);
        root.AddFile("init", Encoding.ASCII.GetBytes(init.ReplaceLineEndings("\n") + "\n"), Executable);
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
