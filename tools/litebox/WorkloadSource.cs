using System;
using System.IO;
using LiteBox.Image;
using LiteBox.Image.Containers;
using LiteBox.Image.Pe;

namespace LiteBox.CommandLine;

/// <summary>A workload, ready for the kernel.</summary>
/// <param name="Initrd">Its root file system.</param>
/// <param name="CommandLine">What the kernel's command line has to say to start it; usually nothing.</param>
internal readonly record struct Workload(byte[] Initrd, string CommandLine);

/// <summary>The forms in which a workload is given, told apart by their content.</summary>
internal static class WorkloadSource
{
    private const uint Executable = 0x1ED; // 0755
    private const int TarMagicOffset = 257;
    private static ReadOnlySpan<byte> ElfMagic => [0x7F, (byte)'E', (byte)'L', (byte)'F'];

    private static ReadOnlySpan<byte> GzipMagic => [0x1F, 0x8B];

    /// <summary>The source when it is an UEFI application that needs nothing more; else null.</summary>
    /// <exception cref="ImageFormatException">It starts as one and is none.</exception>
    public static byte[]? ReadApplication(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using FileStream file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[2];
        if (file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !start.SequenceEqual("MZ"u8))
        {
            return null;
        }

        byte[] application = File.ReadAllBytes(path);
        return PeImage.Read(application).Find(".linux") != null ? application
            : throw new ImageFormatException($"{path}: an UEFI application without a kernel in it: give one that `litebox build --format uki` made");
    }

    /// <summary>Reads a workload.</summary>
    /// <exception cref="UsageException">The source is not there, or of no known form.</exception>
    public static Workload Read(FileSystemInfo source)
    {
        var files = new RootFileSystem(SourceDate.Seconds);
        if (Directory.Exists(source.FullName))
        {
            if (ContainerImage.Read(source.FullName) is { } layout)
            {
                return Container(files, layout);
            }

            files.AddTree(source.FullName);
            return new Workload(files.ToInitrd(), "");
        }

        if (!File.Exists(source.FullName))
        {
            throw new UsageException($"{source}: no such file or directory: name the workload's root directory, program, archive or container image");
        }

        return ReadFile(files, source.FullName);
    }

    private static Workload ReadFile(RootFileSystem files, string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.AsSpan().StartsWith("070701"u8))
        {
            return new Workload(bytes, "");
        }

        if (bytes.AsSpan().StartsWith(ElfMagic))
        {
            return OneProgram(files, bytes);
        }

        bool tar = bytes.Length > TarMagicOffset + 5 && bytes.AsSpan(TarMagicOffset, 5).SequenceEqual("ustar"u8);
        if (tar && ContainerImage.Read(path) is { } image)
        {
            return Container(files, image);
        }

        if (!tar && !bytes.AsSpan().StartsWith(GzipMagic))
        {
            throw new UsageException($"{path}: neither a directory, an ELF program, a tar archive, a container image nor a newc archive");
        }

        TarLayer.Apply(files, bytes, path);
        return new Workload(files.ToInitrd(), "");
    }

    private static Workload Container(RootFileSystem files, ContainerImage image)
    {
        image.ApplyTo(files);
        string commandLine = ContainerStart.Prepare(files, image.Configuration);
        return new Workload(files.ToInitrd(), commandLine);
    }

    private static Workload OneProgram(RootFileSystem files, byte[] program)
    {
        foreach (string directory in new[] { "dev", "proc", "tmp" })
        {
            files.AddDirectory(directory);
        }

        files.AddFile("init", program, Executable);
        return new Workload(files.ToInitrd(), "");
    }
}
