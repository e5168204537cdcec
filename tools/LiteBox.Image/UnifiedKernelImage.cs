using System;
using System.Collections.Generic;
using System.Text;
using LiteBox.Image.Pe;

namespace LiteBox.Image;

/// <summary>
/// A unified kernel image (UAPI.5): one UEFI application that holds a boot stub, the kernel, its command line and its initrd as
/// sections, so that one file is measured, signed and booted.
/// </summary>
public sealed record UnifiedKernelImage
{
    /// <summary>The UEFI application that starts the kernel; not signed.</summary>
    public required ReadOnlyMemory<byte> Stub { get; init; }

    /// <summary>The kernel, <c>.linux</c>: for LiteBox.Snp its ELF file.</summary>
    public required ReadOnlyMemory<byte> Kernel { get; init; }

    /// <summary>The initrd, <c>.initrd</c>: for LiteBox.Snp the workload's root file system as a newc archive.</summary>
    public ReadOnlyMemory<byte> Initrd { get; init; }

    /// <summary>The kernel's command line, <c>.cmdline</c>; left out when empty.</summary>
    public string CommandLine { get; init; } = "";

    /// <summary>What the image is, in the form of os-release(5), <c>.osrel</c>.</summary>
    public string OperatingSystemRelease { get; init; } = "ID=litebox\nNAME=\"LiteBox.Snp\"\nPRETTY_NAME=\"LiteBox.Snp\"\n";

    /// <summary>The kernel's release as uname -r tells it, <c>.uname</c>; left out when empty.</summary>
    public string KernelRelease { get; init; } = "";

    /// <summary>Revocation generations, <c>.sbat</c> (shim's SBAT.md); taken when the stub has none of its own.</summary>
    public string RevocationMetadata { get; init; } =
        "sbat,1,SBAT Version,sbat,1,https://github.com/rhboot/shim/blob/main/SBAT.md\nlitebox,1,LiteBox.Snp,litebox,1,https://uapi-group.org\n";

    /// <summary>The image's bytes. The same parts give the same bytes.</summary>
    /// <exception cref="ImageFormatException">The stub is not an unsigned 64-bit PE image, or has such a section already.</exception>
    public byte[] Build()
    {
        PeImage stub = PeImage.Read(Stub);
        var sections = new List<NewSection> { Text(".osrel", OperatingSystemRelease) };
        if (CommandLine.Length != 0)
        {
            sections.Add(Text(".cmdline", CommandLine));
        }

        if (KernelRelease.Length != 0)
        {
            sections.Add(Text(".uname", KernelRelease));
        }

        if (stub.Find(".sbat") == null)
        {
            sections.Add(Text(".sbat", RevocationMetadata));
        }

        if (!Initrd.IsEmpty)
        {
            sections.Add(new NewSection(".initrd", Initrd));
        }

        // Last, as the specification asks: nothing that a kernel does with the memory behind it can hurt the others.
        sections.Add(new NewSection(".linux", Kernel));
        return stub.WithSections(sections);
    }

    private static NewSection Text(string name, string text) => new(name, Encoding.UTF8.GetBytes(text));
}
