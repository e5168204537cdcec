using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using LiteBox.Image;
using LiteBox.Image.Cpio;
using LiteBox.Image.Disk;
using LiteBox.Image.Fat;
using LiteBox.Image.Pe;
using Spectre.Console;

namespace LiteBox.CommandLine;

/// <summary><c>litebox inspect</c>: what is in an image.</summary>
internal static class InspectCommand
{
    private const int LongestText = 400;
    private const int LargestFirmware = 16 << 20;

    public static Command Create()
    {
        var image = new Argument<FileInfo>("image") { Description = "A raw disk, a fixed VHD, an UEFI application, or a firmware (OVMF.fd)." };
        var command = new ToolCommand("inspect",
            "Shows what is in an image: partitions, files, the sections of unified kernel images, and what a launch measures of them.",
            """
            litebox inspect out/disk.img
            litebox inspect out/firmware/amdsev/OVMF.amdsev.fd
            """)
        {
            image,
        };
        command.SetAction(parsed => InputFile.Reading(parsed.GetRequiredValue(image).FullName, () =>
        {
            Inspect(parsed.GetRequiredValue(image));
            return ExitCode.Success;
        }));
        return command;
    }

    private static void Inspect(FileInfo file)
    {
        if (!file.Exists)
        {
            throw new UsageException($"{file}: no such file: name an image");
        }

        using FileStream disk = file.OpenRead();
        Span<byte> start = stackalloc byte[2];
        disk.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (start.SequenceEqual("MZ"u8))
        {
            ShowApplication(file.Name, File.ReadAllBytes(file.FullName));
            return;
        }

        if (disk.Length <= LargestFirmware && LaunchInputText.TryWriteFirmware(File.ReadAllBytes(file.FullName)))
        {
            return;
        }

        if (FixedVhd.LooksLikeOne(disk))
        {
            AnsiConsole.WriteLine($"fixed VHD, disk of {FixedVhd.ReadDiskLength(disk)} bytes");
        }

        ShowPartitions(disk);
    }

    private static void ShowPartitions(FileStream disk)
    {
        foreach (PartitionEntry partition in GuidPartitionTable.Read(disk))
        {
            AnsiConsole.WriteLine($"partition \"{partition.Name}\": sectors {partition.FirstSector} to {partition.LastSector}, {partition.Length >> 10} KiB, id {partition.Id}");
            if (partition.Type != PartitionType.EfiSystem)
            {
                continue;
            }

            foreach ((string path, byte[] content) in FatReader.Open(disk, partition.Offset).ReadFiles())
            {
                AnsiConsole.WriteLine($"  {path}: {content.Length} bytes, sha256 {Convert.ToHexStringLower(SHA256.HashData(content))}");
                if (content.AsSpan().StartsWith("MZ"u8))
                {
                    ShowApplication(path, content);
                }
            }
        }
    }

    private static void ShowApplication(string name, byte[] bytes)
    {
        PeImage image = PeImage.Read(bytes);
        var table = new Table { Title = new TableTitle(Markup.Escape(name) + (image.IsSigned ? ", signed" : ", not signed")) };
        table.AddColumns("section", "bytes", "sha256", "content");
        foreach (PeSection section in image.Sections)
        {
            ReadOnlyMemory<byte> data = image.Data(section);
            table.AddRow(
                section.Name,
                $"{data.Length}",
                Convert.ToHexStringLower(SHA256.HashData(data.Span))[..16],
                Markup.Escape(Describe(section.Name, data)));
        }

        AnsiConsole.Write(table);
        LaunchInputText.WriteApplication(bytes);
    }

    private static string Describe(string section, ReadOnlyMemory<byte> data) => section switch
    {
        ".cmdline" or ".osrel" or ".uname" or ".sbat" => Encoding.UTF8.GetString(data.Span[..Math.Min(data.Length, LongestText)]).TrimEnd(),
        ".initrd" => DescribeInitrd(data),
        _ => "",
    };

    private static string DescribeInitrd(ReadOnlyMemory<byte> data)
    {
        try
        {
            IReadOnlyList<CpioEntry> entries = CpioReader.Read(data);
            return $"newc archive of {entries.Count} files";
        }
        catch (ImageFormatException)
        {
            return "not a newc archive";
        }
    }
}
