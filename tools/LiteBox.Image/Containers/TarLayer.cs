using System;
using System.Collections.Generic;
using System.Formats.Tar;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using LiteBox.Image.Cpio;

namespace LiteBox.Image.Containers;

/// <summary>
/// Lays a tar archive over a root file system: a whole one, or one layer of a container image with its whiteouts (OCI Image Layer
/// Filesystem Changeset Specification 1.1). A hard link becomes a file of the same content.
/// </summary>
public static class TarLayer
{
    private const int BlockSize = 512;
    private const string Whiteout = ".wh.";
    private const string OpaqueWhiteout = ".wh..wh..opq";

    /// <summary>Applies an archive; gzip is seen by its magic number.</summary>
    /// <param name="files">What is changed.</param>
    /// <param name="archive">The archive.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="ImageFormatException">It is no tar archive, or leads out of the root.</exception>
    public static void Apply(RootFileSystem files, ReadOnlyMemory<byte> archive, string name)
    {
        try
        {
            using MemoryStream stream = Decompress(archive, name);
            using var reader = new TarReader(stream);

            // Some writers leave out the two empty blocks at the end.
            while (Alignment.Up(stream.Position, BlockSize) < stream.Length && reader.GetNextEntry(copyData: true) is { } entry)
            {
                ApplyEntry(files, entry, name);
            }
        }
        catch (Exception wrong) when (wrong is InvalidDataException or EndOfStreamException or FormatException or ArgumentException)
        {
            throw new ImageFormatException($"{name}: not a whole tar archive: {wrong.Message}");
        }
    }

    private static MemoryStream Decompress(ReadOnlyMemory<byte> archive, string name)
    {
        var raw = new MemoryStream(archive.ToArray(), writable: false);
        ReadOnlySpan<byte> start = archive.Span[..Math.Min(4, archive.Length)];
        if (start.SequenceEqual((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]))
        {
            throw new ImageFormatException($"{name}: compressed with zstd; write the image with gzip layers");
        }

        if (!start.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
        {
            return raw;
        }

        var whole = new MemoryStream();
        using var gzip = new GZipStream(raw, CompressionMode.Decompress);
        gzip.CopyTo(whole);
        whole.Position = 0;
        return whole;
    }

    private static void ApplyEntry(RootFileSystem files, TarEntry entry, string name)
    {
        string path = Normalise(entry.Name, name);
        string leaf = path[(path.LastIndexOf('/') + 1)..];
        string directory = path[..Math.Max(0, path.LastIndexOf('/'))];
        if (leaf == OpaqueWhiteout)
        {
            files.RemoveChildren(directory);
        }
        else if (leaf.StartsWith(Whiteout, StringComparison.Ordinal))
        {
            files.Remove((directory.Length == 0 ? "" : directory + "/") + leaf[Whiteout.Length..]);
        }
        else if (path.Length != 0 && ToCpio(files, entry, path, name) is { } added)
        {
            files.AddEntry(added);
        }
    }

    private static CpioEntry? ToCpio(RootFileSystem files, TarEntry entry, string path, string name)
    {
        uint permissions = (uint)entry.Mode & 0xFFF;
        CpioEntry Node(uint type, ReadOnlyMemory<byte> data = default) =>
            new(path, type | permissions, data) { User = (uint)entry.Uid, Group = (uint)entry.Gid };
        switch (entry.EntryType)
        {
            case TarEntryType.Directory or TarEntryType.DirectoryList:
                return Node(FileType.Directory);
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                return Node(FileType.Regular, Content(entry));
            case TarEntryType.SymbolicLink:
                return Node(FileType.SymbolicLink, Encoding.UTF8.GetBytes(entry.LinkName)) with { Mode = FileType.SymbolicLink | 0x1FF };
            case TarEntryType.HardLink:
                CpioEntry target = files.Find(Normalise(entry.LinkName, name))
                    ?? throw new ImageFormatException($"{name}: {path} is a link to {entry.LinkName}, which is not there");
                return target with { Path = path };
            case TarEntryType.CharacterDevice or TarEntryType.BlockDevice:
                var device = (PosixTarEntry)entry;
                uint type = entry.EntryType == TarEntryType.BlockDevice ? FileType.BlockDevice : FileType.CharacterDevice;
                return Node(type) with { DeviceMajor = (uint)device.DeviceMajor, DeviceMinor = (uint)device.DeviceMinor };
            case TarEntryType.Fifo:
                return Node(FileType.Fifo);
            default:
                return null; // global headers and the like: nothing that could stand in a root file system
        }
    }

    private static byte[] Content(TarEntry entry)
    {
        var content = new MemoryStream();
        entry.DataStream?.CopyTo(content);
        return content.ToArray();
    }

    // "./a/b/" and "/a/b" are "a/b"; a path that climbs is refused.
    private static string Normalise(string path, string name)
    {
        IEnumerable<string> parts = path.Split('/').Where(part => part is not ("" or "."));
        return parts.Contains("..")
            ? throw new ImageFormatException($"{name}: the path {path} leads out of the root")
            : string.Join('/', parts);
    }
}
