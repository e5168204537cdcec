using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Xunit;

namespace LiteBox.Attestation.Tests;

/// <summary>Judges entries of Azure machines: HCL reports, quotes, PCRs, and the metadata service's answer.</summary>
internal static class AzureVectors
{
    private static readonly byte[] Nonce = Encoding.ASCII.GetBytes("challenge");

    internal static int JudgeHclReport(string path, JsonElement expect)
    {
        var folder = Path.GetDirectoryName(path)!;
        var hcl = HclReport.Parse(Vectors.Read(path)).Value!;
        var claims = RuntimeClaims.Parse(hcl.Claims).Value!;
        var report = ReportVectors.Parse(hcl.Report);
        var answers = VectorJudge.CompareFields(expect.GetProperty("hcl"), writer => AzureJson.Write(writer, hcl, claims, report));
        answers += ReportVectors.CompareFields(report, expect.GetProperty("snp_fields"));
        foreach (var member in expect.EnumerateObject().Where(member => member.Name.StartsWith("crypto_with_", StringComparison.Ordinal)))
        {
            answers += ReportVectors.JudgeCrypto(hcl.Report, $"{folder}/{member.Name["crypto_with_".Length..]}", member.Value);
        }

        var policy = expect.GetProperty("default_policy").GetString()!;
        var certificates = policy.StartsWith("fail with ", StringComparison.Ordinal) ? policy.Split(' ')[2] : "vcek.der";
        var result = Verify(folder, Vectors.Certificates($"{folder}/{certificates}"));
        Assert.Equal(policy == "pass", result.Accepted);
        return answers + 1;
    }

    internal static int JudgeQuote(string path, JsonElement expect)
    {
        var folder = Path.GetDirectoryName(path)!;
        var quote = TpmQuote.Parse(Vectors.Read(path)).Value!;
        string[] elsewhere = ["extra_data_text", "pcr_digest_ok", "signature_ok_with_HCLAkPub"];
        var fields = expect.EnumerateObject().Where(member => !elsewhere.Contains(member.Name)).ToDictionary(member => member.Name,
            member => member.Value);
        var answers = VectorJudge.CompareFields(JsonSerializer.SerializeToElement(fields), writer => AzureJson.Write(writer, quote));
        var result = Verify(folder, Vectors.Certificates($"{folder}/vcek.der"),
            Encoding.ASCII.GetBytes(expect.GetProperty("extra_data_text").GetString()!));
        Assert.Equal(Outcome(expect.GetProperty("signature_ok_with_HCLAkPub")),
            result.Checks.Single(check => check.Id == "quote.signature").Outcome);
        Assert.Equal(Outcome(expect.GetProperty("pcr_digest_ok")), result.Checks.Single(check => check.Id == "quote.pcr_digest").Outcome);
        Assert.True(result.Accepted);
        Assert.False(Verify(folder, Vectors.Certificates($"{folder}/vcek.der"), "challengf"u8.ToArray()).Accepted);
        Assert.False(Verify(folder, Vectors.Certificates($"{folder}/vcek.der"), []).Accepted);
        return answers + 3;
    }

    /// <summary>The signature is right as it is, and wrong after any change of a byte.</summary>
    internal static int JudgeSignature(string path, JsonElement expect)
    {
        var folder = Path.GetDirectoryName(path)!;
        var quote = TpmQuote.Parse(Vectors.Read($"{folder}/tpm-quote.msg")).Value!;
        var key = RuntimeClaims.Parse(HclReport.Parse(Vectors.Read($"{folder}/hcl-report.bin")).Value!.Claims).Value!.AttestationKey;
        var signature = Vectors.Read(path);
        Assert.True(quote.IsSignedWith(signature, key));
        for (var index = 0; index < signature.Length; index++)
        {
            signature[index] ^= 1;
            Assert.False(quote.IsSignedWith(signature, key));
            signature[index] ^= 1;
        }

        return 1;
    }

    internal static int JudgePcrs(string path, JsonElement expect)
    {
        var values = PcrValues.Parse(Vectors.Read(path)).Value!;
        Assert.Equal(Enumerable.Range(0, 24), values.Numbers);
        var quote = TpmQuote.Parse(Vectors.Read($"{Path.GetDirectoryName(path)}/tpm-quote.msg")).Value!;
        Assert.Equal(quote.PcrDigest, values.Digest(quote.Selections[0].Numbers));
        return 2;
    }

    /// <summary>The evidence document is read as a whole; the other form holds the same quote, which is all that is asked of it.</summary>
    internal static int JudgeOriginal(string path, JsonElement expect)
    {
        if (path.EndsWith(".json", StringComparison.Ordinal))
        {
            var document = EvidenceDocument.Parse(Vectors.Read(path)).Value!;
            var set = new CertificateSet();
            Assert.Null(set.Add(document.EndorsementCertificate, "vcek"));
            Assert.True(AzureVerifier.Verify(document.Evidence, set, new AzurePolicy { Nonce = Nonce }, Vectors.DefaultTime,
                TrustAnchors.Amd).Accepted);
            return 1;
        }

        var folder = Path.GetDirectoryName(path);
        var bytes = Vectors.Read(path);
        Assert.True(bytes.AsSpan().IndexOf(Vectors.Read($"{folder}/tpm-quote.msg")) >= 0);
        Assert.True(bytes.AsSpan().IndexOf(Vectors.Read($"{folder}/tpm-quote.sig")) >= 0);
        return 1;
    }

    internal static int JudgePublicKey(string path, JsonElement expect)
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(Encoding.ASCII.GetString(Vectors.Read(path)));
        var folder = Path.GetDirectoryName(path)!;
        var policy = new AzurePolicy { AttestationKey = rsa.ExportParameters(false) };
        var result = AzureVerifier.Verify(new AzureEvidence { HclReport = Vectors.Read($"{folder}/hcl-report.bin") }, new CertificateSet(),
            policy, Vectors.DefaultTime, TrustAnchors.Amd);
        Assert.Equal(Outcome(expect.GetProperty("equals_HCLAkPub_of_hcl_report")),
            result.Checks.Single(check => check.Id == "hcl.ak").Outcome);
        return 1;
    }

    internal static int JudgeClaims(string path, JsonElement expect)
    {
        var claims = RuntimeClaims.Parse(Vectors.Read(path)).Value!;
        Assert.Equal(["HCLAkPub", "HCLEkPub"], claims.KeyNames);
        Assert.Equal("AQAB", Convert.ToBase64String(claims.AttestationKey.Exponent!));
        Assert.Equal(64, claims.UserData!.Length);
        Assert.True(claims.Setting("secure-boot"));
        return 4;
    }

    internal static int JudgeThim(string path, JsonElement expect)
    {
        Assert.StartsWith("members vcekCert", expect.Text("parse"), StringComparison.Ordinal);
        var set = Vectors.Certificates(path);
        Assert.Equal([CertificateKind.Vcek, CertificateKind.Ask, CertificateKind.Ark],
            set.Certificates.Select(certificate => certificate.Role.Kind));
        Assert.StartsWith(set.ThimTcb!.Value.ToString(), expect.Text("tcbm"), StringComparison.Ordinal);
        Assert.Equal(set.ThimTcb.Value.Decode(set.Certificates[0].Role.Product!.Value.TcbLayout()),
            EndorsementIdentity.Parse(set.Certificates[0]).Value!.Tcb);
        Assert.Null(EndorsementChain.Build(set.Certificates[0], set, TrustAnchors.Amd).Fault);
        return 2;
    }

    /// <summary>Verifies a folder's HCL report, with its quote when a nonce is given.</summary>
    internal static VerificationResult Verify(string folder, CertificateSet certificates, byte[]? nonce = null)
    {
        var evidence = new AzureEvidence
        {
            HclReport = Vectors.Read($"{folder}/hcl-report.bin"),
            Quote = nonce is null ? null : Vectors.Read($"{folder}/tpm-quote.msg"),
            QuoteSignature = nonce is null ? null : Vectors.Read($"{folder}/tpm-quote.sig"),
            Pcrs = nonce is null ? null : PcrValues.Parse(Vectors.Read($"{folder}/pcrs-sha256.json")).Value,
        };
        return AzureVerifier.Verify(evidence, certificates, new AzurePolicy { Nonce = nonce }, Vectors.DefaultTime, TrustAnchors.Amd);
    }

    private static CheckOutcome Outcome(JsonElement expected) => expected.GetBoolean() ? CheckOutcome.Passed : CheckOutcome.Failed;
}
