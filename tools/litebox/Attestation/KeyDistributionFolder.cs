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

    /// <summary>
    /// Every copy that can belong to a report: certificates of its chip (or the provider's), chains and revocation lists of the products
    /// it can come from. Which of several certificates fits is decided by their content.
    /// </summary>
    internal static IEnumerable<string> FilesOf(string folder, AttestationReport report)
    {
        var isVlek = report.KeyInfo.SigningKey == SigningKey.Vlek;
        foreach (var product in KeyDistribution.Candidates(report, null))
        {
            var leaf = isVlek ? "cert" : Convert.ToHexStringLower(report.ChipId[..product.ChipIdLength()]);
            foreach (var root in new[] { folder, Path.Combine(folder, "kdsintf.amd.com") })
            {
                var place = Path.Combine(root, isVlek ? "vlek" : "vcek", "v1", product.Name());
                foreach (var file in FilesBelow(place))
                {
                    if (IsWanted(Path.GetRelativePath(place, file), leaf))
                    {
                        yield return file;
                    }
                }
            }
        }
    }

    private static IEnumerable<string> FilesBelow(string place) =>
        Directory.Exists(place) ? Directory.EnumerateFiles(place, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            : Enumerable.Empty<string>();

    private static bool IsWanted(string name, string leaf) =>
        name.StartsWith(leaf, StringComparison.OrdinalIgnoreCase) || Path.GetFileNameWithoutExtension(name) is "cert_chain" or "crl";
}
