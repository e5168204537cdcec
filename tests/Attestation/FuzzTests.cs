using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Xunit;
using Xunit.Abstractions;

namespace LiteBox.Attestation.Tests;

/// <summary>
/// Every parser takes anything without an exception: mutated, cut, lengthened and random inputs from fixed seeds. Each parser gets
/// 100,000 inputs, or 20,000 where it also tries a public key; LITEBOX_FUZZ_INPUTS=1000000 gives each the full million.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int WithKeys = 20_000;
    private const int WithoutKeys = 100_000;

    private static readonly byte[] Claims = Encoding.ASCII.GetBytes(
        """{"keys":[{"kid":"HCLAkPub","key_ops":["sign"],"kty":"RSA","e":"AQAB","n":"tegZ0wABCCWLhBK-LqnHoHW16fe3IN9MHs9bvdN9BpMnva_OqvqoFw4lp0lrZoMTi51C1jzjkRIpo2ICUhEUZdwI"}],"vm-configuration":{"console-enabled":true,"n":1},"user-data":"00"}""");

    private static readonly byte[] Policy = Encoding.ASCII.GetBytes(
        """{"vmpl": [0, 1], "products": ["Milan"], "minimum_tcb": {"launch": {"Turin": {"fmc": 1, "bl": 2}}}, "measurements": [{"name": "a", "digest": "00"}], "minimum_firmware": "1.55.29", "minimum_abi": "0.31", "require_platform_bits": ["SMT_EN"], "forbid_policy_bits": "0x1", "host_data": "aa", "allow_debug": true}""");

    private static readonly byte[] Firmware = MakeFirmware();

    [Fact]
    public void Reports() => Fuzz(TestBench.Report(SnpProduct.Turin).Sign(SnpProduct.Turin), data =>
    {
        if (AttestationReport.Parse(data).Value is { } report)
        {
            JsonTesting.Write(writer => ReportJson.Write(writer, report, null));
        }
    });

    [Fact]
    public void Certificates() => Fuzz(File.ReadAllBytes(TestBench.RootFile(SnpProduct.Turin, "vcek.der")), data =>
    {
        if (AmdCertificate.Parse(data).Value is { } certificate)
        {
            _ = EndorsementIdentity.Parse(certificate);
        }
    }, WithKeys);

    [Fact]
    public void Authorities() => Fuzz(TestBench.Authority(SnpProduct.Milan).Ask, data => _ = AmdCertificate.Parse(data), WithKeys);

    [Fact]
    public void RevocationLists() => Fuzz(TestBench.Authority(SnpProduct.Milan).IssueRevocationList(3, TestBench.Time, TestBench.Time, 1, 2,
        3), data => _ = RevocationList.Parse(data));

    [Fact]
    public void CertificateFiles() => Fuzz(
        Encoding.ASCII.GetBytes("text\n" + PemEncoding.WriteString("CERTIFICATE",
            File.ReadAllBytes(TestBench.RootFile(SnpProduct.Milan, "vlek.der")))), data => _ = new CertificateSet().Add(data, "fuzz"),
            WithKeys);

    [Fact]
    public void CertificateTables() => Fuzz(
        CertificateTable.Write([(CertificateTable.GuidOf("VCEK"), [1, 2, 3]), (Guid.NewGuid(), new byte[40])]), data =>
            _ = CertificateTable.Parse(data));

    [Fact]
    public void ThimDocuments() => Fuzz("""{"vcekCert": "a", "tcbm": "7308000000000003", "certificateChain": "b", "cacheControl": "86400"}"""u8.ToArray(), data => _ = ThimDocument.Parse(data));

    [Fact]
    public void Policies() => Fuzz(Policy, data => _ = PolicyFile.Parse(data));

    [Fact]
    public void GuestMessages() => Fuzz([.. new byte[0x30], 1, 1, 0x60, 0, 5, 1, 96, .. new byte[0x29 + 96]], data =>
    {
        _ = GuestMessageHeader.Parse(data);
        _ = ReportResponse.Parse(data);
        _ = KeyResponse.Parse(data);
    });

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

        Assert.Null(HclReport.Parse(blob).Error);
        Fuzz(blob, data => _ = HclReport.Parse(data));
    }

    [Fact]
    public void RuntimeClaimSets() => Fuzz(Claims, data => _ = RuntimeClaims.Parse(data));

    [Fact]
    public void Quotes() => Fuzz([0xFF, 0x54, 0x43, 0x47, 0x80, 0x18, 0, 2, 0xAB, 0xCD, 0, 1, 7, .. new byte[25], 0, 0, 0, 1, 0, 11, 3, 255,
        255, 255, 0, 2, 5, 5], data => _ = TpmQuote.Parse(data));

    [Fact]
    public void PcrLists() => Fuzz(Encoding.ASCII.GetBytes($"[\"{new string('a', 64)}\", \"{new string('b', 64)}\"]"), data =>
        _ = PcrValues.Parse(data));

    [Fact]
    public void EvidenceDocuments() => Fuzz(
        """{"version":1,"tpm_quote":{"message":"ff","pcrs":["aa"],"signature":"00"},"hcl_report":"SENMQQ","vcek":"MIIF"}"""u8.ToArray(), data => _ = EvidenceDocument.Parse(data));

    [Fact]
    public void FirmwareImages() => Fuzz(Firmware, data => _ = FirmwareImage.Parse(data));

    [Fact]
    public void FirmwareMetadata() => Fuzz(
        """{"MetadataItems":[{"GPA":"0x800000","SectionTypeInt":1,"Size":"0x9000"}],"ResetEIP":"0x80b004","OVMFHash":"a582"}"""u8.ToArray(), data => _ = FirmwareImage.ParseMetadata(data));

    [Fact]
    public void IdBlocks() => Fuzz([.. new byte[0x50], 1, .. new byte[15]], data => _ = IdBlock.Parse(data));

    [Fact]
    public void IdAuthentications()
    {
        using var key = PlatformKey.Generate();
        Fuzz(IdAuthentication.Create(new IdBlock { LaunchDigest = new byte[48] }, key, key).Bytes.ToArray(), data =>
            _ = IdAuthentication.Parse(data));
    }

    [Fact]
    public void KeyStructures()
    {
        using var key = PlatformKey.Generate();
        Fuzz(key.Structure, data => PlatformKey.ParseStructure(data).Value?.Dispose(), WithKeys);
    }

    [Fact]
    public void KeyFiles() => Fuzz(File.ReadAllBytes(TestBench.RootFile(SnpProduct.Milan, "vcek.key.pem")), data =>
        PlatformKey.ParsePem(Encoding.Latin1.GetString(data)).Value?.Dispose(), WithKeys);

    [Fact]
    public void Verifications()
    {
        var report = TestBench.Report(SnpProduct.Milan).Sign(SnpProduct.Milan);
        var authority = TestBench.Authority(SnpProduct.Milan);
        byte[][] parts = [File.ReadAllBytes(TestBench.RootFile(SnpProduct.Milan, "vcek.der")), authority.Ask, authority.Ark];
        byte[] good = [.. parts.SelectMany(part => part)];
        Fuzz(good, data =>
        {
            var set = new CertificateSet();
            if (set.Add(data, "fuzz") is null)
            {
                Assert.Equal(data.AsSpan().SequenceEqual(good), TestBench.Verify(report, SnpProduct.Milan, set).Accepted
                    && set.Certificates.Count == parts.Length);
            }
        }, WithKeys);
    }

    private void Fuzz(byte[] seed, Action<byte[]> parse, int usual = WithoutKeys)
    {
        var inputs = Environment.GetEnvironmentVariable("LITEBOX_FUZZ_INPUTS") is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture) : usual;
        var mutator = new Mutator(seed);
        for (var index = 0; index < inputs; index++)
        {
            var input = mutator.Next();
            try
            {
                parse(input);
            }
            catch (Exception error)
            {
                Assert.Fail($"input {index}: {error}\n{Convert.ToHexString(input.AsSpan(0, Math.Min(input.Length, 4096)))}");
            }
        }

        output.WriteLine($"{inputs} inputs");
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

    /// <summary>
    /// Makes inputs out of a good one: bits turned, bytes set to telling values, pieces cut, doubled or moved; now and then noise.
    /// </summary>
    private sealed class Mutator(byte[] seed)
    {
        private static readonly byte[] Telling = [0x00, 0x01, 0x7F, 0x80, 0xFF, 0x30, (byte)'"', (byte)'{', (byte)'}', (byte)'[',
            (byte)'\\', (byte)'-'];
        private readonly Random random = new(seed.Length);

        internal byte[] Next()
        {
            if (random.Next(64) == 0)
            {
                var noise = new byte[random.Next(2 * seed.Length)];
                random.NextBytes(noise);
                return noise;
            }

            var input = (byte[])seed.Clone();
            for (var count = random.Next(1, 5); count > 0; count--)
            {
                input = Change(input);
            }

            return input;
        }

        private byte[] Change(byte[] input)
        {
            if (input.Length == 0)
            {
                return [.. seed];
            }

            var place = random.Next(input.Length);
            switch (random.Next(7))
            {
                case 0:
                    input[place] = Telling[random.Next(Telling.Length)];
                    return input;
                case 1:
                    return input[..place];
                case 2:
                    return [.. input[..place], .. input[place..].Reverse()];
                case 3:
                    return [.. input[..place], .. input[random.Next(input.Length)..]];
                default:
                    input[place] ^= (byte)(1 << random.Next(8));
                    return input;
            }
        }
    }
}
