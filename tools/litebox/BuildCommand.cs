using System;
using System.CommandLine;
using System.IO;
using System.Linq;
using LiteBox.Image;
using LiteBox.Image.Disk;
using LiteBox.Image.Pe;
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
            Description = "The workload: a root directory, a tar of one, an OCI image layout or docker save archive, one static program, or a newc archive; or an UEFI application that is whole, such as a signed one, for a disk with it.",
        };
        var output = new Option<FileInfo>("--output", "-o") { Description = "The image to write.", Required = true };
        var format = new Option<Format>("--format") { Description = "raw: GPT disk; vhd: fixed VHD for Azure; uki: the UEFI application alone." };
        var commandLine = new Option<string>("--cmdline") { Description = "The kernel's command line.", DefaultValueFactory = _ => "" };
        var boot = new Option<FileInfo?>("--boot") { Description = "The UEFI application that starts the kernel; by default the clone's own." };
        var kernel = new Option<FileInfo?>("--kernel") { Description = "The kernel's ELF file; by default the clone's own." };
        var release = new Option<bool>("--release") { Description = "With the kernel and boot application that say nothing of their own (`make release` builds them)." };
        var manifest = new Option<FileInfo?>("--manifest") { Description = "A JSON file that gets the SHA-256 of the image and of every part." };
        var command = new ToolCommand("build", "Makes a bootable image of a workload. The same input gives the same bytes.",
            """
            litebox build out/workload/run -o out/try.img --manifest out/try.json
            litebox build out/workload/run -o out/try.vhd --format vhd
            litebox build /bin/busybox -o out/try.efi --format uki
            litebox build out/try.efi -o out/from-application.img
            """)
        {
            source, output, format, commandLine, release, boot, kernel, manifest,
        };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(output).FullName;
            string words = parsed.GetRequiredValue(commandLine);
            FileSystemInfo workload = parsed.GetRequiredValue(source);
            byte[] application = InputFile.Reading(workload.FullName, () => WorkloadSource.ReadApplication(workload.FullName) is { } ready
                ? Unchanged(ready, words)
                : Build(WorkloadSource.Read(workload), words, parsed.GetValue(release), parsed.GetValue(boot), parsed.GetValue(kernel)));
            Write(path, application, parsed.GetValue(format));
            if (parsed.GetValue(manifest) is { } manifestFile)
            {
                File.WriteAllText(manifestFile.FullName, BuildManifest.Of(path, application));
            }

            Tell(path, PeImage.Read(application));
        });
        return command;
    }

    private static byte[] Build(Workload workload, string commandLine, bool release, FileInfo? boot, FileInfo? kernel) => new UnifiedKernelImage
    {
        Stub = ReadPart(boot, Flavour(release) + "bin/LiteBox.Boot/boot.efi", "--boot", "MZ"u8),
        Kernel = ReadPart(kernel, Flavour(release) + "bin/LiteBox.Kernel/kernel.elf", "--kernel", [0x7F, (byte)'E', (byte)'L', (byte)'F']),
        Initrd = workload.Initrd,
        CommandLine = $"{commandLine} {workload.CommandLine}".Trim(),
    }.Build();

    private static byte[] ReadPart(FileInfo? named, string relativePath, string option, ReadOnlySpan<byte> magic)
    {
        string path = SourceTree.Part(named, relativePath, option);
        byte[] part = File.ReadAllBytes(path);
        return part.AsSpan().StartsWith(magic) ? part
            : throw new CommandFailure(ExitCode.Malformed, $"{option}: {path}, offset 0x0: not what `make kernel` builds as {Path.GetFileName(relativePath)}");
    }

    private static string Flavour(bool release) => release ? "release/" : "";

    /// <summary>An application that is whole may be signed: not a byte of it changes.</summary>
    private static byte[] Unchanged(byte[] application, string commandLine) => commandLine.Length == 0 ? application
        : throw CommandFailure.Usage("--cmdline", "the source is an UEFI application, which has its command line already; give it when that is built");

    private static void Tell(string path, PeImage application)
    {
        string parts = string.Join(", ", new[] { ".linux", ".initrd", ".cmdline" }.Select(application.Find).OfType<PeSection>()
            .Select(section => $"{section.Name} {Size(application.Data(section).Length)}"));
        AnsiConsole.WriteLine($"{path}: {parts}{(application.IsSigned ? ", signed" : "")}");
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

    private static string Size(int bytes) => bytes switch
    {
        < 1 << 10 => $"{bytes} bytes",
        < 1 << 20 => $"{bytes / 1024.0:F0} KiB",
        _ => $"{bytes / 1048576.0:F2} MiB",
    };
}
