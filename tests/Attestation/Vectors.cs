using System.Text.Json;
using Xunit;

namespace LiteBox.Attestation.Tests;

/// <summary>
/// The shared test vectors: a folder with manifest.json, named by LITEBOX_VECTORS or found as shared/vectors beside the clone.
/// They are not part of the repository; without them the tests that need them are skipped by name.
/// </summary>
internal static class Vectors
{
    /// <summary>What stands in for the entries when there are no vectors, so that the skip has a name.</summary>
    internal const string Absent = "(vectors are absent: set LITEBOX_VECTORS)";

    private static readonly Lazy<string?> Found = new(Find);

    /// <summary>The time at which an entry is judged when it names none (README of the vectors).</summary>
    internal static DateTimeOffset DefaultTime { get; } = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    internal static bool AreThere => Found.Value is not null;

    /// <summary>Skips the test when there are no vectors.</summary>
    internal static void Require() => Skip.IfNot(AreThere, "the test vectors are not there; set LITEBOX_VECTORS to their folder");

    internal static string PathOf(string relative) => Path.Combine(Found.Value!, relative);

    internal static byte[] Read(string relative) => File.ReadAllBytes(PathOf(relative));

    internal static bool Has(string relative) => AreThere && File.Exists(PathOf(relative));

    /// <summary>Every entry of the manifest, by path.</summary>
    internal static IReadOnlyDictionary<string, JsonElement> Entries { get; } = ReadManifest();

    internal static JsonElement Json(string relative) => JsonDocument.Parse(Read(relative)).RootElement;

    /// <summary>A certificate set with the given files of the vectors.</summary>
    internal static CertificateSet Certificates(params IEnumerable<string> paths)
    {
        var set = new CertificateSet();
        foreach (var path in paths)
        {
            Assert.Null(set.Add(Read(path), path));
        }

        return set;
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("LITEBOX_VECTORS") is { Length: > 0 } named)
        {
            return File.Exists(Path.Combine(named, "manifest.json")) ? named : null;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "vectors");
            if (File.Exists(Path.Combine(candidate, "manifest.json")))
            {
                return candidate;
            }
        }

        return null;
    }

    private static Dictionary<string, JsonElement> ReadManifest() => !AreThere ? [] :
        Json("manifest.json").GetProperty("files").EnumerateArray().ToDictionary(entry => entry.GetProperty("path").GetString()!);
}
