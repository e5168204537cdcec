using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace LiteBox.Attestation.Tests;

/// <summary>Judges entries that hold certificates and revocation lists.</summary>
internal static partial class CertificateVectors
{
    internal static int JudgeAuthority(string path, JsonElement expect)
    {
        var certificate = Parse(path);
        var signature = expect.GetProperty("signature").GetString()!;
        var root = Authority(signature[(signature.IndexOf("valid under ", StringComparison.Ordinal) + "valid under ".Length)..].Split(' ',
            ',')[0]);
        Assert.True(certificate.UsesAmdScheme);
        Assert.True(certificate.IsSignedBy(root));
        var fields = expect.EnumerateObject().Where(member => member.Name != "signature").ToDictionary(member => member.Name, member =>
            member.Value);
        return 1 + VectorJudge.CompareFields(JsonSerializer.SerializeToElement(fields), writer =>
            CertificateJson.Write(writer, certificate));
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
        var answers = 0;
        if (expect.Text("parse") is { } parse)
        {
            Assert.Equal(RoleName().Matches(parse).Select(match => match.Value),
                set.Certificates.Select(certificate => certificate.Role.Name));
            answers++;
        }

        if (expect.Text("chain") is { } chain)
        {
            Assert.StartsWith("valid to ", chain, StringComparison.Ordinal);
            var built = EndorsementChain.Build(set.Certificates.First(certificate => certificate.Role.IsLeaf), set, TrustAnchors.Amd);
            Assert.Null(built.Fault);
            Assert.Equal(chain["valid to ".Length..], built.Root!.SubjectName);
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

    /// <summary>Signature under the roots that are named, and whether the list is in force at the times that are named.</summary>
    internal static int JudgeRevocationList(string path, JsonElement expect)
    {
        var list = RevocationList.Parse(Vectors.Read(path)).Value!;
        var answers = 0;
        foreach (Match match in UnderRoot().Matches(expect.Text("signature") ?? ""))
        {
            Assert.Equal(match.Groups[1].Value == "valid", list.IsSignedBy(Authority(match.Groups[2].Value)));
            answers++;
        }

        foreach (Match match in AtTime().Matches(expect.Text("check") ?? ""))
        {
            var time = DateTimeOffset.Parse($"{match.Groups[1].Value}T00:00:00Z", CultureInfo.InvariantCulture);
            Assert.Equal(match.Groups[2].Value == "current", list.IsCurrent(time));
            JudgeRevocation(path, list, time, match.Groups[2].Value == "current");
            answers++;
        }

        string[] elsewhere = ["signature", "check"];
        var fields = expect.EnumerateObject().Where(member => !elsewhere.Contains(member.Name)).ToDictionary(member => member.Name,
            member => member.Value);
        return answers + VectorJudge.CompareFields(JsonSerializer.SerializeToElement(fields), writer =>
            CertificateJson.Write(writer, list));
    }

    internal static AmdCertificate Authority(string name) => Parse($"amd/{name}.der");

    internal static AmdCertificate Parse(string path)
    {
        var parsed = AmdCertificate.Parse(Vectors.Read(path));
        Assert.Null(parsed.Error);
        return parsed.Value!;
    }

    /// <summary>With a real report of the same root, the demand for a list in force is met or fails, and nothing else does.</summary>
    private static void JudgeRevocation(string path, RevocationList list, DateTimeOffset time, bool accepted)
    {
        const string Report = "reports/azure-milan-v2";
        if (list.IssuerName != "ARK-Milan" || !Vectors.Has($"{Report}/vcek.der"))
        {
            return;
        }

        var result = ReportVerifier.Verify(Vectors.Read($"{Report}/report.bin"), Vectors.Certificates($"{Report}/vcek.der", path),
            new VerificationPolicy { RequireRevocationList = true }, time);
        Assert.Equal(accepted ? [] : ["certificate.revocation"], result.Failures.Select(check => check.Id));
    }

    [GeneratedRegex("ARK|ASVK|ASK|VCEK|VLEK")]
    private static partial Regex RoleName();

    [GeneratedRegex(@"\b(valid|invalid) under (\w+/\w+)")]
    private static partial Regex UnderRoot();

    [GeneratedRegex(@"at (\d{4}-\d\d-\d\d): (current|stale)")]
    private static partial Regex AtTime();

    private static int JudgeReissued(string path, AmdCertificate certificate)
    {
        var first = Parse($"{Path.GetDirectoryName(path)}/vcek.der");
        Assert.Equal(first.KeyFingerprint, certificate.KeyFingerprint);
        Assert.NotEqual(first.Fingerprint, certificate.Fingerprint);
        var result = ReportVerifier.Verify(Vectors.Read($"{Path.GetDirectoryName(path)}/report.bin"), Vectors.Certificates(path),
            new VerificationPolicy(), Vectors.DefaultTime);
        Assert.True(result.Accepted);
        return 2;
    }
}
