using System.Buffers.Binary;
using System.Text;
using Xunit;

namespace LiteBox.Attestation.Tests;

/// <summary>Certificates as hosts and clouds hand them over: GUID table, THIM, addresses of the key distribution service.</summary>
public sealed class CertificateTableTests
{
    private const SnpProduct Product = SnpProduct.Genoa;

    private static byte[] Leaf => File.ReadAllBytes(TestBench.RootFile(Product, "vcek.der"));

    private static TestAuthority Authority => TestBench.Authority(Product);

    [Fact]
    public void ATableIsReadAndItsCertificatesVerify()
    {
        var set = new CertificateSet();
        Assert.Null(set.AddTable(Table(), "table"));
        Assert.True(TestBench.Verify(TestBench.Report(Product).Sign(Product), Product, set).Accepted);
        var sniffed = new CertificateSet();
        Assert.Null(sniffed.Add(Table(), "table"));
        Assert.Equal(3, sniffed.Certificates.Count);
    }

    [Fact]
    public void GuidsStandInTextOrder()
    {
        Assert.Equal([0x63, 0xda, 0x75, 0x8d, 0xe6, 0x64, 0x45, 0x64], Table()[..8]);
        Assert.Equal("VCEK", CertificateTable.Parse(Table()).Value!.Entries[0].Name);
    }

    [Fact]
    public void UnknownEntriesAreKeptAndIgnored()
    {
        var unknown = Guid.Parse("11111111-2222-3333-4444-555555555555");
        var table = CertificateTable.Write([(unknown, "anything"u8.ToArray()), (CertificateTable.GuidOf("VCEK"), Leaf), (unknown, [])]);
        Assert.Equal(3, CertificateTable.Parse(table).Value!.Entries.Count);
        var set = new CertificateSet();
        Assert.Null(set.AddTable(table, "table"));
        Assert.Single(set.Certificates);
    }

    [Theory]
    [InlineData(16, 0xFFFF_FFFFu)]
    [InlineData(20, 0xFFFF_FFFFu)]
    [InlineData(20, 0x8000_0000u)]
    [InlineData(20, 0x1_0000u)]
    [InlineData(16, 0u)]
    [InlineData(16, 24u)]
    public void EntriesMustPointIntoTheDataAfterTheTable(int field, uint value)
    {
        var table = Table();
        BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(field), value);
        var set = new CertificateSet();
        Assert.NotNull(set.AddTable(table, "table"));
    }

    [Fact]
    public void DamagedTablesAreRefused()
    {
        Assert.NotNull(CertificateTable.Parse([]).Error);
        Assert.NotNull(CertificateTable.Parse(Table().AsSpan(0, 95)).Error);
        Assert.NotNull(CertificateTable.Parse(Table().AsSpan(0, 100)).Error);
        Assert.Empty(CertificateTable.Parse(new byte[24]).Value!.Entries);
        var twice = CertificateTable.Write([(CertificateTable.GuidOf("VCEK"), Leaf), (CertificateTable.GuidOf("VCEK"), Leaf)]);
        Assert.NotNull(CertificateTable.Parse(twice).Error);
        var garbage = CertificateTable.Write([(CertificateTable.GuidOf("ARK"), "garbage"u8.ToArray())]);
        Assert.NotNull(new CertificateSet().AddTable(garbage, "table"));
    }

    [Fact]
    public void PaddingAfterTheDataIsIgnored() => Assert.Null(new CertificateSet().AddTable([.. Table(), .. new byte[4096]], "table"));

    [Theory]
    [InlineData("""{"vcekCert": "x", "certificateChain": "y"}""")]
    [InlineData("""{"vcekCert": "x", "certificateChain": "y", "tcbm": "123"}""")]
    [InlineData("""{"vcekCert": "x", "certificateChain": "y", "tcbm": "zz08000000000003"}""")]
    [InlineData("""{"vcekCert": 1, "certificateChain": "y", "tcbm": "7308000000000003"}""")]
    [InlineData("""{"vcekCert": "x", "tcbm": "7308000000000003"}""")]
    [InlineData("""{"vcekCert": "x", "certificateChain": "y", "tcbm": "7308000000000003"}""")]
    [InlineData("""{"vcekCert": "x", "vcekCert": "x", "certificateChain": "y", "tcbm": "7308000000000003"}""")]
    public void AThimDocumentMustBeWhole(string json) => Assert.NotNull(new CertificateSet().Add(Encoding.UTF8.GetBytes(json), "thim"));

    [Fact]
    public void TheThimTcbMustBeTheReports()
    {
        var right = Thim(TestMachine.Tcb(Product).Encode(TcbLayout.Family19h));
        Assert.Empty(TestBench.Verify(TestBench.Report(Product).Sign(Product), Product, right).Failed());
        var wrong = Thim(new TcbVersion(0x7308000000000003));
        Assert.Equal(["thim.tcb"], TestBench.Verify(TestBench.Report(Product).Sign(Product), Product, wrong).Failed());
    }

    [Fact]
    public void AddressesAreThoseOfTheService()
    {
        var genoa = AttestationReport.Parse(TestBench.Report(Product).Sign(Product)).Value!;
        Assert.Equal(
            [
                $"https://kdsintf.amd.com/vcek/v1/Genoa/{Convert.ToHexStringLower(TestMachine.ChipId(Product))}?blSPL=10&teeSPL=00&snpSPL=23&ucodeSPL=84",
                "https://kdsintf.amd.com/vcek/v1/Genoa/cert_chain", "https://kdsintf.amd.com/vcek/v1/Genoa/crl",
            ],
            KeyDistribution.FilesFor(genoa, null).Select(file => file.Url));
        var turin = AttestationReport.Parse(TestBench.Report(SnpProduct.Turin).Sign(SnpProduct.Turin)).Value!;
        Assert.Equal("https://kdsintf.amd.com/vcek/v1/Turin/9091929394959697?fmcSPL=01&blSPL=01&teeSPL=01&snpSPL=04&ucodeSPL=81",
            KeyDistribution.FilesFor(turin, null)[0].Url);
        var vlek = AttestationReport.Parse(TestBench.VlekReport(Product).Sign(Product, "vlek")).Value!;
        Assert.Equal(["https://kdsintf.amd.com/vlek/v1/Genoa/cert_chain", "https://kdsintf.amd.com/vlek/v1/Genoa/crl"],
            KeyDistribution.FilesFor(vlek, null).Select(file => file.Url));
        var second = AttestationReport.Parse(TestBench.Report(Product, version: 2).Sign(Product)).Value!;
        Assert.Equal([SnpProduct.Milan, SnpProduct.Genoa], KeyDistribution.FilesFor(second, null).Select(file => file.Product).Distinct());
        Assert.Equal([SnpProduct.Genoa], KeyDistribution.FilesFor(second, Product).Select(file => file.Product).Distinct());
    }

    private static byte[] Table() => CertificateTable.Write(
        [(CertificateTable.GuidOf("VCEK"), Leaf), (CertificateTable.GuidOf("ASK"), Authority.Ask),
            (CertificateTable.GuidOf("ARK"), Authority.Ark)]);

    private static CertificateSet Thim(TcbVersion tcb)
    {
        var chain = Pem(Authority.Ask) + Pem(Authority.Ark);
        var json = $$"""{"vcekCert": "{{Pem(Leaf)}}", "tcbm": "{{tcb}}", "certificateChain": "{{chain}}", "cacheControl": "86400"}""";
        var set = new CertificateSet();
        Assert.Null(set.Add(Encoding.UTF8.GetBytes(json), "thim"));
        return set;
    }

    private static string Pem(byte[] der) => System.Security.Cryptography.PemEncoding.WriteString("CERTIFICATE", der).Replace("\n", "\\n",
        StringComparison.Ordinal) + "\\n";
}
