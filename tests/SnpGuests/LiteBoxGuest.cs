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
    /// <param name="release">The image that says nothing of its own.</param>
    /// <param name="commandLine">The measured command line.</param>
    /// <param name="add">Adds files.</param>
    public static byte[] Disk(string init, bool release = false, string commandLine = "", Action<RootFileSystem>? add = null)
    {
        var disk = new MemoryStream();
        BootDisk.Write(disk, Application(init, release, commandLine, add), DateTime.UnixEpoch);
        return disk.ToArray();
    }

    /// <summary>The UEFI application on that disk.</summary>
    public static byte[] Application(string init, bool release, string commandLine, Action<RootFileSystem>? add = null)
    {
        var root = new RootFileSystem(0);
        root.AddDirectory("bin");
        root.AddFile("bin/busybox", File.ReadAllBytes("/bin/busybox"), Executable);
        root.AddFile("init", Encoding.ASCII.GetBytes(init.ReplaceLineEndings("\n") + "\n"), Executable);
        add?.Invoke(root);
        return new UnifiedKernelImage
        {
            Stub = File.ReadAllBytes(BootApplication(release)),
            Kernel = File.ReadAllBytes(Kernel(release)),
            Initrd = root.ToInitrd(),
            CommandLine = commandLine,
        }.Build();
    }

    /// <summary>The kernel's file.</summary>
    public static string Kernel(bool release) => Repository.Built(Flavour(release) + "bin/LiteBox.Kernel/kernel.elf");

    /// <summary>The boot application's file.</summary>
    public static string BootApplication(bool release) => Repository.Built(Flavour(release) + "bin/LiteBox.Boot/boot.efi");

    private static string Flavour(bool release) => release ? "release/" : "";
}
