using System.Buffers.Binary;
using Xunit;

namespace LiteBox.Attestation.Tests;

/// <summary>What the parser takes, what it refuses, and what it finds fault with.</summary>
public sealed class ReportTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(793)]
    [InlineData(1183)]
    [InlineData(1185)]
    [InlineData(4000)]
    public void AnotherSizeIsNoReport(int size)
    {
        var bytes = new byte[size];
        TestBench.Report(SnpProduct.Milan).Sign(SnpProduct.Milan).AsSpan(0, Math.Min(size, AttestationReport.Size)).CopyTo(bytes);
        Assert.NotNull(AttestationReport.Parse(bytes).Error);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    [InlineData(6u)]
    [InlineData(7u)]
    [InlineData(0x0200_0000u)]
    [InlineData(uint.MaxValue)]
    public void AnUnknownVersionIsRefused(uint version)
    {
        var error = AttestationReport.Parse(TestBench.Report(SnpProduct.Milan, version).Sign(SnpProduct.Milan)).Error;
        Assert.Equal(0, error!.Offset);
    }

    [Theory]
    [InlineData(2u)]
    [InlineData(3u)]
    [InlineData(4u)]
    [InlineData(5u)]
    public void EveryReservedByteIsAFaultAndNoOther(uint version)
    {
        // The table of 56860, ATTESTATION_REPORT: start and end of what must be zero in each version.
        var reserved = new List<(int Start, int End)> { (0x04C, 0x050), (version < 3 ? 0x188 : 0x18B, 0x1A0), (0x1EB, 0x1EC),
            (0x1EF, 0x1F0), (version < 5 ? 0x1F8 : 0x208, 0x2A0), (0x330, 0x4A0) };
        var good = TestBench.Report(SnpProduct.Milan, version).Sign(SnpProduct.Milan);
        Assert.Empty(AttestationReport.Parse(good).Value!.Defects);
        for (var offset = 4; offset < good.Length; offset++)
        {
            var isReserved = reserved.Any(range => offset >= range.Start && offset < range.End);
            var hasMeaningOfItsOwn = offset is (>= 0x008 and < 0x010) or (>= 0x030 and < 0x034) or (>= 0x048 and < 0x04C) or (>= 0x110 and < 0x140);
            if (hasMeaningOfItsOwn)
            {
                continue;
            }

            var changed = (byte[])good.Clone();
            changed[offset] ^= 0x80;
            var defects = AttestationReport.Parse(changed).Value!.Defects;
            Assert.Equal(isReserved ? [offset] : [], defects.Select(defect => defect.Offset));
        }
    }

    [Fact]
    public void ValuesThatNoFirmwareWritesAreFaults()
    {
        Assert.Contains("bit 17", Defect(report => report.Policy = new(0x10000)), StringComparison.Ordinal);
        Assert.Contains("KEY_INFO", Defect(report => report.KeyInfo = new(0x20)), StringComparison.Ordinal);
        Assert.Contains("VMPL", Defect(report => report.Vmpl = 4), StringComparison.Ordinal);
        Assert.Contains("AUTHOR_KEY_EN is set", Defect(report => report.KeyInfo = new(0x1)), StringComparison.Ordinal);
        Assert.Contains("AUTHOR_KEY_EN is not", Defect(report => report.AuthorKeyDigest = [1]), StringComparison.Ordinal);
        foreach (var key in new uint[] { 2, 3, 4, 5, 6 })
        {
            Assert.Contains("SIGNING_KEY", Defect(report => report.KeyInfo = new(key << 2)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TheHostsVmplIsNoFault() => Assert.Empty(Defects(report => report.Vmpl = AttestationReport.HostVmpl));

    [Fact]
    public void KeyInfoFourIsVlek()
    {
        Assert.Equal(SigningKey.Vlek, new KeyInfo(4).SigningKey);
        Assert.Equal(SigningKey.Vcek, new KeyInfo(1).SigningKey);
        Assert.Equal(SigningKey.None, new KeyInfo(0x1C).SigningKey);
    }

    [Fact]
    public void TheTcbLayoutFollowsTheGeneration()
    {
        var tcb = new TcbVersion(0xDB18_0000_0403_0201);
        Assert.Equal(new TcbComponents(null, 0x01, 0x02, 0x18, 0xDB), tcb.Decode(TcbLayout.Family19h));
        Assert.Equal(new TcbComponents(0x01, 0x02, 0x03, 0x04, 0xDB), tcb.Decode(TcbLayout.Family1Ah));
        Assert.False(tcb.ReservedIsZero(TcbLayout.Family19h));
        Assert.False(tcb.ReservedIsZero(TcbLayout.Family1Ah));
        foreach (var product in SnpProducts.All)
        {
            var levels = TestMachine.Tcb(product);
            Assert.Equal(levels, levels.Encode(product.TcbLayout()).Decode(product.TcbLayout()));
            Assert.True(levels.Encode(product.TcbLayout()).ReservedIsZero(product.TcbLayout()));
        }
    }

    [Fact]
    public void TcbsAreComparedByComponents()
    {
        // As numbers, the first of each pair is the larger one.
        Assert.False(new TcbComponents(null, 3, 0, 8, 255).IsAtLeast(new(null, 4, 0, 8, 115)));
        Assert.False(new TcbComponents(null, 4, 0, 24, 219).IsAtLeast(new(null, 3, 1, 8, 115)));
        Assert.True(new TcbComponents(null, 4, 0, 24, 219).IsAtLeast(new(null, 4, 0, 24, 219)));
        Assert.Equal("fmc", new TcbComponents(0, 9, 9, 9, 9).FirstBelow(new(1, 1, 1, 1, 1)));
    }

    [Theory]
    [InlineData(0x19, 0x00, SnpProduct.Milan)]
    [InlineData(0x19, 0x0F, SnpProduct.Milan)]
    [InlineData(0x19, 0x10, SnpProduct.Genoa)]
    [InlineData(0x19, 0x1F, SnpProduct.Genoa)]
    [InlineData(0x19, 0xA0, SnpProduct.Genoa)]
    [InlineData(0x19, 0xAF, SnpProduct.Genoa)]
    [InlineData(0x1A, 0x00, SnpProduct.Turin)]
    [InlineData(0x1A, 0x11, SnpProduct.Turin)]
    [InlineData(0x19, 0x20, null)]
    [InlineData(0x19, 0x9F, null)]
    [InlineData(0x19, 0xB0, null)]
    [InlineData(0x1A, 0x12, null)]
    [InlineData(0x1A, 0x50, null)]
    [InlineData(0x1A, 0x90, null)]
    [InlineData(0x17, 0x31, null)]
    [InlineData(0x00, 0x00, null)]
    [InlineData(0xFF, 0xFF, null)]
    public void TheProcessorNamesTheProduct(byte family, byte model, SnpProduct? product) =>
        Assert.Equal(product, new CpuIdentity(family, model, 1).Product);

    [Fact]
    public void FirmwareStandsThereBuildFirst()
    {
        var bytes = TestBench.Report(SnpProduct.Milan).Sign(SnpProduct.Milan);
        (bytes[0x1E8], bytes[0x1E9], bytes[0x1EA]) = (29, 55, 1);
        Assert.Equal("1.55.29", AttestationReport.Parse(bytes).Value!.CurrentFirmware.ToString());
    }

    [Fact]
    public void UnknownPlatformAndPolicyBitsAreNoFault()
    {
        // Turin machines set bit 6 of PLATFORM_INFO; later ABIs assign bits of POLICY.
        Assert.Empty(Defects(report => report.PlatformInfo = new(0x67)));
        Assert.Empty(Defects(report => report.Policy = new(0x30000 | (1UL << 40))));
        Assert.Equal(0x40UL, new PlatformInfo(0x67).UnknownBits);
        Assert.Equal(1UL << 26, new GuestPolicy(0x30000 | (1UL << 26)).UnknownBits);
    }

    [Fact]
    public void ReportsAreReadOutOfTheirMessage()
    {
        var report = TestBench.Report(SnpProduct.Milan).Sign(SnpProduct.Milan);
        var payload = new byte[4000];
        BinaryPrimitives.WriteUInt32LittleEndian(payload.AsSpan(4), AttestationReport.Size);
        report.CopyTo(payload, ReportResponse.ReportOffset);
        Assert.Equal(report, ReportResponse.Parse(payload).Value!.Report);
        Assert.NotNull(ReportResponse.Parse(payload.AsSpan(0, 1215)).Error);
        Assert.NotNull(ReportResponse.Parse(payload.AsSpan(0, 31)).Error);
        payload[8] = 1;
        Assert.NotNull(ReportResponse.Parse(payload).Error);
        payload[8] = 0;
        payload[0] = 0x27;
        Assert.Contains("VLEK", ReportResponse.Parse(payload).Error!.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<ReportDefect> Defects(Action<ReportBuilder> change)
    {
        var report = TestBench.Report(SnpProduct.Milan);
        change(report);
        return AttestationReport.Parse(report.Sign(SnpProduct.Milan)).Value!.Defects;
    }

    private static string Defect(Action<ReportBuilder> change) => Assert.Single(Defects(change)).Message;
}
