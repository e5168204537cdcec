using System.Collections.Generic;

namespace LiteBox.Qemu;

/// <summary>What the machine starts.</summary>
public abstract record BootSource
{
    /// <summary>Disks that it is on.</summary>
    internal virtual IEnumerable<VirtioDisk> Disks => [];

    /// <summary>Further QEMU options that offer it to the firmware.</summary>
    internal virtual IEnumerable<string> Arguments() => [];
}

/// <summary>A disk from which UEFI firmware boots.</summary>
/// <param name="Path">A raw disk image. The guest cannot change it: what it writes is thrown away.</param>
public sealed record DiskBoot(string Path) : BootSource
{
    internal override IEnumerable<VirtioDisk> Disks => [new VirtioDisk("boot", Path) { IsBoot = true }];
}

/// <summary>A kernel or UEFI application that QEMU hands to the firmware directly.</summary>
/// <param name="Kernel">A Linux kernel image, or a UEFI application.</param>
/// <param name="Initrd">The initrd, or null.</param>
/// <param name="CommandLine">The kernel's command line.</param>
public sealed record KernelBoot(string Kernel, string? Initrd, string CommandLine) : BootSource
{
    internal override IEnumerable<string> Arguments()
    {
        List<string> arguments = ["-kernel", Kernel];
        if (Initrd != null)
        {
            arguments.AddRange(["-initrd", Initrd]);
        }

        if (CommandLine.Length != 0)
        {
            arguments.AddRange(["-append", CommandLine]);
        }

        return arguments;
    }
}

/// <summary>Nothing: the firmware ends in its own shell.</summary>
public sealed record NoBoot : BootSource;
