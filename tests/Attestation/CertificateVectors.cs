using System.Globalization;
using System.Text.Json;
using Xunit;

namespace LiteBox.Attestation.Tests;

/// <summary>Judges entries that hold certificates and revocation lists.</summary>
internal static class CertificateVectors
{
    internal static int JudgeAuthority(string path, JsonElement expect)
    {
        var certificate = Parse(path);
        var signature = expect.GetProperty("signature").GetString()!;
        var root = Authority(signature[(signature.IndexOf("valid under ", StringComparison.Ordinal) + "valid under ".Length)..].Split(' ', ',')[0]);
        Assert.True(certificate.UsesAmdScheme);
        Assert.True(certificate.IsSignedBy(root));
        var fields = expect.EnumerateObject().Where(member => member.Name != "signature").ToDictionary(member => member.Name, member => member.Value);
        return 1 + VectorJudge.CompareFields(JsonSerializer.SerializeToElement(fields), writer => CertificateJson.Write(writer, certificate));
    }

    internal static int JudgeEndorsement(string path, JsonElement expect)
    {
        var certificate = Parse(path);
        var answers = 1;
        if (expect.ValueKind == JsonValueKind.Undefined || !expect.TryGetProperty("fields", out var fields))
        {
            // An entry without fields of its own is another issue of the certificate beside it and must verify the same report.
            return JudgeReissued(path, certificate);
        }

        answers += VectorJudge.CompareFields(fields, writer => CertificateJson.Write(writer, certificate));
        if (expect.Text("chains_to") is { } issuer)
        {
            Assert.True(certificate.IsSignedBy(Authority(issuer)));
            answers++;
        }

        return answers;
    }

    internal static int JudgeTampered(string path, JsonElement expect)
    {
        var certificate = Parse(path);
        Assert.StartsWith("ok", expect.Text("parse"), StringComparison.Ordinal);
        Assert.StartsWith("INVALID", expect.Text("signature"), StringComparison.Ordinal);
        foreach (var product in SnpProducts.All)
        {
            Assert.False(certificate.IsSignedBy(Authority($"{product.Name().ToLowerInvariant()}/ask")));
            Assert.False(certificate.IsSignedBy(Authority($"{product.Name().ToLowerInvariant()}/asvk")));
        }

        return 2 + VectorJudge.CompareFields(expect.GetProperty("fields"), writer => CertificateJson.Write(writer, certificate));
    }

    internal static int JudgeBundle(string path, JsonElement expect)
    {
        var set = Vectors.Certificates(path);
        var kinds = set.Certificates.Select(certificate => certificate.Role.Kind).ToList();
        var answers = 0;
        if (expect.Text("parse") is { } parse)
        {
            Assert.Equal(parse.StartsWith("three", StringComparison.Ordinal) ? [CertificateKind.Vcek, CertificateKind.Ask, CertificateKind.Ark] : [CertificateKind.Ask, CertificateKind.Ark], kinds);
            answers++;
        }

        if (expect.Text("chain") is { } chain)
        {
            Assert.Equal("valid to ARK-Milan", chain);
            var built = EndorsementChain.Build(set.Certificates.First(certificate => certificate.Role.IsLeaf), set, TrustAnchors.Amd);
            Assert.Null(built.Fault);
            Assert.Equal("ARK-Milan", built.Root!.SubjectName);
            answers++;
        }

        if (expect.Text("with_hcl_report") is not null)
        {
            var result = AzureVectors.Verify(Path.GetDirectoryName(path)!, set);
            Assert.Contains(result.Failures, check => check.Id == "signature.valid");
            Assert.Contains(result.Failures, check => check.Id == "certificate.chip_id");
            answers++;
        }

        return answers;
    }

    internal static int JudgeRevocationList(string path, JsonElement expect)
    {
        var list = RevocationList.Parse(Vectors.Read(path)).Value!;
        Assert.True(list.IsSignedBy(Authority("milan/ark")));
        Assert.False(list.IsSignedBy(Authority("genoa/ark")));
        Assert.True(list.IsCurrent(new DateTimeOffset(2025, 12, 1, 0, 0, 0, TimeSpan.Zero)));
        Assert.False(list.IsCurrent(Vectors.DefaultTime));
        JudgeRevocation(path, "2025-12-01", accepted: true);
        JudgeRevocation(path, "2026-06-01", accepted: false);
        string[] elsewhere = ["signature", "check"];
        var fields = expect.EnumerateObject().Where(member => !elsewhere.Contains(member.Name)).ToDictionary(member => member.Name, member => member.Value);
        return 2 + VectorJudge.CompareFields(JsonSerializer.SerializeToElement(fields), writer => CertificateJson.Write(writer, list));
    }

    internal static AmdCertificate Authority(string name) => Parse($"amd/{name}.der");

    internal static AmdCertificate Parse(string path)
    {
        var parsed = AmdCertificate.Parse(Vectors.Read(path));
        Assert.Null(parsed.Error);
        return parsed.Value!;
    }

    private static void JudgeRevocation(string path, string day, bool accepted)
    {
        const string Report = "reports/azure-milan-v2";
        var set = Vectors.Certificates($"{Report}/vcek.der", path);
        var time = DateTimeOffset.Parse($"{day}T00:00:00Z", CultureInfo.InvariantCulture);
        var result = ReportVerifier.Verify(Vectors.Read($"{Report}/report.bin"), set, new VerificationPolicy { RequireRevocationList = true }, time);
        Assert.Equal(accepted, result.Accepted);
        Assert.Equal(accepted ? [] : ["certificate.revocation"], result.Failures.Select(check => check.Id));
    }

    private static int JudgeReissued(string path, AmdCertificate certificate)
    {
        var first = Parse($"{Path.GetDirectoryName(path)}/vcek.der");
        Assert.Equal(first.KeyFingerprint, certificate.KeyFingerprint);
        Assert.NotEqual(first.Fingerprint, certificate.Fingerprint);
        var result = ReportVerifier.Verify(Vectors.Read($"{Path.GetDirectoryName(path)}/report.bin"), Vectors.Certificates(path), new VerificationPolicy(), Vectors.DefaultTime);
        Assert.True(result.Accepted);
        return 2;
    }
}
