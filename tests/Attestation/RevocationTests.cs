using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace LiteBox.Attestation.Tests;

/// <summary>Revocation fails closed when it is asked for, and a list at hand is heeded when it is not.</summary>
public sealed class RevocationTests
{
    private const SnpProduct Product = SnpProduct.Genoa;
    private const int AskSerial = 0x20001;
    private const int AsvkSerial = 0x20101;
    private const int ArkSerial = 0x20000;
    private static readonly VerificationPolicy Demanding = new() { RequireRevocationList = true };

    private static TestAuthority Authority => TestBench.Authority(Product);

    [Fact]
    public void AListInForcePasses()
    {
        Assert.Equal(CheckOutcome.Passed, Verify(List(), Demanding).Outcome("certificate.revocation"));
        Assert.Equal(CheckOutcome.Passed, Verify(List(), new VerificationPolicy()).Outcome("certificate.revocation"));
        Assert.True(Verify(List(0x20002), Demanding).Accepted);
    }

    [Fact]
    public void WithoutAListTheDemandFailsAndElseIsSkipped()
    {
        Assert.Equal(CheckOutcome.Skipped, Verify(null, new VerificationPolicy()).Outcome("certificate.revocation"));
        var demanded = Verify(null, Demanding);
        Assert.Equal(["certificate.revocation"], demanded.Failed());
        Assert.Equal(CheckKind.Evidence, demanded.Failure);
    }

    [Theory]
    [InlineData(AskSerial, true)]
    [InlineData(ArkSerial, true)]
    [InlineData(AsvkSerial, false)]
    [InlineData(0, false)]
    public void ARevokedAuthorityOfTheChainFails(int serial, bool refused)
    {
        // Every VCEK has serial 0, so a list cannot mean one of them.
        Assert.Equal(refused ? ["certificate.revocation"] : [], Verify(List(serial), new VerificationPolicy()).Failed());
    }

    [Theory]
    [InlineData(AskSerial, false)]
    [InlineData(AsvkSerial, true)]
    public void UnderAVlekTheAsvkCounts(int serial, bool refused)
    {
        var set = TestBench.VlekChain(Product);
        Assert.Null(set.Add(List(serial), "list"));
        Assert.Equal(refused ? ["certificate.revocation"] : [], TestBench.Verify(TestBench.VlekReport(Product).Sign(Product, "vlek"),
            Product, set, Demanding).Failed());
    }

    [Fact]
    public void AListOutOfForceIsNone()
    {
        var old = Authority.IssueRevocationList(1, TestBench.Time.AddDays(-10), TestBench.Time.AddSeconds(-1));
        var early = Authority.IssueRevocationList(1, TestBench.Time.AddSeconds(1), TestBench.Time.AddDays(10));
        foreach (var list in new[] { old, early })
        {
            Assert.Equal(["certificate.revocation"], Verify(list, Demanding).Failed());
            Assert.Equal(CheckOutcome.Skipped, Verify(list, new VerificationPolicy()).Outcome("certificate.revocation"));
        }

        var oldAndRevoking = Authority.IssueRevocationList(1, TestBench.Time.AddDays(-10), TestBench.Time.AddSeconds(-1), AskSerial);
        Assert.Equal(["certificate.revocation"], Verify(oldAndRevoking, new VerificationPolicy()).Failed());
    }

    [Fact]
    public void AListOfAnotherRootIsNone()
    {
        var milan = TestBench.Authority(SnpProduct.Milan).IssueRevocationList(1, TestBench.Time.AddDays(-1), TestBench.Time.AddDays(1));
        Assert.Equal(["certificate.revocation"], Verify(milan, Demanding).Failed());
        Assert.True(Verify(milan, new VerificationPolicy()).Accepted);
    }

    [Fact]
    public void AForgedListFails()
    {
        var list = List();
        list[^1] ^= 1;
        Assert.Equal(["certificate.revocation"], Verify(list, new VerificationPolicy()).Failed());
    }

    [Fact]
    public void NoTurnedBitOfAListPasses()
    {
        var good = List();
        for (var bit = 0; bit < good.Length * 8; bit += 13)
        {
            var changed = (byte[])good.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            var set = TestBench.Chain(Product);
            Assert.True(set.Add(changed, "list") is not null
                || !TestBench.Verify(TestBench.Report(Product).Sign(Product), Product, set, Demanding).Accepted,
                $"byte 0x{bit / 8:x} bit {bit % 8}");
        }
    }

    [Fact]
    public void ListsComeInPemToo()
    {
        var set = TestBench.Chain(Product);
        Assert.Null(set.Add(Encoding.ASCII.GetBytes(PemEncoding.WriteString("X509 CRL", List())), "list"));
        Assert.Single(set.RevocationLists);
    }

    private static byte[] List(params int[] revoked) =>
        Authority.IssueRevocationList(7, TestBench.Time.AddDays(-1), TestBench.Time.AddDays(1),
            [.. revoked.Select(serial => new System.Numerics.BigInteger(serial))]);

    private static VerificationResult Verify(byte[]? list, VerificationPolicy policy)
    {
        var set = TestBench.Chain(Product);
        if (list is not null)
        {
            Assert.Null(set.Add(list, "list"));
        }

        return TestBench.Verify(TestBench.Report(Product).Sign(Product), Product, set, policy);
    }
}
