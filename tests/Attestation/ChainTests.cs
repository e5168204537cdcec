using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Xunit;

namespace LiteBox.Attestation.Tests;

/// <summary>Which chains are taken: places, signatures, keys, powers, times, forms and orders.</summary>
public sealed class ChainTests
{
    private const SnpProduct Product = SnpProduct.Milan;

    public static TheoryData<SnpProduct> Products => [.. SnpProducts.All];

    private static TestAuthority Authority => TestBench.Authority(Product);

    [Theory]
    [MemberData(nameof(Products))]
    public void ARightChainPasses(SnpProduct product)
    {
        Assert.Empty(TestBench.Verify(TestBench.Report(product).Sign(product), product).Failed());
        Assert.Empty(TestBench.Verify(TestBench.VlekReport(product).Sign(product, "vlek"), product, TestBench.VlekChain(product)).Failed());
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void OtherRootsAreTrustedOnlyWhenNamed(SnpProduct product)
    {
        var report = TestBench.Report(product).Sign(product);
        var result = ReportVerifier.Verify(report, TestBench.Chain(product), new VerificationPolicy(), TestBench.Time);
        Assert.Contains("certificate.chain", result.Failed());
        Assert.Equal(CheckKind.Authenticity, result.Failure);

        // Without a chain of its own in the evidence, AMD's built-in authorities stand in, and they did not sign this leaf.
        result = ReportVerifier.Verify(report, TestBench.Set(File.ReadAllBytes(TestBench.RootFile(product, "vcek.der"))),
            new VerificationPolicy(), TestBench.Time);
        Assert.Contains("certificate.chain", result.Failed());
    }

    [SkippableFact]
    public void NamingAnotherRootEndsTheTrustInAmds()
    {
        Vectors.Require();
        var set = Vectors.Certificates("reports/aci-milan-v3/vcek.der", "amd/milan/cert_chain.pem");
        var report = Vectors.Read("reports/aci-milan-v3/report.bin");
        Assert.True(ReportVerifier.Verify(report, set, new VerificationPolicy(), Vectors.DefaultTime).Accepted);
        Assert.Contains("certificate.chain", ReportVerifier.Verify(report, set, new VerificationPolicy(), Vectors.DefaultTime,
            Authority.Anchors).Failed());
    }

    [SkippableTheory]
    [InlineData("aci-milan-v3", "genoa")]
    [InlineData("aci-genoa-v3", "turin")]
    [InlineData("aci-turin-v5", "milan")]
    public void AWrongChainInTheEvidenceIsNotHealedByTheBuiltInOne(string report, string product)
    {
        Vectors.Require();
        var set = Vectors.Certificates($"reports/{report}/vcek.der", $"amd/{product}/cert_chain.pem");
        Assert.Contains("certificate.chain", ReportVerifier.Verify(Vectors.Read($"reports/{report}/report.bin"), set,
            new VerificationPolicy(), Vectors.DefaultTime).Failed());
    }

    [SkippableFact]
    public void ARootOfAnotherProductInTheEvidenceFails()
    {
        Vectors.Require();
        var set = Vectors.Certificates("reports/aci-milan-v3/vcek.der", "amd/milan/ask.der", "amd/genoa/ark.der");
        Assert.Equal(["certificate.anchor"], ReportVerifier.Verify(Vectors.Read("reports/aci-milan-v3/report.bin"), set,
            new VerificationPolicy(), Vectors.DefaultTime).Failed());
    }

    [SkippableFact]
    public void AForgedRootBesideAGenuineChainFails()
    {
        Vectors.Require();
        var set = Vectors.Certificates("reports/aci-milan-v3/vcek.der", "amd/milan/ask.der");
        Assert.Null(set.Add(Authority.Ark, "forged"));
        Assert.Equal(["certificate.anchor"], ReportVerifier.Verify(Vectors.Read("reports/aci-milan-v3/report.bin"), set,
            new VerificationPolicy(), Vectors.DefaultTime).Failed());
    }

    [SkippableFact]
    public void AForgedRootBesideTheGenuineOneFails()
    {
        Vectors.Require();
        var set = Vectors.Certificates("reports/aci-milan-v3/vcek.der", "amd/milan/cert_chain.pem");
        Assert.Null(set.Add(Authority.Ark, "forged"));
        Assert.Equal(["certificate.anchor"], ReportVerifier.Verify(Vectors.Read("reports/aci-milan-v3/report.bin"), set,
            new VerificationPolicy(), Vectors.DefaultTime).Failed());
    }

    [SkippableFact]
    public void AStrangerIsNamedAndNeverTakenForNothing()
    {
        Vectors.Require();
        var stranger = (Template(AmdExtensions.Authority(0)) with { SubjectName = "SEV-Milam" }).Sign(Authority.ArkKey);
        foreach (var chain in new[] { [], new[] { "amd/milan/cert_chain.pem" } })
        {
            var set = Vectors.Certificates(["reports/aci-milan-v3/vcek.der", .. chain]);
            Assert.Null(set.Add(stranger, "stranger"));
            Assert.Contains("certificate.chain", ReportVerifier.Verify(Vectors.Read("reports/aci-milan-v3/report.bin"), set,
                new VerificationPolicy(), Vectors.DefaultTime).Failed());
        }
    }

    [Fact]
    public void TheAsvkDoesNotSignVceks()
    {
        using var key = TestBench.Key(Product, "vcek");
        var template = Authority.VcekTemplate(key, TestMachine.Tcb(Product), TestMachine.ChipId(Product));
        AssertRefused(template.Sign(Authority.AsvkKey), "certificate.chain");
        AssertRefused((template with { IssuerName = "SEV-VLEK-Milan" }).Sign(Authority.AsvkKey), "certificate.chain", Authority.Asvk);
    }

    [Fact]
    public void TheAskDoesNotSignVleks()
    {
        using var key = TestBench.Key(Product, "vlek");
        var template = Authority.VlekTemplate(key, TestMachine.Tcb(Product), TestMachine.Provider);
        foreach (var leaf in new[] { template.Sign(Authority.AskKey), (template with { IssuerName = "SEV-Milan" }).Sign(Authority.AskKey) })
        {
            var set = TestBench.Set(leaf, Authority.Ask, Authority.Asvk, Authority.Ark);
            Assert.Contains("certificate.chain", TestBench.Verify(TestBench.VlekReport(Product).Sign(Product, "vlek"), Product,
                set).Failed());
        }
    }

    [Fact]
    public void TheRootDoesNotSignLeaves()
    {
        using var key = TestBench.Key(Product, "vcek");
        AssertRefused((Authority.VcekTemplate(key, TestMachine.Tcb(Product),
            TestMachine.ChipId(Product)) with { IssuerName = "ARK-Milan" }).Sign(Authority.ArkKey), "certificate.chain");
    }

    [Fact]
    public void TheKeyKindMustBeTheOneTheReportSays()
    {
        var vlekReport = TestBench.VlekReport(Product).Sign(Product, "vcek");
        Assert.Contains("certificate.kind", TestBench.Verify(vlekReport, Product).Failed());
        var vcekReport = TestBench.Report(Product).Sign(Product, "vlek");
        Assert.Contains("certificate.kind", TestBench.Verify(vcekReport, Product, TestBench.VlekChain(Product)).Failed());
    }

    [Fact]
    public void OfVcekAndVlekTheOneThatSignedIsTaken()
    {
        var both = TestBench.Set(
            File.ReadAllBytes(TestBench.RootFile(Product, "vlek.der")), File.ReadAllBytes(TestBench.RootFile(Product, "vcek.der")),
                Authority.Asvk, Authority.Ask, Authority.Ark);
        Assert.Empty(TestBench.Verify(TestBench.Report(Product).Sign(Product), Product, both).Failed());
        Assert.Empty(TestBench.Verify(TestBench.VlekReport(Product).Sign(Product, "vlek"), Product, both).Failed());
    }

    [Fact]
    public void OfManyVceksTheOneOfTheChipAndTcbIsTaken()
    {
        using var key = TestBench.Key(Product, "vcek");
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var leaves = new[]
        {
            Authority.IssueVcek(other, TestMachine.Tcb(Product) with { Microcode = 115 }, TestMachine.ChipId(Product)),
            Authority.IssueVcek(other, TestMachine.Tcb(Product), new byte[64]),
            Authority.IssueVcek(key, TestMachine.Tcb(Product), TestMachine.ChipId(Product)),
        };
        Assert.Empty(TestBench.Verify(TestBench.Report(Product).Sign(Product), Product,
            TestBench.Set([.. leaves, Authority.Ask, Authority.Ark])).Failed());
    }

    [Fact]
    public void OfAVcekAndItsReissueTheOneInForceIsTaken()
    {
        using var key = TestBench.Key(Product, "vcek");
        var template = Authority.VcekTemplate(key, TestMachine.Tcb(Product), TestMachine.ChipId(Product));
        var expired = (template with { NotAfter = TestBench.Time.AddDays(-1) }).Sign(Authority.AskKey);
        var early = (template with { NotBefore = TestBench.Time.AddDays(1) }).Sign(Authority.AskKey);
        var report = TestBench.Report(Product).Sign(Product);
        Assert.Empty(TestBench.Verify(report, Product, TestBench.Set(expired, early, template.Sign(Authority.AskKey), Authority.Ask)).Failed());
        Assert.Equal(["certificate.validity"], TestBench.Verify(report, Product, TestBench.Set(expired, early, Authority.Ask)).Failed());
    }

    [Fact]
    public void EveryNameIsOfOneOrganization()
    {
        using var key = TestBench.Key(Product, "vcek");
        var leaf = Authority.VcekTemplate(key, TestMachine.Tcb(Product), TestMachine.ChipId(Product)) with { Organization = "Advanced Micro Device" };
        AssertRefused(leaf.Sign(Authority.AskKey), "certificate.chain");
    }

    [Theory]
    [InlineData("VCEK")]
    [InlineData("SEV-VCEK2")]
    [InlineData("sev-vcek")]
    [InlineData("SEV-Milan")]
    [InlineData("")]
    public void ALeafOfAnotherNameIsNone(string name)
    {
        using var key = TestBench.Key(Product, "vcek");
        var leaf = (Authority.VcekTemplate(key, TestMachine.Tcb(Product),
            TestMachine.ChipId(Product)) with { SubjectName = name }).Sign(Authority.AskKey);
        var result = TestBench.Verify(TestBench.Report(Product).Sign(Product), Product, TestBench.Chain(Product, leaf));
        Assert.Contains("certificate.present", result.Failed());
        Assert.Equal(CheckKind.Evidence, result.Failure);
    }

    [Fact]
    public void LeafKeysOfOtherKindsAreRefused()
    {
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var p521 = ECDsa.Create(ECCurve.NamedCurves.nistP521);
        using var rsa = RSA.Create(2048);
        using var key = TestBench.Key(Product, "vcek");
        var template = Authority.VcekTemplate(key, TestMachine.Tcb(Product), TestMachine.ChipId(Product));
        foreach (var publicKey in new[] { p256.ExportSubjectPublicKeyInfo(), p521.ExportSubjectPublicKeyInfo(),
            rsa.ExportSubjectPublicKeyInfo() })
        {
            AssertRefused((template with { PublicKey = publicKey }).Sign(Authority.AskKey), "certificate.chain", "signature.valid");
        }
    }

    [Fact]
    public void OtherSignatureSchemesAreRefused()
    {
        foreach (var (hash, padding) in new[]
        {
            (HashAlgorithmName.SHA256, RSASignaturePadding.Pss), (HashAlgorithmName.SHA512, RSASignaturePadding.Pss),
            (HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1), (HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        })
        {
            AssertRefused(IssueOtherwise(hash, padding), "certificate.chain");
        }
    }

    [Fact]
    public void ASelfSignedLeafIsRefused()
    {
        using var key = TestBench.Key(Product, "vcek");
        using var forger = RSA.Create(4096);
        AssertRefused(Authority.VcekTemplate(key, TestMachine.Tcb(Product), TestMachine.ChipId(Product)).Sign(forger), "certificate.chain");
    }

    [Fact]
    public void AnIntermediateWithoutThePowerIsRefused()
    {
        foreach (var extensions in new[] { [], AmdExtensions.Authority(0).Take(1).ToArray(), AmdExtensions.Authority(0).Skip(1).ToArray() })
        {
            var ask = Template(extensions).Sign(Authority.ArkKey);
            var isWhole = extensions.Any(extension => extension.Identifier == "2.5.29.19");
            var result = TestBench.Verify(TestBench.Report(Product).Sign(Product), Product,
                TestBench.Set(File.ReadAllBytes(TestBench.RootFile(Product, "vcek.der")), ask, Authority.Ark));
            Assert.Equal(isWhole ? [] : ["certificate.chain"], result.Failed());
        }
    }

    [Fact]
    public void AnUnknownCriticalExtensionIsRefused()
    {
        using var key = TestBench.Key(Product, "vcek");
        var template = Authority.VcekTemplate(key, TestMachine.Tcb(Product), TestMachine.ChipId(Product));
        AssertRefused((template with { Extensions = [.. template.Extensions, ("1.2.3.4", true, [5, 0])] }).Sign(Authority.AskKey),
            "certificate.chain");
        var harmless = (template with { Extensions = [.. template.Extensions, ("1.2.3.4", false, [5, 0])] }).Sign(Authority.AskKey);
        Assert.Empty(TestBench.Verify(TestBench.Report(Product).Sign(Product), Product, TestBench.Chain(Product, harmless)).Failed());
    }

    [Fact]
    public void ALeafThatIsAnAuthorityIsRefused()
    {
        using var key = TestBench.Key(Product, "vcek");
        var template = Authority.VcekTemplate(key, TestMachine.Tcb(Product), TestMachine.ChipId(Product));
        AssertRefused((template with { Extensions = [.. template.Extensions, .. AmdExtensions.Authority(0)] }).Sign(Authority.AskKey),
            "certificate.chain");
    }

    [Fact]
    public void EveryCertificateMustBeValidAtTheTime()
    {
        var report = TestBench.Report(Product).Sign(Product);
        Assert.Equal(["certificate.validity"], TestBench.Verify(report, Product, time: new DateTimeOffset(2024, 12, 31, 23, 59, 59,
            TimeSpan.Zero)).Failed());
        Assert.Equal(["certificate.validity"], TestBench.Verify(report, Product, time: new DateTimeOffset(2032, 1, 1, 0, 0, 1,
            TimeSpan.Zero)).Failed());
        Assert.Empty(TestBench.Verify(report, Product, time: new DateTimeOffset(2032, 1, 1, 0, 0, 0, TimeSpan.Zero)).Failed());

        var ask = (Template(AmdExtensions.Authority(0)) with { NotAfter = TestBench.Time.AddSeconds(-1) }).Sign(Authority.ArkKey);
        var expired = TestBench.Set(File.ReadAllBytes(TestBench.RootFile(Product, "vcek.der")), ask, Authority.Ark);
        Assert.Equal(["certificate.validity"], TestBench.Verify(report, Product, expired).Failed());
    }

    [Fact]
    public void MissingPiecesAreSaidToBeMissing()
    {
        var report = TestBench.Report(Product).Sign(Product);
        var nothing = TestBench.Verify(report, Product, new CertificateSet());
        Assert.Equal(CheckKind.Evidence, nothing.Failure);
        Assert.Contains("https://kdsintf.amd.com/vcek/v1/Milan/", nothing.Failures.First().Reason, StringComparison.Ordinal);
        var noIntermediate = TestBench.Verify(report, Product,
            TestBench.Set(File.ReadAllBytes(TestBench.RootFile(Product, "vcek.der")), Authority.Ark));
        Assert.Equal(CheckKind.Evidence, noIntermediate.Failure);
        var noRoot = TestBench.Verify(report, Product, TestBench.Set(File.ReadAllBytes(TestBench.RootFile(Product, "vcek.der")),
            Authority.Ask));
        Assert.True(noRoot.Accepted);
    }

    [Fact]
    public void AnyOrderAndFormIsRead()
    {
        var leaf = File.ReadAllBytes(TestBench.RootFile(Product, "vcek.der"));
        var report = TestBench.Report(Product).Sign(Product);
        byte[][] parts = [leaf, Authority.Ask, Authority.Ark];
        foreach (var order in new int[][] { [0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0] })
        {
            var ordered = order.Select(index => parts[index]).ToArray();
            var pem = string.Join("some text\n", ordered.Select(part => PemEncoding.WriteString("CERTIFICATE", part) + "\r\n"));
            Assert.True(TestBench.Verify(report, Product, TestBench.Set(ordered)).Accepted);
            Assert.True(TestBench.Verify(report, Product, TestBench.Set(Encoding.ASCII.GetBytes(pem))).Accepted);
            Assert.True(TestBench.Verify(report, Product, TestBench.Set([.. ordered.SelectMany(part => part)])).Accepted);
        }
    }

    [Fact]
    public void DamagedFilesAreRefusedWithTheirPlace()
    {
        var leaf = File.ReadAllBytes(TestBench.RootFile(Product, "vcek.der"));
        var pem = PemEncoding.WriteString("CERTIFICATE", leaf);
        AssertUnreadable([]);
        AssertUnreadable([.. leaf, 0]);
        AssertUnreadable([.. leaf, 0x30]);
        AssertUnreadable(leaf[..^1]);
        AssertUnreadable(leaf[1..]);
        AssertUnreadable("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"u8.ToArray());
        AssertUnreadable(Encoding.ASCII.GetBytes(pem[..^30]));
        AssertUnreadable(Encoding.ASCII.GetBytes(pem + "\n-----BEGIN CERTIFICATE-----\n"));
        AssertUnreadable(Encoding.ASCII.GetBytes(pem.Replace("CERTIFICATE", "PRIVATE KEY", StringComparison.Ordinal)));
        AssertUnreadable(Encoding.ASCII.GetBytes("hello"));
        AssertUnreadable("{}"u8.ToArray());
    }

    [Fact]
    public void TheBuiltInAuthoritiesAreWholeAndSignEachOther()
    {
        Assert.Equal(["ARK-Milan", "ARK-Genoa", "ARK-Turin"], AmdAuthorities.Roots.Select(root => root.SubjectName));
        Assert.Equal(6, AmdAuthorities.Intermediates.Count);
        Assert.All(AmdAuthorities.Roots, root => Assert.True(AmdAuthorities.IsPinnedRoot(root) && root.IsSignedBy(root)));
        Assert.All(AmdAuthorities.Intermediates, intermediate => Assert.Single(AmdAuthorities.Roots, intermediate.IsSignedBy));
    }

    private static CertificateTemplate Template(IReadOnlyList<(string Identifier, bool Critical, byte[] Value)> extensions) => new()
    {
        SubjectName = "SEV-Milan",
        IssuerName = "ARK-Milan",
        SerialNumber = 0x10001,
        NotBefore = TestBench.Time.AddYears(-1),
        NotAfter = TestBench.Time.AddYears(1),
        PublicKey = Authority.AskKey.ExportSubjectPublicKeyInfo(),
        Extensions = extensions,
    };

    /// <summary>A leaf with everything right but the scheme of its signature.</summary>
    private static byte[] IssueOtherwise(HashAlgorithmName hash, RSASignaturePadding padding)
    {
        using var key = TestBench.Key(Product, "vcek");
        var ask = AmdCertificate.Parse(Authority.Ask).Value!;
        var leaf = AmdCertificate.Parse(File.ReadAllBytes(TestBench.RootFile(Product, "vcek.der"))).Value!;
        var request = new CertificateRequest(new X500DistinguishedName(leaf.SubjectBytes), key, hash);
        foreach (var (identifier, critical, value) in AmdExtensions.Vcek(Product, TestMachine.Tcb(Product), TestMachine.ChipId(Product)))
        {
            request.CertificateExtensions.Add(new X509Extension(identifier, value, critical));
        }

        using var certificate = request.Create(new X500DistinguishedName(ask.SubjectBytes),
            X509SignatureGenerator.CreateForRSA(Authority.AskKey, padding), TestBench.Time.AddYears(-1), TestBench.Time.AddYears(1), [1]);
        return certificate.RawData;
    }

    private static void AssertUnreadable(byte[] data) => Assert.NotNull(new CertificateSet().Add(data, "test"));

    private static void AssertRefused(byte[] leaf, params string[] checks) => AssertRefused(leaf, checks, []);

    private static void AssertRefused(byte[] leaf, string check, byte[] further) => AssertRefused(leaf, [check], [further]);

    private static void AssertRefused(byte[] leaf, string[] checks, byte[][] further)
    {
        var result = TestBench.Verify(TestBench.Report(Product).Sign(Product), Product,
            TestBench.Set([leaf, Authority.Ask, .. further, Authority.Ark]));
        Assert.All(checks, check => Assert.Contains(check, result.Failed()));
    }
}
