using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Xunit;
using Xunit.Abstractions;

namespace LiteBox.Attestation.Tests;

/// <summary>
/// Every parser takes anything without an exception: a million inputs each, made out of a good one. Where a million would take longer than
/// ten seconds, a test run has fewer; LITEBOX_FUZZ_INPUTS=1000000 gives each parser the full million.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Million = 1_000_000;
    private const int Many = 100_000;
    private const int Some = 20_000;
    private const int Few = 5_000;
    private const string Digest = "19358ba9a7615534a9a1e2f0dfc29384dcd4dcb7062ff9c6013b26869a5fc6ecabe033c48dd6f6db5d6d76e7c5df632d";

    private static readonly byte[] Claims = Encoding.ASCII.GetBytes(
        $$$"""{"keys":[{"kid":"HCLAkPub","key_ops":["sign"],"kty":"RSA","e":"AQAB","n":"{{{Base64Url.EncodeToString([0x80, .. new byte[254], 1])}}}"}],"vm-configuration":{"console-enabled":true,"n":1},"user-data":"{{{new string('0', 128)}}}"}""");

    private static readonly byte[] Policy = Encoding.ASCII.GetBytes(
        $$$$"""{"vmpl": [0, 1], "products": ["Milan"], "minimum_tcb": {"launch": {"Turin": {"fmc": 1, "bl": 2}}}, "measurements": [{"name": "a", "digest": "{{{{Digest}}}}"}], "minimum_firmware": "1.55.29", "minimum_abi": "0.31", "require_platform_bits": ["SMT_EN"], "forbid_policy_bits": "0x1", "image_id": "00112233445566778899aabbccddeeff", "allow_debug": true}""");

    /// <summary>The parsers and the test of each; another test holds the list against the library.</summary>
    public static readonly (string Parser, string Test)[] Parsers =
    [
        ("AttestationReport.Parse", nameof(Reports)), ("AmdCertificate.Parse", nameof(Authorities)),
        ("EndorsementIdentity.Parse", nameof(Endorsements)), ("RevocationList.Parse", nameof(RevocationLists)),
        ("CertificateTable.Parse", nameof(CertificateTables)), ("ThimDocument.Parse", nameof(ThimDocuments)),
        ("PolicyFile.Parse", nameof(Policies)), ("GuestMessageHeader.Parse", nameof(MessageHeaders)),
        ("ReportResponse.Parse", nameof(ReportResponses)), ("KeyResponse.Parse", nameof(KeyResponses)),
        ("HclReport.Parse", nameof(HclReports)), ("RuntimeClaims.Parse", nameof(RuntimeClaimSets)), ("TpmQuote.Parse", nameof(Quotes)),
        ("PcrValues.Parse", nameof(PcrLists)), ("EvidenceDocument.Parse", nameof(EvidenceDocuments)),
        ("FirmwareImage.Parse", nameof(FirmwareImages)), ("FirmwareImage.ParseMetadata", nameof(FirmwareMetadata)),
        ("IdBlock.Parse", nameof(IdBlocks)), ("IdAuthentication.Parse", nameof(IdAuthentications)),
        ("PlatformKey.ParseStructure", nameof(KeyStructures)), ("PlatformKey.ParsePem", nameof(KeyFiles)),
    ];

    [Fact]
    public void EveryParserHasItsTest()
    {
        var parsers = typeof(AttestationReport).Assembly.GetExportedTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static).Where(method =>
                method.Name.StartsWith("Parse", StringComparison.Ordinal) && method.ReturnType.Name == typeof(Parsed<>).Name)
                .Select(method => $"{type.Name}.{method.Name}"));
        Assert.Equal(parsers.Order(StringComparer.Ordinal), Parsers.Select(entry => entry.Parser).Order(StringComparer.Ordinal));
        Assert.All(Parsers, entry => Assert.NotNull(typeof(FuzzTests).GetMethod(entry.Test)!.GetCustomAttribute<FactAttribute>()));
    }

    [Fact]
    public void Reports() => Fuzz(TestBench.Report(SnpProduct.Turin).Sign(SnpProduct.Turin), InputStructure.Binary, data =>
        AttestationReport.Parse(data).Value is not null);

    [Fact]
    public void ReportsAreWrittenToo() => Fuzz(TestBench.Report(SnpProduct.Turin).Sign(SnpProduct.Turin), InputStructure.Binary, data =>
    {
        if (AttestationReport.Parse(data).Value is not { } report)
        {
            return false;
        }

        JsonTesting.Write(writer => ReportJson.Write(writer, report, null));
        return true;
    }, Some);

    [Fact]
    public void Endorsements() => Fuzz(File.ReadAllBytes(TestBench.RootFile(SnpProduct.Turin, "vcek.der")), InputStructure.Der, data =>
        AmdCertificate.Parse(data).Value is { } certificate && EndorsementIdentity.Parse(certificate).Value is not null, Some);

    [Fact]
    public void Authorities() => Fuzz(TestBench.Authority(SnpProduct.Milan).Ask, InputStructure.Der, data =>
        AmdCertificate.Parse(data).Value is not null, Some);

    [Fact]
    public void RevocationLists() => Fuzz(TestBench.Authority(SnpProduct.Milan).IssueRevocationList(3, TestBench.Time, TestBench.Time, 1, 2,
        3), InputStructure.Der, data => RevocationList.Parse(data).Value is not null, Many);

    [Fact]
    public void CertificateFiles() => Fuzz(
        Encoding.ASCII.GetBytes("text\n" + PemEncoding.WriteString("CERTIFICATE",
            File.ReadAllBytes(TestBench.RootFile(SnpProduct.Milan, "vlek.der")))), InputStructure.Binary, data =>
                new CertificateSet().Add(data, "fuzz") is null);

    [Fact]
    public void CertificateTables() => Fuzz(
        CertificateTable.Write([(CertificateTable.GuidOf("VCEK"), [1, 2, 3]), (Guid.NewGuid(), new byte[40])]), InputStructure.Binary, data =>
            CertificateTable.Parse(data).Value is not null);

    [Fact]
    public void ThimDocuments() => Fuzz("""{"vcekCert": "a", "tcbm": "7308000000000003", "certificateChain": "b", "cacheControl": "86400"}"""u8.ToArray(),
        InputStructure.Json, data => ThimDocument.Parse(data).Value is not null, Many);

    [Fact]
    public void Policies() => Fuzz(Policy, InputStructure.Json, data => PolicyFile.Parse(data).Value is not null, Many);

    [Fact]
    public void MessageHeaders() => Fuzz([.. new byte[0x30], 1, 1, 0x60, 0, 5, 1, 96, .. new byte[0x29 + 96]], InputStructure.Binary, data =>
        GuestMessageHeader.Parse(data).Value is not null);

    [Fact]
    public void ReportResponses() => Fuzz([0, 0, 0, 0, 0xA0, 0x04, .. new byte[26 + AttestationReport.Size]], InputStructure.Binary, data =>
        ReportResponse.Parse(data).Value is not null);

    [Fact]
    public void KeyResponses() => Fuzz([.. new byte[32], .. Enumerable.Range(1, 32).Select(number => (byte)number)], InputStructure.Binary, data =>
        KeyResponse.Parse(data).Value is not null);

    [Fact]
    public void HclReports()
    {
        var blob = new byte[0x4D4 + Claims.Length];
        "HCLA"u8.CopyTo(blob);
        Claims.CopyTo(blob, 0x4D4);
        foreach (var (offset, value) in new[] { (4, 1), (8, blob.Length), (12, 2), (0x4C0, 20 + Claims.Length), (0x4C4, 1), (0x4C8, 2),
            (0x4CC, 1), (0x4D0, Claims.Length) })
        {
            BitConverter.GetBytes(value).CopyTo(blob, offset);
        }

        Fuzz(blob, InputStructure.Binary, data => HclReport.Parse(data).Value is not null);
    }

    [Fact]
    public void RuntimeClaimSets() => Fuzz(Claims, InputStructure.Json, data => RuntimeClaims.Parse(data).Value is not null);

    [Fact]
    public void Quotes() => Fuzz([0xFF, 0x54, 0x43, 0x47, 0x80, 0x18, 0, 2, 0xAB, 0xCD, 0, 1, 7, .. new byte[25], 0, 0, 0, 1, 0, 11, 3, 255,
        255, 255, 0, 2, 5, 5], InputStructure.Binary, data => TpmQuote.Parse(data).Value is not null);

    [Fact]
    public void PcrLists() => Fuzz(Encoding.ASCII.GetBytes($"[\"{new string('a', 64)}\", \"{new string('b', 64)}\"]"), InputStructure.Json, data =>
        PcrValues.Parse(data).Value is not null, Many);

    [Fact]
    public void EvidenceDocuments() => Fuzz(Encoding.ASCII.GetBytes(
        $$"""{"version":1,"tpm_quote":{"message":"ff","pcrs":["{{new string('a', 64)}}"],"signature":"00"},"hcl_report":"SENMQQ","vcek":"MIIF"}"""),
        InputStructure.Json, data => EvidenceDocument.Parse(data).Value is not null, Many);

    [Fact]
    public void FirmwareImages() => Fuzz(MakeFirmware(), InputStructure.Binary, data => FirmwareImage.Parse(data).Value is { Sections.Count: > 0 });

    [Fact]
    public void FirmwareMetadata() => Fuzz(Encoding.ASCII.GetBytes(
        $$"""{"MetadataItems":[{"GPA":"0x800000","SectionTypeInt":1,"Size":"0x9000"}],"ResetEIP":"0x80b004","OVMFHash":"{{Digest}}"}"""),
        InputStructure.Json, data => FirmwareImage.ParseMetadata(data).Value is not null, Many);

    [Fact]
    public void IdBlocks() => Fuzz([.. new byte[0x50], 1, .. new byte[15]], InputStructure.Binary, data => IdBlock.Parse(data).Value is not null);

    [Fact]
    public void IdAuthentications()
    {
        using var key = PlatformKey.Generate();
        Fuzz(IdAuthentication.Create(new IdBlock { LaunchDigest = new byte[48] }, key, key).Bytes.ToArray(), InputStructure.Binary, data =>
            IdAuthentication.Parse(data).Value is not null, Many);
    }

    [Fact]
    public void KeyStructures()
    {
        using var key = PlatformKey.Generate();
        Fuzz(key.Structure, InputStructure.Binary, data => Read(PlatformKey.ParseStructure(data)), Some);
    }

    [Fact]
    public void KeyFiles() => Fuzz(File.ReadAllBytes(TestBench.RootFile(SnpProduct.Milan, "vcek.key.pem")), InputStructure.Binary, data =>
        Read(PlatformKey.ParsePem(Encoding.Latin1.GetString(data))), Some);

    [Fact]
    public void Verifications()
    {
        var report = TestBench.Report(SnpProduct.Milan).Sign(SnpProduct.Milan);
        var authority = TestBench.Authority(SnpProduct.Milan);
        byte[][] parts = [File.ReadAllBytes(TestBench.RootFile(SnpProduct.Milan, "vcek.der")), authority.Ask, authority.Ark];
        byte[] good = [.. parts.SelectMany(part => part)];
        Fuzz(good, InputStructure.Der, data =>
        {
            var set = new CertificateSet();
            if (set.Add(data, "fuzz") is not null)
            {
                return false;
            }

            // Parts may come in any order and twice, and the root may be left out; nothing else that is changed may pass.
            var whole = set.Certificates.All(certificate => parts.Any(part => certificate.Bytes.SequenceEqual(part)))
                && set.Certificates.Count(certificate => certificate.Role.Kind != CertificateKind.Ark) == 2;
            Assert.Equal(whole, TestBench.Verify(report, SnpProduct.Milan, set).Accepted);
            return true;
        }, Few);
    }

    private static bool Read(Parsed<PlatformKey> parsed)
    {
        using var key = parsed.Value;
        return key is not null;
    }

    /// <summary>Gives a parser its inputs; it answers whether it could read one.</summary>
    private void Fuzz(byte[] seed, InputStructure structure, Func<byte[], bool> parse, int usual = Million)
    {
        var inputs = Environment.GetEnvironmentVariable("LITEBOX_FUZZ_INPUTS") is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture) : usual;
        var mutator = new Mutator(seed, structure);
        var clock = Stopwatch.StartNew();
        var read = 0;
        for (var index = 0; index < inputs; index++)
        {
            var input = mutator.Next();
            try
            {
                read += parse(input) ? 1 : 0;
            }
            catch (Exception error)
            {
                Assert.Fail($"input {index}: {error}\n{Convert.ToHexString(input.AsSpan(0, Math.Min(input.Length, 4096)))}");
            }
        }

        output.WriteLine($"{inputs} inputs, {read} of them could be read, {clock.Elapsed.TotalSeconds:F1} s");
        Assert.True(parse(seed), "the good input cannot be read");
        Assert.InRange(read, 1, inputs - 1);
    }

    private static byte[] MakeFirmware()
    {
        var image = new byte[512];
        var end = image.Length - 32;
        new Guid("96b582de-1fb2-45f7-baea-a366c55a082d").TryWriteBytes(image.AsSpan(end - 16));
        image[end - 18] = 18 + 22;
        new Guid("dc886566-984a-4798-a75e-5585a7bf67cc").TryWriteBytes(image.AsSpan(end - 34));
        image[end - 36] = 22;
        image[end - 39] = 1;
        "ASEV"u8.CopyTo(image.AsSpan(256));
        (image[260], image[264], image[268], image[274], image[277]) = (28, 1, 1, 0x80, 0x10);
        image[280] = 1;
        return image;
    }
}
