using System;
using System.Collections.Generic;
using System.Formats.Tar;
using System.IO;
using System.Linq;

namespace LiteBox.Image.Containers;

/// <summary>The files of a container image as it lies on a disk: in a directory, or in a tar archive of one.</summary>
internal sealed class ContainerFiles
{
    private readonly string _name;
    private readonly Dictionary<string, byte[]>? _archived;

    private ContainerFiles(string name, Dictionary<string, byte[]>? archived)
    {
        _name = name;
        _archived = archived;
    }

    /// <summary>Opens an image; null when the path holds none: no oci-layout, nor, in an archive, a manifest.json.</summary>
    public static ContainerFiles? Open(string path)
    {
        if (Directory.Exists(path))
        {
            var layout = new ContainerFiles(path, null);
            return layout.Has("oci-layout") ? layout : null;
        }

        var archive = new ContainerFiles(path, ReadArchive(path));
        return archive.Has("oci-layout") || archive.Has("manifest.json") ? archive : null;
    }

    public bool Has(string file) => _archived?.ContainsKey(file) ?? File.Exists(Path.Combine(_name, file));

    public byte[] Read(string file)
    {
        // What a manifest names must lie within the image.
        bool climbs = file.Split('/').Contains("..") || Path.IsPathRooted(file);
        if (climbs || !Has(file))
        {
            throw new ImageFormatException($"{_name}: {file} is not in the image");
        }

        return _archived?[file] ?? File.ReadAllBytes(Path.Combine(_name, file));
    }

    private static Dictionary<string, byte[]> ReadArchive(string path)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        try
        {
            using FileStream stream = File.OpenRead(path);
            using var reader = new TarReader(stream);
            while (reader.GetNextEntry(copyData: true) is { } entry)
            {
                if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
                {
                    var content = new MemoryStream();
                    entry.DataStream?.CopyTo(content);
                    files[entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name] = content.ToArray();
                }
            }
        }
        catch (Exception wrong) when (wrong is InvalidDataException or EndOfStreamException or FormatException or ArgumentException)
        {
            return [];
        }

        return files;
    }
}
