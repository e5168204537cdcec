using System;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LiteBox.Image.Pe;

namespace LiteBox.CommandLine;

/// <summary>What was built, as hashes: the image, the UEFI application in it, and each of its sections.</summary>
internal static class BuildManifest
{
    public static string Of(string imagePath, byte[] application)
    {
        PeImage image = PeImage.Read(application);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("applicationSha256", Sha256(application));
            writer.WriteString("image", Path.GetFileName(imagePath));
            writer.WriteString("imageSha256", Sha256(File.ReadAllBytes(imagePath)));
            writer.WriteStartObject("sectionSha256");
            foreach (PeSection section in image.Sections)
            {
                writer.WriteString(section.Name, Sha256(image.Data(section).Span));
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
