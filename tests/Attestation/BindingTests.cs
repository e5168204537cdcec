using System.Security.Cryptography;
using Xunit;

namespace LiteBox.Attestation.Tests;

/// <summary>The certificate must be the one for this chip, this TCB and this product.</summary>
public sealed class BindingTests
{
    public static TheoryData<SnpProduct> Products => [.. SnpProducts.All];

    [Theory]
    [MemberData(nameof(Products))]
    public void EveryComponentOfTheTcbCounts(SnpProduct product)
    {
        var tcb = TestMachine.Tcb(product);
        var others = new List<TcbComponents>
        {
            tcb with { BootLoader = (byte)(tcb.BootLoader + 1) }, tcb with { Tee = (byte)(tcb.Tee + 1) },
            tcb with { Snp = (byte)(tcb.Snp + 1) }, tcb with { Microcode = (byte)(tcb.Microcode - 1) },
        };
        if (tcb.Fmc is { } fmc)
        {
            others.Add(tcb with { Fmc = (byte)(fmc + 1) });
        }

        Assert.All(others, other => Assert.Equal(["certificate.tcb"], Verify(product, tcb: other).Failed()));
    }

    [Fact]
    public void TheCertificateIsBoundToTheReportedTcbAlone()
    {
        var tcb = TestMachine.Tcb(SnpProduct.Milan);
        var newer = (tcb with { Microcode = 220 }).Encode(TcbLayout.Family19h);
        var report = TestBench.Report(SnpProduct.Milan);
        report.CurrentTcb = newer;
        Assert.True(TestBench.Verify(report.Sign(SnpProduct.Milan), SnpProduct.Milan).Accepted);

        report.ReportedTcb = newer;
        report.CommittedTcb = newer;
        Assert.Equal(["certificate.tcb"], TestBench.Verify(report.Sign(SnpProduct.Milan), SnpProduct.Milan).Failed());
    }

    [Theory]
    [InlineData(SnpProduct.Milan, 2)]
    [InlineData(SnpProduct.Milan, 5)]
    [InlineData(SnpProduct.Turin, 4)]
    [InlineData(SnpProduct.Turin, 6)]
    public void ReservedBytesOfTheReportedTcbMustBeZero(SnpProduct product, int index)
    {
        var tcb = TestMachine.Tcb(product).Encode(product.TcbLayout());
        var report = TestBench.Report(product);
        report.ReportedTcb = new(tcb.Raw | (1UL << (8 * index)));
        Assert.Equal(["certificate.tcb", "tcb.reserved"], TestBench.Verify(report.Sign(product), product).Failed());
    }

    [Theory]
    [InlineData(SnpProduct.Milan, 0x038, 2)]
    [InlineData(SnpProduct.Genoa, 0x1E0, 5)]
    [InlineData(SnpProduct.Milan, 0x1F0, 3)]
    [InlineData(SnpProduct.Turin, 0x038, 4)]
    [InlineData(SnpProduct.Turin, 0x1E0, 6)]
    [InlineData(SnpProduct.Turin, 0x1F0, 5)]
    public void ReservedBytesOfTheOtherTcbsMustBeZeroToo(SnpProduct product, int field, int index)
    {
        var report = TestBench.Report(product);
        report.Set(field + index, [1]);
        Assert.Equal(["tcb.reserved"], TestBench.Verify(report.Sign(product), product).Failed());
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void EveryByteOfTheChipIdCounts(SnpProduct product)
    {
        for (var index = 0; index < 64; index += index < 8 ? 1 : 11)
        {
            var report = TestBench.Report(product);
            var id = new byte[64];
            TestMachine.ChipId(product).CopyTo(id, 0);
            id[index] ^= 1;
            report.ChipId = id;
            Assert.Equal(["certificate.chip_id"], TestBench.Verify(report.Sign(product), product).Failed());
        }
    }

    [Fact]
    public void AHardwareIdOfTheOtherLengthIsRefused()
    {
        var turin = new byte[64];
        TestMachine.ChipId(SnpProduct.Turin).CopyTo(turin, 0);
        Assert.Equal(["certificate.chip_id"], Verify(SnpProduct.Turin, hardwareId: turin).Failed());
        Assert.Contains("certificate.chip_id", Verify(SnpProduct.Milan, hardwareId: TestMachine.ChipId(SnpProduct.Milan)[..8]).Failed());
    }

    [Fact]
    public void AWrappedHardwareIdIsTheSame()
    {
        byte[] wrapped = [0x04, 64, .. TestMachine.ChipId(SnpProduct.Genoa)];
        Assert.True(Verify(SnpProduct.Genoa, hardwareId: wrapped).Accepted);
        Assert.Contains("certificate.extensions", Verify(SnpProduct.Genoa, hardwareId: [.. wrapped, 0]).Failed());
        Assert.Contains("certificate.extensions", Verify(SnpProduct.Genoa, hardwareId: [0x04, 63, .. wrapped[2..]]).Failed());
    }

    [Fact]
    public void AMaskedChipIdIsRefusedUnlessThePolicyTakesIt()
    {
        var report = TestBench.Report(SnpProduct.Genoa);
        report.ChipId = new byte[64];
        var bytes = report.Sign(SnpProduct.Genoa);
        Assert.Equal(["certificate.chip_id"], TestBench.Verify(bytes, SnpProduct.Genoa).Failed());
        var result = TestBench.Verify(bytes, SnpProduct.Genoa, policy: new VerificationPolicy { AllowMaskedChipId = true });
        Assert.True(result.Accepted);
        Assert.Equal(CheckOutcome.Skipped, result.Outcome("certificate.chip_id"));
    }

    [Fact]
    public void ProcessorAndChainMustNameOneProduct()
    {
        var report = new ReportBuilder(5, TestMachine.Cpu(SnpProduct.Genoa))
        {
            Tcb = TestMachine.Tcb(SnpProduct.Milan).Encode(TcbLayout.Family19h),
            ChipId = TestMachine.ChipId(SnpProduct.Milan),
        };
        Assert.Equal(["product.match"], TestBench.Verify(report.Sign(SnpProduct.Milan), SnpProduct.Milan).Failed());
    }

    [Theory]
    [InlineData(0x1A, 0x50)]
    [InlineData(0x19, 0x20)]
    [InlineData(0x17, 0x01)]
    [InlineData(0x00, 0x00)]
    public void AnUnknownProcessorIsRefused(byte family, byte model)
    {
        var report = TestBench.Report(SnpProduct.Genoa);
        report.Set(0x188, [family, model]);
        Assert.Equal(["product.match"], TestBench.Verify(report.Sign(SnpProduct.Genoa), SnpProduct.Genoa).Failed());
    }

    [Fact]
    public void BergamoIsGenoa()
    {
        var report = TestBench.Report(SnpProduct.Genoa);
        report.Set(0x188, [0x19, 0xA0, 0x02]);
        var result = TestBench.Verify(report.Sign(SnpProduct.Genoa), SnpProduct.Genoa);
        Assert.True(result.Accepted);
        Assert.Equal(SnpProduct.Genoa, result.Product);
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void VersionSaysNothingOfTheProduct(SnpProduct product)
    {
        foreach (var version in new uint[] { 2, 3, 4, 5 })
        {
            var result = TestBench.Verify(TestBench.Report(product, version).Sign(product), product);
            Assert.True(result.Accepted);
            Assert.Equal(product, result.Product);
        }
    }

    [Theory]
    [InlineData("Genoa")]
    [InlineData("Milan-B0-B1")]
    [InlineData("Milan-")]
    [InlineData("Milan-b0")]
    [InlineData("Milan-B1")]
    [InlineData("milan")]
    [InlineData("Milanx")]
    [InlineData("")]
    public void TheProductNameMustBeTheChains(string name)
    {
        var accepted = name == "Milan-B1";
        var result = Verify(SnpProduct.Milan, replace: ("1.3.6.1.4.1.3704.1.2", Ia5(name)));
        Assert.Equal(accepted ? [] : ["certificate.extensions"], result.Failed());
    }

    [Theory]
    [InlineData(SnpProduct.Milan, 1)]
    [InlineData(SnpProduct.Turin, 0)]
    [InlineData(SnpProduct.Genoa, 2)]
    public void TheStructVersionMustBeTheProducts(SnpProduct product, byte version) =>
        Assert.Contains("certificate.extensions", Verify(product, replace: ("1.3.6.1.4.1.3704.1.1", [2, 1, version])).Failed());

    [Fact]
    public void FmcBelongsToTurinAlone()
    {
        Assert.Contains("certificate.extensions", Verify(SnpProduct.Turin,
            tcb: TestMachine.Tcb(SnpProduct.Turin) with { Fmc = null }).Failed());
        Assert.Contains("certificate.extensions", Verify(SnpProduct.Milan,
            tcb: TestMachine.Tcb(SnpProduct.Milan) with { Fmc = 0 }).Failed());
    }

    [Theory]
    [InlineData("1.3.6.1.4.1.3704.1.3.1")]
    [InlineData("1.3.6.1.4.1.3704.1.3.2")]
    [InlineData("1.3.6.1.4.1.3704.1.3.3")]
    [InlineData("1.3.6.1.4.1.3704.1.3.8")]
    [InlineData("1.3.6.1.4.1.3704.1.1")]
    [InlineData("1.3.6.1.4.1.3704.1.2")]
    [InlineData("1.3.6.1.4.1.3704.1.4")]
    public void AMissingExtensionIsRefused(string identifier) =>
        Assert.Contains("certificate.extensions", Verify(SnpProduct.Genoa, replace: (identifier, null)).Failed());

    [Theory]
    [InlineData("02020100")]
    [InlineData("0201FF")]
    [InlineData("020100FF")]
    [InlineData("0200")]
    [InlineData("0401DB")]
    [InlineData("DB")]
    [InlineData("")]
    public void ALevelThatIsNoByteIsRefused(string der) =>
        Assert.Contains("certificate.extensions", Verify(SnpProduct.Milan, replace: ("1.3.6.1.4.1.3704.1.3.8",
            Convert.FromHexString(der))).Failed());

    [Fact]
    public void ALevelAbove127HasTwoBytes()
    {
        Assert.Equal(219, TestMachine.Tcb(SnpProduct.Milan).Microcode);
        Assert.True(Verify(SnpProduct.Milan, replace: ("1.3.6.1.4.1.3704.1.3.8", [2, 2, 0, 219])).Accepted);
        Assert.False(Verify(SnpProduct.Milan, replace: ("1.3.6.1.4.1.3704.1.3.8", [2, 1, 219])).Accepted);
    }

    [Fact]
    public void ReservedLevelsOfTheCertificateMustBeZero() =>
        Assert.Contains("certificate.extensions", Verify(SnpProduct.Milan, replace: ("1.3.6.1.4.1.3704.1.3.5", [2, 1, 1])).Failed());

    [Fact]
    public void TheOrderOfExtensionsSaysNothing()
    {
        using var key = TestBench.Key(SnpProduct.Milan, "vcek");
        var authority = TestBench.Authority(SnpProduct.Milan);
        var template = authority.VcekTemplate(key, TestMachine.Tcb(SnpProduct.Milan), TestMachine.ChipId(SnpProduct.Milan));
        var leaf = (template with { Extensions = [.. template.Extensions.Reverse()] }).Sign(authority.AskKey);
        Assert.True(TestBench.Verify(TestBench.Report(SnpProduct.Milan).Sign(SnpProduct.Milan), SnpProduct.Milan,
            TestBench.Chain(SnpProduct.Milan, leaf)).Accepted);
    }

    [Fact]
    public void AnExtensionTwiceIsNoCertificate()
    {
        using var key = TestBench.Key(SnpProduct.Milan, "vcek");
        var authority = TestBench.Authority(SnpProduct.Milan);
        var template = authority.VcekTemplate(key, TestMachine.Tcb(SnpProduct.Milan), TestMachine.ChipId(SnpProduct.Milan));
        var leaf = (template with { Extensions = [.. template.Extensions, template.Extensions[^1]] }).Sign(authority.AskKey);
        Assert.NotNull(AmdCertificate.Parse(leaf).Error);
    }

    [Fact]
    public void AVlekNamesAProviderAndNoChip()
    {
        const SnpProduct Product = SnpProduct.Milan;
        using var key = TestBench.Key(Product, "vlek");
        var authority = TestBench.Authority(Product);
        var template = authority.VlekTemplate(key, TestMachine.Tcb(Product), TestMachine.Provider);
        var report = TestBench.VlekReport(Product).Sign(Product, "vlek");
        var withChip = template with { Extensions = [.. template.Extensions, ("1.3.6.1.4.1.3704.1.4", false, new byte[64])] };
        var withoutProvider = template with { Extensions = [.. template.Extensions.SkipLast(1)] };
        foreach (var leaf in new[] { withChip, withoutProvider })
        {
            Assert.Contains("certificate.extensions", TestBench.Verify(report, Product, TestBench.Set(leaf.Sign(authority.AsvkKey),
                authority.Asvk, authority.Ark)).Failed());
        }

        var policy = new VerificationPolicy { Providers = ["CN=other.invalid"] };
        Assert.Equal(["certificate.provider"], TestBench.Verify(report, Product, TestBench.VlekChain(Product), policy).Failed());
        policy = new VerificationPolicy { Providers = [TestMachine.Provider] };
        Assert.True(TestBench.Verify(report, Product, TestBench.VlekChain(Product), policy).Accepted);
    }

    private static byte[] Ia5(string text) => [0x16, (byte)text.Length, .. System.Text.Encoding.ASCII.GetBytes(text)];

    /// <summary>
    /// Verifies the test machine's report with a certificate that differs in one thing; a null value takes the extension away.
    /// </summary>
    private static VerificationResult Verify(SnpProduct product, TcbComponents? tcb = null, byte[]? hardwareId = null,
        (string Identifier, byte[]? Value)? replace = null)
    {
        using var key = TestBench.Key(product, "vcek");
        var authority = TestBench.Authority(product);
        var template = authority.VcekTemplate(key, tcb ?? TestMachine.Tcb(product), hardwareId ?? TestMachine.ChipId(product));
        if (replace is var (identifier, value))
        {
            template = template with
            {
                Extensions = [.. template.Extensions.Where(extension => extension.Identifier != identifier), .. value is null ? []
                    : new[] { (identifier, false, value) }],
            };
        }

        return TestBench.Verify(TestBench.Report(product).Sign(product), product,
            TestBench.Chain(product, template.Sign(authority.AskKey)));
    }
}
