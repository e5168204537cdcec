using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace LiteBox.Attestation.Tests;

/// <summary>Judges entries that are attestation reports, with the certificate beside them.</summary>
internal static partial class ReportVectors
{
    private const string CryptoPrefix = "crypto_with_";

    internal static int Judge(string path, JsonElement expect)
    {
        var bytes = Vectors.Read(path);
        if (expect.Text("parse")?.StartsWith("fail", StringComparison.Ordinal) == true)
        {
            return JudgeMalformed(path, expect);
        }

        var report = Parse(bytes);
        var fields = expect.GetProperty("fields");
        var answers = 1 + CompareFields(report, fields);
        foreach (var member in expect.EnumerateObject().Where(member => member.Name.StartsWith(CryptoPrefix, StringComparison.Ordinal)))
        {
            var certificate = $"{Path.GetDirectoryName(path)}/{member.Name[CryptoPrefix.Length..]}";
            answers += JudgeCrypto(bytes, certificate, member.Value);
            if (expect.Text("time_window") is { } window)
            {
                answers += JudgeWindow(bytes, certificate, window);
            }

            if (expect.Text("default_policy") is { } policy)
            {
                answers += JudgePolicy(bytes, Vectors.Certificates(certificate), policy);
            }
        }

        return answers;
    }

    internal static int JudgeMalformed(string path, JsonElement expect)
    {
        Assert.StartsWith("fail", expect.Text("parse"), StringComparison.Ordinal);
        var parsed = AttestationReport.Parse(Vectors.Read(path));
        Assert.True(parsed.Error is not null || parsed.Value!.Defects.Count > 0);
        Assert.False(ReportVerifier.Verify(Vectors.Read(path), new CertificateSet(), new VerificationPolicy(),
            Vectors.DefaultTime).Accepted);
        return 1;
    }

    /// <summary>The product comes from the manifest for version 2, which does not name one; it is what the chain beside it says.</summary>
    internal static int CompareFields(AttestationReport report, JsonElement fields) =>
        VectorJudge.CompareFields(fields, writer => ReportJson.Write(writer, report, fields.Text("product") is { } product
            ? SnpProducts.Find(product) : null));

    internal static AttestationReport Parse(byte[] bytes)
    {
        var parsed = AttestationReport.Parse(bytes);
        Assert.Null(parsed.Error);
        Assert.Empty(parsed.Value!.Defects);
        return parsed.Value;
    }

    /// <summary>Holds each yes or no about certificate and signature against the check that speaks of it.</summary>
    internal static int JudgeCrypto(byte[] report, string certificate, JsonElement expect)
    {
        var result = ReportVerifier.Verify(report, Vectors.Certificates(certificate),
            new VerificationPolicy { Vmpls = null, AllowDebug = true }, WithinWindow(certificate));
        var answers = 0;
        foreach (var member in expect.EnumerateObject())
        {
            var id = member.Name switch
            {
                "vek_chains_to_amd_root" => "certificate.chain",
                "report_signature_valid" => "signature.valid",
                "cert_tcb_equals_reported_tcb" => "certificate.tcb",
                "cert_hwid_equals_chip_id" => "certificate.chip_id",
                "signing_key_matches_cert_type" => "certificate.kind",
                _ => null,
            };
            if (id is null)
            {
                Assert.Equal("issuer", member.Name);
                Assert.True(CertificateVectors.Parse(certificate).IsSignedBy(CertificateVectors.Authority(member.Value.GetString()!)));
            }
            else
            {
                var wanted = member.Value.ValueKind switch
                {
                    JsonValueKind.True => CheckOutcome.Passed,
                    JsonValueKind.False => CheckOutcome.Failed,
                    _ => CheckOutcome.Skipped,
                };
                Assert.Equal(wanted, result.Checks.Single(check => check.Id == id).Outcome);
            }

            answers++;
        }

        return answers;
    }

    /// <summary>Interprets "pass", "fail (check)", and clauses such as "at 2025-06-01 with required VMPL 1: pass".</summary>
    internal static int JudgePolicy(byte[] report, CertificateSet certificates, string text)
    {
        var answers = 0;
        var time = Vectors.DefaultTime;
        foreach (var clause in text.Split(';', StringSplitOptions.TrimEntries))
        {
            var policy = new VerificationPolicy();
            time = Day().Match(clause) is { Success: true } day
                ? DateTimeOffset.Parse($"{day.Groups[1].Value}T00:00:00Z", CultureInfo.InvariantCulture) : time;
            if (Level().Match(clause) is { Success: true } level)
            {
                policy = policy with { Vmpls = [uint.Parse(level.Groups[1].Value, CultureInfo.InvariantCulture)] };
            }

            if (clause.Contains("allows debug", StringComparison.Ordinal))
            {
                policy = policy with { AllowDebug = true };
            }

            var outcome = clause.Contains(": ", StringComparison.Ordinal) ? clause[(clause.IndexOf(": ", StringComparison.Ordinal) + 2)..]
                : clause;
            JudgeOutcome(ReportVerifier.Verify(report, certificates, policy, time), outcome);
            if (clause.Contains("or no VMPL requirement", StringComparison.Ordinal))
            {
                JudgeOutcome(ReportVerifier.Verify(report, certificates, policy with { Vmpls = null }, time), outcome);
            }

            answers++;
        }

        return answers;
    }

    private static void JudgeOutcome(VerificationResult result, string outcome)
    {
        var failures = result.Failures.Select(check => $"{check.Id}: {check.Reason}").ToList();
        if (outcome.StartsWith("pass", StringComparison.Ordinal))
        {
            Assert.Empty(failures);
            return;
        }

        Assert.StartsWith("fail", outcome, StringComparison.Ordinal);
        Assert.NotEmpty(failures);
        if (outcome.Contains("(policy.debug)", StringComparison.Ordinal))
        {
            Assert.Equal(["policy.debug"], result.Failures.Select(check => check.Id));
        }
        else if (outcome.Contains("(vmpl)", StringComparison.Ordinal))
        {
            Assert.Equal(["vmpl"], result.Failures.Select(check => check.Id));
        }
        else if (outcome.Contains("expired", StringComparison.Ordinal))
        {
            Assert.Contains(result.Failures, check => check.Id == "certificate.validity");
        }
    }

    /// <summary>One second outside the window the validity check fails, at its ends it passes.</summary>
    private static int JudgeWindow(byte[] report, string certificate, string window)
    {
        var ends = window.Split(" .. ").Select(end => DateTimeOffset.Parse(end, CultureInfo.InvariantCulture)).ToArray();
        var second = TimeSpan.FromSeconds(1);
        foreach (var (time, valid) in new[] { (ends[0], true), (ends[1], true), (ends[0] - second, false), (ends[1] + second, false) })
        {
            var result = ReportVerifier.Verify(report, Vectors.Certificates(certificate), new VerificationPolicy(), time);
            Assert.Equal(valid ? CheckOutcome.Passed : CheckOutcome.Failed, result.Checks.Single(check =>
                check.Id == "certificate.validity").Outcome);
        }

        return 1;
    }

    private static DateTimeOffset WithinWindow(string certificate) => CertificateVectors.Parse(certificate).NotAfter;

    [GeneratedRegex(@"\bat (\d{4}-\d\d-\d\d)")]
    private static partial Regex Day();

    [GeneratedRegex(@"required VMPL (\d)")]
    private static partial Regex Level();
}
