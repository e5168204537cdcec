using System;
using System.IO;
using LiteBox.Image;

namespace LiteBox.CommandLine;

/// <summary>The forms in which a workload is given, each turned into an initrd.</summary>
internal static class WorkloadSource
{
    private const uint Executable = 0x1ED; // 0755
    private static ReadOnlySpan<byte> ElfMagic => [0x7F, (byte)'E', (byte)'L', (byte)'F'];

    /// <summary>The initrd.</summary>
    /// <exception cref="UsageException">The source is not there, or of no known form.</exception>
    public static byte[] ToInitrd(FileSystemInfo source)
    {
        if (Directory.Exists(source.FullName))
        {
            var files = new RootFileSystem(SourceDate.Seconds);
            files.AddTree(source.FullName);
            return files.ToInitrd();
        }

        if (!File.Exists(source.FullName))
        {
            throw new UsageException($"{source}: no such file or directory: name the workload's root directory, program or archive");
        }

        byte[] bytes = File.ReadAllBytes(source.FullName);
        if (bytes.AsSpan().StartsWith("070701"u8))
        {
            return bytes;
        }

        return bytes.AsSpan().StartsWith(ElfMagic)
            ? OneProgram(bytes)
            : throw new UsageException($"{source}: neither a directory, an ELF program nor a newc archive (070701)");
    }

    private static byte[] OneProgram(byte[] program)
    {
        var files = new RootFileSystem(SourceDate.Seconds);
        foreach (string directory in new[] { "dev", "proc", "tmp" })
        {
            files.AddDirectory(directory);
        }

        files.AddFile("init", program, Executable);
        return files.ToInitrd();
    }
}
