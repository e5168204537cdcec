using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text.Json;

namespace LiteBox.Image.Containers;

/// <summary>
/// A container image: an OCI image layout (OCI Image Layout Specification 1.1), as a directory or a tar archive, or what
/// <c>docker save</c> writes. Every blob that is named by a digest is checked against it.
/// </summary>
/// <param name="Configuration">How it wants to be started.</param>
/// <param name="Layers">Its layers from the lowest up: their names and tar archives.</param>
public sealed record ContainerImage(ContainerConfiguration Configuration, IReadOnlyList<(string Name, ReadOnlyMemory<byte> Archive)> Layers)
{
    private const string Sha256Prefix = "sha256:";

    /// <summary>Reads an image; null when the path holds none.</summary>
    /// <exception cref="ImageFormatException">The image contradicts itself.</exception>
    public static ContainerImage? Read(string path)
    {
        try
        {
            return ContainerFiles.Open(path) is { } files
                ? files.Has("oci-layout") ? ReadLayout(files) : ReadDockerArchive(files)
                : null;
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ImageFormatException($"{path}: not a container image: {wrong.Message}");
        }
    }

    /// <summary>Lays all layers over a root file system.</summary>
    public void ApplyTo(RootFileSystem files)
    {
        foreach ((string name, ReadOnlyMemory<byte> archive) in Layers)
        {
            TarLayer.Apply(files, archive, name);
        }
    }

    private static ContainerImage ReadLayout(ContainerFiles files)
    {
        JsonElement manifest = Json(files.Read("index.json"));

        // An index may lead to another index; the image for this machine is the first for amd64, or the only one.
        while (manifest.TryGetProperty("manifests", out JsonElement manifests))
        {
            JsonElement chosen = manifests.EnumerateArray().FirstOrDefault(IsForThisMachine);
            if (chosen.ValueKind == JsonValueKind.Undefined)
            {
                throw new ImageFormatException("the image index has no image for amd64");
            }

            manifest = Json(Blob(files, chosen));
        }

        return new ContainerImage(
            ContainerConfiguration.Read(Json(Blob(files, manifest.GetProperty("config")))),
            [.. manifest.GetProperty("layers").EnumerateArray().Select(layer => (Digest(layer), (ReadOnlyMemory<byte>)Blob(files, layer)))]);
    }

    private static ContainerImage ReadDockerArchive(ContainerFiles files)
    {
        JsonElement image = Json(files.Read("manifest.json")).EnumerateArray().First();
        return new ContainerImage(
            ContainerConfiguration.Read(Json(files.Read(image.GetProperty("Config").GetString()!))),
            [.. image.GetProperty("Layers").EnumerateArray().Select(layer => (layer.GetString()!, (ReadOnlyMemory<byte>)files.Read(layer.GetString()!)))]);
    }

    private static bool IsForThisMachine(JsonElement descriptor) =>
        !descriptor.TryGetProperty("platform", out JsonElement platform) || platform.GetProperty("architecture").GetString() is "amd64";

    private static byte[] Blob(ContainerFiles files, JsonElement descriptor)
    {
        string digest = Digest(descriptor);
        if (!digest.StartsWith(Sha256Prefix, StringComparison.Ordinal))
        {
            throw new ImageFormatException($"the digest {digest} is not of SHA-256");
        }

        byte[] blob = files.Read($"blobs/sha256/{digest[Sha256Prefix.Length..]}");
        return Convert.ToHexStringLower(SHA256.HashData(blob)) == digest[Sha256Prefix.Length..]
            ? blob
            : throw new ImageFormatException($"the blob {digest} does not have its digest");
    }

    private static string Digest(JsonElement descriptor) => descriptor.GetProperty("digest").GetString() ?? "";

    private static JsonElement Json(byte[] bytes)
    {
        using JsonDocument document = JsonDocument.Parse(bytes);
        return document.RootElement.Clone();
    }
}
