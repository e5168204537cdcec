using System.Collections.Concurrent;
using System.Security.Cryptography;
using Xunit;

namespace LiteBox.Attestation.Tests;

/// <summary>Reports, certificates and verifications under the committed test root, so that each test changes one thing only.</summary>
internal static class TestBench
{
    /// <summary>A moment at which everything of the test root is valid, the VLEK too.</summary>
    internal static DateTimeOffset Time { get; } = new(2025, 6, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly ConcurrentDictionary<SnpProduct, TestAuthority> Authorities = new();

    internal static string RootFolder(SnpProduct product)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "tests", "TestRoot", product.Name().ToLowerInvariant());
            if (File.Exists(Path.Combine(candidate, "ark.der")))
            {
                return candidate;
            }
        }

        throw new DirectoryNotFoundException("tests/TestRoot");
    }

    internal static string RootFile(SnpProduct product, string name) => Path.Combine(RootFolder(product), name);

    internal static TestAuthority Authority(SnpProduct product) =>
        Authorities.GetOrAdd(product, key => TestAuthority.Load(key, RootFolder(key)));

    internal static ECDsa Key(SnpProduct product, string name)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(RootFile(product, $"{name}.key.pem")));
        return key;
    }

    /// <summary>A report as the test machine of a product writes it, before it is signed.</summary>
    internal static ReportBuilder Report(SnpProduct product, uint version = 5) =>
        new(version, version < 3 ? null : TestMachine.Cpu(product))
    {
        Tcb = TestMachine.Tcb(product).Encode(product.TcbLayout()),
        ChipId = TestMachine.ChipId(product),
        PlatformInfo = new(0x25),
        Firmware = new(1, 55, 40),
        Measurement = SHA384.HashData("image"u8),
        ReportData = SHA512.HashData("key"u8),
        HostData = SHA256.HashData("host"u8),
    };

    internal static byte[] Sign(this ReportBuilder report, SnpProduct product, string key = "vcek")
    {
        using var signer = Key(product, key);
        return report.Sign(signer);
    }

    /// <summary>A VLEK-signed report: SIGNING_KEY 1, CHIP_ID masked.</summary>
    internal static ReportBuilder VlekReport(SnpProduct product)
    {
        var report = Report(product);
        report.KeyInfo = new(0x4);
        report.ChipId = new byte[64];
        return report;
    }

    /// <summary>A set of DER values.</summary>
    internal static CertificateSet Set(params byte[][] values)
    {
        var set = new CertificateSet();
        foreach (var value in values)
        {
            Assert.Null(set.Add(value, "test"));
        }

        return set;
    }

    /// <summary>The test root's chain with the given leaf, or with its VCEK.</summary>
    internal static CertificateSet Chain(SnpProduct product, byte[]? leaf = null)
    {
        var authority = Authority(product);
        return Set(leaf ?? File.ReadAllBytes(RootFile(product, "vcek.der")), authority.Ask, authority.Ark);
    }

    internal static CertificateSet VlekChain(SnpProduct product)
    {
        var authority = Authority(product);
        return Set(File.ReadAllBytes(RootFile(product, "vlek.der")), authority.Asvk, authority.Ark);
    }

    internal static VerificationResult Verify(byte[] report, SnpProduct product, CertificateSet? certificates = null,
        VerificationPolicy? policy = null, DateTimeOffset? time = null) =>
        ReportVerifier.Verify(report, certificates ?? Chain(product), policy ?? new VerificationPolicy(), time ?? Time,
            Authority(product).Anchors);

    /// <summary>The ids of the failed checks, in order.</summary>
    internal static string[] Failed(this VerificationResult result) => [.. result.Failures.Select(check => check.Id)];

    internal static CheckOutcome Outcome(this VerificationResult result, string id) =>
        result.Checks.Single(check => check.Id == id).Outcome;
}
