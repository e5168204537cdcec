using System;
using System.CommandLine;
using System.IO;
using LiteBox.Image;
using LiteBox.Image.Disk;
using Spectre.Console;

namespace LiteBox.CommandLine;

/// <summary><c>litebox build</c>: a root file system becomes an image that boots.</summary>
internal static class BuildCommand
{
    private enum Format
    {
        Raw,
        Vhd,
        Uki,
    }

    public static Command Create()
    {
        var source = new Argument<FileSystemInfo>("source")
        {
            Description = "The workload: a root directory, a tar of one, an OCI image layout or docker save archive, one static program, or a newc archive.",
        };
        var output = new Option<FileInfo>("--output", "-o") { Description = "The image to write.", Required = true };
        var format = new Option<Format>("--format") { Description = "raw: GPT disk; vhd: fixed VHD for Azure; uki: the UEFI application alone." };
        var commandLine = new Option<string>("--cmdline") { Description = "The kernel's command line.", DefaultValueFactory = _ => "" };
        var boot = new Option<FileInfo?>("--boot") { Description = "The UEFI application that starts the kernel; by default the clone's own." };
        var kernel = new Option<FileInfo?>("--kernel") { Description = "The kernel's ELF file; by default the clone's own." };
        var manifest = new Option<FileInfo?>("--manifest") { Description = "A JSON file that gets the SHA-256 of the image and of every part." };
        var command = new Command("build", """
            Makes a bootable image of a workload. The same input gives the same bytes.
            Example: litebox build rootfs/ -o disk.img --cmdline "console=ttyS0"
            """)
        {
            source, output, format, commandLine, boot, kernel, manifest,
        };
        command.SetAction(parsed =>
        {
            Workload workload = WorkloadSource.Read(parsed.GetRequiredValue(source));
            var image = new UnifiedKernelImage
            {
                Stub = File.ReadAllBytes(SourceTree.Part(parsed.GetValue(boot), "bin/LiteBox.Boot/boot.efi", "--boot")),
                Kernel = File.ReadAllBytes(SourceTree.Part(parsed.GetValue(kernel), "bin/LiteBox.Kernel/kernel.elf", "--kernel")),
                Initrd = workload.Initrd,
                CommandLine = $"{parsed.GetRequiredValue(commandLine)} {workload.CommandLine}".Trim(),
            };
            string path = parsed.GetRequiredValue(output).FullName;
            byte[] application = image.Build();
            Write(path, application, parsed.GetValue(format));
            if (parsed.GetValue(manifest) is { } manifestFile)
            {
                File.WriteAllText(manifestFile.FullName, BuildManifest.Of(path, application));
            }

            AnsiConsole.MarkupLineInterpolated($"{path}: kernel {Size(image.Kernel.Length)}, boot {Size(image.Stub.Length)}, initrd {Size(workload.Initrd.Length)}");
        });
        return command;
    }

    private static void Write(string path, byte[] application, Format format)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } directory)
        {
            Directory.CreateDirectory(directory);
        }

        // A new file each time: a machine that still runs from the old one keeps it.
        File.Delete(path);
        using FileStream file = new(path, FileMode.CreateNew, FileAccess.ReadWrite);
        if (format == Format.Uki)
        {
            file.Write(application);
            return;
        }

        BootDisk.Write(file, application, SourceDate.Time);
        if (format == Format.Vhd)
        {
            FixedVhd.AppendFooter(file);
        }
    }

    private static string Size(int bytes) => bytes < 1 << 20 ? $"{bytes / 1024.0:F0} KiB" : $"{bytes / 1048576.0:F2} MiB";
}
