using System.Numerics;
using System.Security.Cryptography;
using Xunit;

namespace LiteBox.Attestation.Tests;

/// <summary>The report's signature: what form it must have and what must have made it.</summary>
public sealed class SignatureTests
{
    private const SnpProduct Product = SnpProduct.Genoa;
    private const int R = 0x2A0;
    private const int S = 0x2E8;

    private static readonly BigInteger Order = BigInteger.Parse("0ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973", System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public void TheOtherSIsASignatureToo()
    {
        var report = Signed();
        Write(report, S, Order - Read(report, S));
        Assert.True(TestBench.Verify(report, Product).Accepted);
    }

    [Theory]
    [InlineData(R)]
    [InlineData(S)]
    public void ZeroIsNoPartOfASignature(int offset)
    {
        var report = Signed();
        report.AsSpan(offset, 72).Clear();
        Assert.Equal(["signature.format", "signature.valid"], TestBench.Verify(report, Product).Failed());
    }

    [Theory]
    [InlineData(R)]
    [InlineData(S)]
    public void NumbersAtOrAboveTheOrderAreRefused(int offset)
    {
        foreach (var number in new[] { Order, Order + 1, (BigInteger.One << 384) - 1 })
        {
            var report = Signed();
            Write(report, offset, number);
            Assert.Equal(["signature.format", "signature.valid"], TestBench.Verify(report, Product).Failed());
        }
    }

    [Theory]
    [InlineData(R)]
    [InlineData(S)]
    public void ThePaddingOfTheNumbersMustBeZero(int offset)
    {
        for (var index = 48; index < 72; index++)
        {
            var report = Signed();
            report[offset + index] = 1;
            Assert.Equal(["signature.format", "signature.valid"], TestBench.Verify(report, Product).Failed());
        }
    }

    [Fact]
    public void BigEndianNumbersDoNotVerify()
    {
        var report = Signed();
        report.AsSpan(R, 48).Reverse();
        report.AsSpan(S, 48).Reverse();
        Assert.Contains("signature.valid", TestBench.Verify(report, Product).Failed());
    }

    [Fact]
    public void SwappedNumbersDoNotVerify()
    {
        var report = Signed();
        var (r, s) = (Read(report, R), Read(report, S));
        Write(report, R, s);
        Write(report, S, r);
        Assert.Equal(["signature.valid"], TestBench.Verify(report, Product).Failed());
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(2u)]
    [InlineData(0x101u)]
    public void AnotherAlgorithmIsRefusedThoughTheSignatureIsRight(uint algorithm)
    {
        var report = TestBench.Report(Product);
        report.Set(0x034, BitConverter.GetBytes(algorithm));
        Assert.Equal(["signature.algorithm", "signature.valid"], TestBench.Verify(report.Sign(Product), Product).Failed());
    }

    [Fact]
    public void AnotherHashIsNotTaken()
    {
        var report = Signed();
        using var key = TestBench.Key(Product, "vcek");
        var signature = key.SignData(report[..AttestationReport.SignedSize], HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        Write(report, R, new BigInteger(signature.AsSpan(0, 48), isUnsigned: true, isBigEndian: true));
        Write(report, S, new BigInteger(signature.AsSpan(48), isUnsigned: true, isBigEndian: true));
        Assert.Equal(["signature.valid"], TestBench.Verify(report, Product).Failed());
    }

    [Fact]
    public void AMaskedKeyIsSaidToBeMasked()
    {
        var report = TestBench.Report(Product);
        report.KeyInfo = new(0x2);
        var bytes = report.Sign(Product);
        bytes.AsSpan(R, 144).Clear();
        var result = TestBench.Verify(bytes, Product);
        Assert.Equal(["signature.format"], result.Failed());
        Assert.Contains("MASK_CHIP_KEY", result.Failures.Single().Reason, StringComparison.Ordinal);
        Assert.False(result.Accepted);
    }

    [Fact]
    public void AMaskedKeyWithARightSignatureIsStillRefused()
    {
        var report = TestBench.Report(Product);
        report.KeyInfo = new(0x2);
        Assert.False(TestBench.Verify(report.Sign(Product), Product).Accepted);
    }

    [Fact]
    public void SigningKeyNoneIsRefused()
    {
        var report = TestBench.Report(Product);
        report.KeyInfo = new(0x1C);
        Assert.Equal(["certificate.kind", "signature.format"], TestBench.Verify(report.Sign(Product), Product).Failed());
    }

    [Fact]
    public void AnotherChipsKeyDoesNotVerify()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.Equal(["signature.valid"], TestBench.Verify(TestBench.Report(Product).Sign(other), Product).Failed());
    }

    private static byte[] Signed() => TestBench.Report(Product).Sign(Product);

    private static BigInteger Read(byte[] report, int offset) => new(report.AsSpan(offset, 48), isUnsigned: true);

    private static void Write(byte[] report, int offset, BigInteger number)
    {
        report.AsSpan(offset, 48).Clear();
        Assert.True(number.TryWriteBytes(report.AsSpan(offset, 48), out _, isUnsigned: true));
    }
}
