using LiteBox.Attestation;

namespace LiteBox.CommandLine;

/// <summary>
/// Copies of the key distribution service's files on disk: each under the path and query of its address, as wget -x keeps them.
/// </summary>
internal static class KeyDistributionFolder
{
    /// <summary>Where a file belongs.</summary>
    internal static string PathOf(string folder, KeyDistributionFile file) =>
        Path.Combine(folder, file.Path[1..].Replace('/', Path.DirectorySeparatorChar));

    /// <summary>Finds a copy, with or without the host's name above it and an ending after it; null when there is none.</summary>
    internal static string? Find(string folder, KeyDistributionFile file)
    {
        foreach (var root in new[] { folder, Path.Combine(folder, "kdsintf.amd.com") })
        {
            foreach (var ending in new[] { "", ".der", ".pem", ".crt", ".crl" })
            {
                var path = PathOf(root, file) + ending;
                if (File.Exists(path))
                {
                    return path;
                }
            }
        }

        return null;
    }
}
