using System.Globalization;
using Xunit;
using Xunit.Abstractions;

namespace LiteBox.Attestation.Tests;

/// <summary>
/// Real evidence with bits turned, one at a time: none may pass. Everything in a report is signed or must be zero, so there is no bit
/// whose change is harmless. LITEBOX_MUTATION_STRIDE=1 turns every bit: 28,416 reports and some 60,000 chains. The default turns every
/// third bit of the reports, so that each byte is hit, and every eleventh of the rest.
/// </summary>
public sealed class MutationTests(ITestOutputHelper output)
{
    private static readonly int? Stride =
        Environment.GetEnvironmentVariable("LITEBOX_MUTATION_STRIDE") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private static int ReportStride => Stride ?? 3;

    private static int OtherStride => Stride ?? 11;

    [SkippableTheory]
    [InlineData("azure-milan-v2")]
    [InlineData("aci-genoa-v3")]
    [InlineData("aci-turin-v5")]
    public void NoTurnedBitOfAReportPasses(string name)
    {
        Vectors.Require();
        var report = Vectors.Read($"reports/{name}/report.bin");
        var set = Vectors.Certificates($"reports/{name}/vcek.der");
        Assert.True(Accepts(report, set));
        var passed = new List<string>();
        var bits = (report.Length * 8 / ReportStride) + 1;
        Parallel.For(0, bits, index =>
        {
            var bit = Math.Min(index * ReportStride, (report.Length * 8) - 1);
            var changed = (byte[])report.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            if (Accepts(changed, set))
            {
                lock (passed)
                {
                    passed.Add($"byte 0x{bit / 8:x} bit {bit % 8}");
                }
            }
        });
        output.WriteLine($"{bits} turned bits (every {ReportStride}th), {passed.Count} passed");
        Assert.Empty(passed);
    }

    [SkippableTheory]
    [InlineData("azure-milan-v2", "milan")]
    [InlineData("aci-turin-v5", "turin")]
    public void NoTurnedBitOfACertificatePasses(string name, string product)
    {
        Vectors.Require();
        var report = Vectors.Read($"reports/{name}/report.bin");
        var files = new[] { $"reports/{name}/vcek.der", $"amd/{product}/ask.der", $"amd/{product}/ark.der" }.Select(Vectors.Read).ToArray();
        Assert.True(Accepts(report, TestBench.Set(files)));
        var passed = new List<string>();
        var count = 0;
        for (var file = 0; file < files.Length; file++)
        {
            for (var bit = file; bit < files[file].Length * 8; bit += OtherStride)
            {
                count++;
                files[file][bit / 8] ^= (byte)(1 << (bit % 8));
                var set = new CertificateSet();
                if (files.All(der => set.Add(der, "changed") is null) && Accepts(report, set))
                {
                    passed.Add($"file {file} byte 0x{bit / 8:x} bit {bit % 8}");
                }

                files[file][bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }

        output.WriteLine($"{count} turned bits (every {OtherStride}th), {passed.Count} passed");
        Assert.Empty(passed);
    }

    [SkippableFact]
    public void NoTurnedBitOfBoundAzureEvidencePasses()
    {
        Vectors.Require();
        const int Padding = 2346;
        var blob = Vectors.Read("azure/milan-v3/hcl-report.bin");
        var set = Vectors.Certificates("azure/milan-v3/vcek.der");
        var passed = new List<int>();
        for (var bit = 0; bit < Padding * 8; bit += OtherStride)
        {
            blob[bit / 8] ^= (byte)(1 << (bit % 8));
            if (AzureVerifier.Verify(new AzureEvidence { HclReport = blob }, set, new AzurePolicy(), Vectors.DefaultTime,
                TrustAnchors.Amd).Accepted)
            {
                passed.Add(bit / 8);
            }

            blob[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        // Request type, status and reserved bytes of the header: nothing signs them, and no check relies on them.
        Assert.All(passed, offset => Assert.InRange(offset, 0x04, 0x1F));
    }

    private static bool Accepts(byte[] report, CertificateSet set) =>
        ReportVerifier.Verify(report, set, new VerificationPolicy(), Vectors.DefaultTime).Accepted;
}
