using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text.Json;
using LiteBox.Image.Pe;

namespace LiteBox.CommandLine;

/// <summary>What was built, as hashes: the image, the UEFI application in it, and each of its sections.</summary>
internal static class BuildManifest
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    public static string Of(string imagePath, byte[] application)
    {
        PeImage image = PeImage.Read(application);
        var manifest = new SortedDictionary<string, object>(StringComparer.Ordinal)
        {
            ["image"] = Path.GetFileName(imagePath),
            ["imageSha256"] = Sha256(File.ReadAllBytes(imagePath)),
            ["applicationSha256"] = Sha256(application),
            ["sectionSha256"] = image.Sections.ToDictionary(section => section.Name, section => Sha256(image.Data(section).Span)),
        };
        return JsonSerializer.Serialize(manifest, Readable) + "\n";
    }

    private static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
