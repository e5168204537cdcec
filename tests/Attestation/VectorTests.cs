using System.Security.Cryptography;
using System.Text.Json;
using Xunit;
using Xunit.Abstractions;

namespace LiteBox.Attestation.Tests;

/// <summary>Every entry of the vectors' manifest is answered as it says.</summary>
public sealed class VectorTests(ITestOutputHelper output)
{
    public static TheoryData<string> Paths => Vectors.AreThere ? [.. Vectors.Entries.Keys] : [Vectors.Absent];

    [SkippableTheory]
    [MemberData(nameof(Paths))]
    public void AnswersAsTheManifestSays(string path)
    {
        Vectors.Require();
        var entry = Vectors.Entries[path];
        Assert.Equal(entry.GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(Vectors.Read(path))));
        var answers = VectorJudge.Judge(path, entry);
        Assert.True(answers > 0, $"{path}: no expectation was understood");
        output.WriteLine($"{path}: {answers} expectations answered");
    }

    [SkippableFact]
    public void EveryExpectationIsUnderstood()
    {
        Vectors.Require();
        var unknown = Vectors.Entries.SelectMany(entry => VectorJudge.UnknownExpectations(entry.Value).Select(name =>
            $"{entry.Key}: {name}")).ToList();
        output.WriteLine($"{Vectors.Entries.Count} entries, {Vectors.Entries.Values.Sum(Expectations)} named expectations");
        Assert.Empty(unknown);
    }

    private static int Expectations(JsonElement entry) => entry.TryGetProperty("expect", out var expect) ? expect.EnumerateObject().Count()
        : 0;
}
