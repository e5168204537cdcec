using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace LiteBox.Attestation.Tests;

/// <summary>Azure evidence made under the test root, one wrong thing at a time.</summary>
public sealed class AzureTests
{
    private const SnpProduct Product = SnpProduct.Milan;
    private const int Claims = 0x4D4;
    private static readonly RSA AttestationKey = RSA.Create(2048);
    private static readonly byte[] Nonce = "nonce"u8.ToArray();

    [Theory]
    [InlineData(1u, 1u, 1u)]
    [InlineData(2u, 1u, 1u)]
    [InlineData(2u, 2u, 1u)]
    [InlineData(1u, 1u, 2u)]
    [InlineData(1u, 1u, 3u)]
    public void EveryKnownLayoutIsRead(uint headerVersion, uint dataVersion, uint hashType)
    {
        var evidence = Evidence(Hcl(headerVersion, dataVersion, hashType));
        Assert.Empty(Verify(evidence, new AzurePolicy { Nonce = Nonce }).Failed());
    }

    [Theory]
    [InlineData(0x00, 0x49)]
    [InlineData(0x04, 0)]
    [InlineData(0x04, 3)]
    [InlineData(0x08, 0)]
    [InlineData(0x0C, 0)]
    [InlineData(0x0C, 4)]
    [InlineData(0x4C0, 0)]
    [InlineData(0x4C4, 0)]
    [InlineData(0x4C4, 3)]
    [InlineData(0x4C8, 0)]
    [InlineData(0x4C8, 1)]
    [InlineData(0x4C8, 3)]
    [InlineData(0x4C8, 4)]
    [InlineData(0x4C8, 5)]
    [InlineData(0x4CC, 0)]
    [InlineData(0x4CC, 4)]
    [InlineData(0x4D0, 0)]
    [InlineData(0x4D3, 0x80)]
    public void AWrongHeaderIsRefused(int offset, byte value)
    {
        var blob = Hcl();
        blob[offset] = value;
        var result = Verify(Evidence(blob), new AzurePolicy { Nonce = Nonce });
        Assert.Equal(["hcl.format"], result.Failed());
        Assert.Equal(CheckKind.Format, result.Failure);
    }

    [Fact]
    public void ShortBlobsAreRefused()
    {
        var blob = Hcl();
        var size = BinaryPrimitives.ReadUInt32LittleEndian(blob.AsSpan(8));
        for (var length = 0; length < size; length += length < 0x4E0 ? 97 : 1)
        {
            Assert.NotNull(HclReport.Parse(blob.AsSpan(0, length)).Error);
        }

        Assert.Null(HclReport.Parse(blob.AsSpan(0, (int)size)).Error);
        Assert.Null(HclReport.Parse([.. blob, .. new byte[5000]]).Error);
    }

    [Fact]
    public void ReportDataMustBeTheHashAndZeros()
    {
        var changedClaims = Hcl();
        changedClaims[Claims + 12] ^= 0x20;
        Assert.Contains("hcl.binding", Verify(Evidence(changedClaims)).Failed());
        foreach (var index in new[] { 0, 31, 32, 63 })
        {
            Assert.Contains("hcl.binding", Verify(Evidence(Hcl(change: data => data[index] ^= 1))).Failed());
        }
    }

    [Fact]
    public void AnotherHashThanTheHeaderSaysIsNoBinding()
    {
        var blob = Hcl();
        blob[0x4CC] = 2;
        Assert.Contains("hcl.binding", Verify(Evidence(blob)).Failed());
    }

    [Fact]
    public void TheSnpReportIsVerifiedToo()
    {
        Assert.Contains("vmpl", Verify(Evidence(Hcl(changeReport: report => report.Vmpl = 1))).Failed());
        Assert.Contains("policy.debug", Verify(Evidence(Hcl(changeReport: report => report.Policy = new(0xB0000)))).Failed());
        Assert.Contains("certificate.present", AzureVerifier.Verify(Evidence(Hcl()), new CertificateSet(),
            new AzurePolicy { Nonce = Nonce }, TestBench.Time, TestBench.Authority(Product).Anchors).Failed());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("""{"keys": {}}""")]
    [InlineData("""{"keys": []}""")]
    [InlineData("""{"keys": [{"kid": "HCLEkPub", "kty": "RSA", "e": "AQAB", "n": "N"}]}""")]
    [InlineData("""{"keys": [{"kid": "HCLAkPub", "kty": "EC", "e": "AQAB", "n": "N"}]}""")]
    [InlineData("""{"keys": [{"kid": "HCLAkPub", "kty": "RSA", "e": "AQAB", "n": "AQAB"}]}""")]
    [InlineData("""{"keys": [{"kid": "HCLAkPub", "kty": "RSA", "n": "N"}]}""")]
    [InlineData("""{"keys": [{"kid": "HCLAkPub", "kty": "RSA", "e": "AQAB", "n": "N"}, {"kid": "HCLAkPub", "kty": "RSA", "e": "AQAB", "n": "N"}]}""")]
    [InlineData("""{"keys": [{"kid": "HCLAkPub", "kty": "RSA", "e": "AQAB", "n": "N"}], "user-data": "00"}""")]
    [InlineData("""{"keys": [{"kid": "HCLAkPub", "kty": "RSA", "e": "AQAB", "n": "N"}], "vm-configuration": []}""")]
    [InlineData("""{"keys": [{"kid": "HCLAkPub", "kty": "RSA", "e": "AQAB", "n": "N"}], "keys": []}""")]
    [InlineData("""{"keys": [{"kid": "HCLAkPub", "kty": "RSA", "e": "AQ", "n": "N"}]}""")]
    [InlineData("""{"keys": [{"kid": "HCLAkPub", "kty": "RSA", "e": "AAAB", "n": "N"}]}""")]
    [InlineData("""{"keys": [{"kid": "HCLAkPub", "kty": "RSA", "e": "AQAA", "n": "N"}]}""")]
    [InlineData("""{"keys": [{"kid": "HCLAkPub", "kty": "RSA", "e": "", "n": "N"}]}""")]
    public void WrongClaimsAreRefusedThoughTheyAreBound(string json) =>
        Assert.Contains("hcl.claims", Verify(Evidence(Hcl(claims: json.Replace("\"N\"", $"\"{Modulus}\"",
            StringComparison.Ordinal)))).Failed());

    [Fact]
    public void UnknownClaimsAreTaken() =>
        Assert.Empty(Verify(Evidence(Hcl(claims: ClaimsJson.Replace("\"keys\"", "\"new\": {\"a\": [1, null]}, \"keys\"",
            StringComparison.Ordinal)))).Failed());

    [Fact]
    public void TheConfigurationAnswersThePolicy()
    {
        var evidence = Evidence(Hcl());
        Assert.Empty(Verify(evidence, Policy() with { RequireSecureBoot = true, MachineId = "abc", UserData = new byte[64] }).Failed());
        Assert.Equal(["hcl.console"], Verify(evidence, Policy() with { ForbidConsole = true }).Failed());
        Assert.Equal(["hcl.vm_id"], Verify(evidence, Policy() with { MachineId = "abd" }).Failed());
        Assert.Equal(["hcl.user_data"], Verify(evidence, Policy() with { UserData = [1, .. new byte[63]] }).Failed());
        using var other = RSA.Create(2048);
        Assert.Equal(["hcl.ak"], Verify(evidence, Policy() with { AttestationKey = other.ExportParameters(false) }).Failed());
        Assert.Empty(Verify(evidence, Policy() with { AttestationKey = AttestationKey.ExportParameters(false) }).Failed());
        var bare = Evidence(Hcl(claims: $$"""{"keys": [{"kid": "HCLAkPub", "kty": "RSA", "e": "AQAB", "n": "{{Modulus}}"}]}"""));
        Assert.Equal(["hcl.secure_boot"], Verify(bare, Policy() with { RequireSecureBoot = true }).Failed());
    }

    [Fact]
    public void TheNonceIsExactAndNeverEmpty()
    {
        var evidence = Evidence(Hcl());
        foreach (var nonce in new[] { null, [], "nonc"u8.ToArray(), "nonce2"u8.ToArray(), "Nonce"u8.ToArray() })
        {
            Assert.Equal(["quote.nonce"], Verify(evidence, new AzurePolicy { Nonce = nonce }).Failed());
        }

        var empty = Evidence(Hcl(), quote: Quote(nonce: []));
        Assert.Equal(["quote.nonce"], Verify(empty, new AzurePolicy { Nonce = [] }).Failed());
        Assert.Equal(CheckOutcome.Skipped, Verify(empty, new AzurePolicy { AllowAnyNonce = true }).Outcome("quote.nonce"));
    }

    [Fact]
    public void AQuoteOfAnotherKeyIsRefused()
    {
        using var other = RSA.Create(2048);
        Assert.Equal(["quote.signature"], Verify(Evidence(Hcl(), signer: other)).Failed());
        Assert.Equal(["quote.signature"], Verify(Evidence(Hcl()) with { QuoteSignature = null }).Failed());
        Assert.Equal(["quote.signature"], Verify(Evidence(Hcl()) with { QuoteSignature = [] }).Failed());
        Assert.Equal(["quote.signature"], Verify(Evidence(Hcl(), padding: RSASignaturePadding.Pss)).Failed());
        Assert.Equal(["quote.signature"], Verify(Evidence(Hcl(), hash: HashAlgorithmName.SHA384)).Failed());
    }

    [Fact]
    public void TheSignatureMayStandInItsTpmStructure()
    {
        var evidence = Evidence(Hcl());
        byte[] wrapped = [0x00, 0x14, 0x00, 0x0B, 0x01, 0x00, .. evidence.QuoteSignature!];
        Assert.Empty(Verify(evidence with { QuoteSignature = wrapped }).Failed());
        wrapped[3] = 0x0C;
        Assert.Equal(["quote.signature"], Verify(evidence with { QuoteSignature = wrapped }).Failed());
    }

    [Theory]
    [InlineData(0, 0xFE)]
    [InlineData(4, 0x81)]
    [InlineData(5, 0x19)]
    public void WhatNoTpmQuotedIsRefused(int offset, byte value)
    {
        var quote = Quote();
        quote[offset] = value;
        Assert.Equal(["quote.format"], Verify(Evidence(Hcl(), quote)).Failed());
    }

    [Fact]
    public void BytesAfterAndMissingInAQuoteAreRefused()
    {
        var quote = Quote();
        Assert.NotNull(TpmQuote.Parse([.. quote, 0]).Error);
        for (var length = 0; length < quote.Length; length++)
        {
            Assert.NotNull(TpmQuote.Parse(quote.AsSpan(0, length)).Error);
        }
    }

    [Fact]
    public void TheSelectionIsTheSha256BankAndThePolicysSet()
    {
        Assert.Equal(["quote.pcr_selection"], Verify(Evidence(Hcl(), Quote(bank: 0x04))).Failed());
        Assert.Equal(["quote.pcr_selection"], Verify(Evidence(Hcl(), Quote(bank: 0x0C))).Failed());
        Assert.Equal(["quote.pcr_selection"], Verify(Evidence(Hcl(), Quote(banks: 2))).Failed());
        Assert.Equal(["quote.pcr_selection"], Verify(Evidence(Hcl(), Quote(banks: 0))).Failed());
        Assert.Equal(["quote.pcr_selection"], Verify(Evidence(Hcl(), Quote(pcrs: []))).Failed());
        Assert.Empty(Verify(Evidence(Hcl(), Quote(pcrs: [4, 7])), Policy() with { Selection = [7, 4] }).Failed());
        Assert.Equal(["quote.pcr_selection"], Verify(Evidence(Hcl(), Quote(pcrs: [4, 7])), Policy() with { Selection = [4] }).Failed());
        Assert.Equal(["quote.pcr_selection"], Verify(Evidence(Hcl(), Quote(pcrs: [4])), Policy() with { Selection = [4, 7] }).Failed());
        Assert.Equal(["quote.pcr_selection"], Verify(Evidence(Hcl(), Quote(pcrs: [4])), Policy() with { Pcrs = Value(7) }).Failed());
    }

    [Fact]
    public void PcrValuesCountOnlyUnderTheDigest()
    {
        Assert.Empty(Verify(Evidence(Hcl()), Policy() with { Pcrs = Value(4) }).Failed());
        Assert.Equal(["quote.pcr_values"], Verify(Evidence(Hcl()), Policy() with { Pcrs = new Dictionary<int,
            byte[]> { [4] = new byte[32] } }).Failed());
        Assert.Equal(["quote.pcr_digest"], Verify(Evidence(Hcl()) with { Pcrs = null }).Failed());
        var changed = Pcrs(number => (byte)(number == 9 ? 0xEE : number + 1));
        Assert.Equal(["quote.pcr_digest"], Verify(Evidence(Hcl()) with { Pcrs = changed }).Failed());
        var few = PcrValues.Parse("""{"4": "0505050505050505050505050505050505050505050505050505050505050505"}"""u8).Value!;
        Assert.Equal(["quote.pcr_digest"], Verify(Evidence(Hcl()) with { Pcrs = few }).Failed());
        Assert.Empty(Verify(Evidence(Hcl(), Quote(pcrs: [4])) with { Pcrs = few }).Failed());
    }

    [Fact]
    public void ADemandThatOnlyAQuoteMeetsFailsWithoutOne()
    {
        var evidence = new AzureEvidence { HclReport = Hcl() };
        Assert.Empty(Verify(evidence, new AzurePolicy()).Failed());
        foreach (var policy in new[] { new AzurePolicy { RequireQuote = true }, new AzurePolicy { Nonce = Nonce },
            new AzurePolicy { Selection = [0] }, new AzurePolicy { Pcrs = Value(4) } })
        {
            Assert.Equal(["quote.format"], Verify(evidence, policy).Failed());
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("[\"00\"]")]
    [InlineData("{\"24\": \"0505050505050505050505050505050505050505050505050505050505050505\"}")]
    [InlineData("{\"-1\": \"0505050505050505050505050505050505050505050505050505050505050505\"}")]
    [InlineData("{\"4\": \"05\"}")]
    public void WrongPcrListsAreRefused(string json) => Assert.NotNull(PcrValues.Parse(Encoding.UTF8.GetBytes(json)).Error);

    private static string Modulus => Base64Url.EncodeToString(AttestationKey.ExportParameters(false).Modulus);

    private static string ClaimsJson =>
        $$"""{"keys":[{"kid":"HCLAkPub","key_ops":["sign"],"kty":"RSA","e":"AQAB","n":"{{Modulus}}"}],"vm-configuration":{"console-enabled":true,"secure-boot":true,"vmUniqueId":"ABC"},"user-data":"{{new string('0', 128)}}"}""";

    private static AzurePolicy Policy() => new() { Nonce = Nonce };

    private static Dictionary<int, byte[]> Value(int pcr) => new() { [pcr] = [.. Enumerable.Repeat((byte)(pcr + 1), 32)] };

    private static PcrValues Pcrs(Func<int, byte> fill) =>
        PcrValues.Parse(Encoding.ASCII.GetBytes($"[{string.Join(',', Enumerable.Range(0, 24).Select(number => $"\"{Convert.ToHexStringLower([.. Enumerable.Repeat(fill(number), 32)])}\""))}]")).Value!;

    /// <summary>PCR n holds the byte n + 1, 32 times.</summary>
    private static PcrValues Pcrs() => Pcrs(number => (byte)(number + 1));

    private static byte[] Hcl(uint headerVersion = 1, uint dataVersion = 1, uint hashType = 1, string? claims = null,
        Action<byte[]>? change = null, Action<ReportBuilder>? changeReport = null)
    {
        var json = Encoding.UTF8.GetBytes(claims ?? ClaimsJson);
        var data = new byte[64];
        (hashType switch { 1 => SHA256.HashData(json), 2 => SHA384.HashData(json), _ => SHA512.HashData(json) }).CopyTo(data, 0);
        change?.Invoke(data);
        var report = TestBench.Report(Product, version: 3);
        report.ReportData = data;
        changeReport?.Invoke(report);
        var capability = dataVersion == 2 ? 4 : 0;
        var blob = new byte[2600];
        "HCLA"u8.CopyTo(blob);
        U32(0x04, headerVersion);
        U32(0x08, (uint)(0x4C0 + 20 + capability + json.Length));
        U32(0x0C, 2);
        report.Sign(Product).CopyTo(blob, 0x20);
        U32(0x4C0, (uint)(20 + capability + json.Length));
        U32(0x4C4, dataVersion);
        U32(0x4C8, 2);
        U32(0x4CC, hashType);
        U32(0x4D0, (uint)json.Length);
        json.CopyTo(blob, Claims + capability);
        return blob;

        void U32(int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(blob.AsSpan(offset), value);
    }

    private static byte[] Quote(byte[]? nonce = null, ushort bank = PcrSelection.Sha256, int banks = 1, int[]? pcrs = null)
    {
        var numbers = pcrs ?? [.. Enumerable.Range(0, 24)];
        var extra = nonce ?? Nonce;
        using var buffer = new MemoryStream();
        Write(0xFF, 0x54, 0x43, 0x47, 0x80, 0x18, 0x00, 0x02, 0xAB, 0xCD);
        Write(0, (byte)extra.Length);
        Write(extra);
        Write(new byte[8 + 4 + 4]);
        Write(1);
        Write(new byte[8]);
        Write(0, 0, 0, (byte)banks);
        for (var index = 0; index < banks; index++)
        {
            var bitmap = new byte[3];
            foreach (var number in numbers)
            {
                bitmap[number / 8] |= (byte)(1 << (number % 8));
            }

            Write((byte)(bank >> 8), (byte)bank, 3);
            Write(bitmap);
        }

        Write(0, 32);
        Write(Pcrs().Digest(numbers)!);
        return buffer.ToArray();

        void Write(params byte[] bytes) => buffer.Write(bytes);
    }

    private static AzureEvidence Evidence(byte[] hcl, byte[]? quote = null, RSA? signer = null, RSASignaturePadding? padding = null,
        HashAlgorithmName? hash = null)
    {
        var bytes = quote ?? Quote();
        return new AzureEvidence
        {
            HclReport = hcl,
            Quote = bytes,
            QuoteSignature = (signer ?? AttestationKey).SignData(bytes, hash ?? HashAlgorithmName.SHA256,
                padding ?? RSASignaturePadding.Pkcs1),
            Pcrs = Pcrs(),
        };
    }

    private static VerificationResult Verify(AzureEvidence evidence, AzurePolicy? policy = null) =>
        AzureVerifier.Verify(evidence, TestBench.Chain(Product), policy ?? Policy(), TestBench.Time, TestBench.Authority(Product).Anchors);
}
