namespace LiteBox.Attestation;

/// <summary>
/// Verifies Azure evidence from the root down: header and sizes, claims bound to REPORT_DATA, the SNP report, then the attestation
/// key is trusted and judges the quote, and the quote's PCRs are held against the policy.
/// </summary>
public static class AzureVerifier
{
    /// <summary>Verifies evidence.</summary>
    /// <param name="evidence">What the machine brought.</param>
    /// <param name="certificates">Certificates and revocation lists, untrusted.</param>
    /// <param name="policy">What the evidence must say.</param>
    /// <param name="time">The moment at which certificates must be valid.</param>
    /// <param name="anchors">The only roots that are trusted.</param>
    public static VerificationResult Verify(AzureEvidence evidence, CertificateSet certificates, AzurePolicy policy, DateTimeOffset time,
        TrustAnchors anchors)
    {
        var checks = new CheckList();
        if (!HclReport.Parse(evidence.HclReport).Succeeded(out var hcl, out var error))
        {
            checks.Fail("hcl.format", CheckKind.Format, error.ToString());
            return new(checks.Results, null, null, null);
        }

        checks.Pass("hcl.format", CheckKind.Format, $"header version {hcl.HeaderVersion}, {hcl.Claims.Length} bytes of claims");
        var report = ReportVerifier.Verify(hcl.Report, certificates, policy.Report, time, anchors);
        var claims = CheckClaims(hcl, report.Report, policy, checks);
        QuoteChecks.Check(evidence, claims, policy, checks);
        return new([.. checks.Results, .. report.Checks], report.Report, report.Product, report.Endorsement);
    }

    private static RuntimeClaims? CheckClaims(HclReport hcl, AttestationReport? report, AzurePolicy policy, CheckList checks)
    {
        const string Binding = "hcl.binding";
        const string Content = "hcl.claims";
        if (report is null)
        {
            checks.Skip(Binding, CheckKind.Authenticity, "the report cannot be read");
        }
        else
        {
            checks.Require(hcl.BindsClaims(report), Binding, CheckKind.Authenticity,
                $"REPORT_DATA is the {hcl.HashName} of the claims and zero after it",
                    $"REPORT_DATA is not the {hcl.HashName} of the claims and zero after it",
                Convert.ToHexStringLower(hcl.ClaimsHash), Convert.ToHexStringLower(report.ReportData));
        }

        if (!RuntimeClaims.Parse(hcl.Claims).Succeeded(out var claims, out var error))
        {
            checks.Fail(Content, CheckKind.Format, error.ToString());
            return null;
        }

        checks.Pass(Content, CheckKind.Format, $"keys {string.Join(", ", claims.KeyNames)}");
        CheckConfiguration(claims, policy, checks);
        return claims;
    }

    private static void CheckConfiguration(RuntimeClaims claims, AzurePolicy policy, CheckList checks)
    {
        CheckSetting("hcl.secure_boot", "secure-boot", policy.RequireSecureBoot, wanted: true, claims, checks);
        CheckSetting("hcl.console", "console-enabled", policy.ForbidConsole, wanted: false, claims, checks);
        CheckValue("hcl.vm_id", policy.MachineId, claims.Configuration.GetValueOrDefault("vmUniqueId"), checks);
        CheckValue("hcl.user_data", policy.UserData is { } data ? Convert.ToHexStringLower(data) : null, claims.UserData is { } written
            ? Convert.ToHexStringLower(written) : null, checks);
        if (policy.AttestationKey is { } key)
        {
            var found = claims.AttestationKey;
            checks.Require(key.Modulus.AsSpan().SequenceEqual(found.Modulus)
                && key.Exponent.AsSpan().SequenceEqual(found.Exponent), "hcl.ak", CheckKind.Policy,
                "HCLAkPub is the key asked for", "HCLAkPub is another key than the one asked for");
        }
        else
        {
            checks.Skip("hcl.ak", CheckKind.Policy, "the policy names no attestation key; the report vouches for HCLAkPub");
        }
    }

    private static void CheckSetting(string id, string name, bool required, bool wanted, RuntimeClaims claims, CheckList checks)
    {
        var actual = claims.Configuration.GetValueOrDefault(name, "absent");
        if (!required)
        {
            checks.Skip(id, CheckKind.Policy, $"the policy does not care; {name} is {actual}");
        }
        else
        {
            checks.Require(claims.Setting(name) == wanted, id, CheckKind.Policy, $"{name} is {actual}", $"{name} is {actual}",
                $"{wanted}".ToLowerInvariant(), actual);
        }
    }

    private static void CheckValue(string id, string? wanted, string? actual, CheckList checks)
    {
        if (wanted is null)
        {
            checks.Skip(id, CheckKind.Policy, "the policy accepts every value");
        }
        else
        {
            checks.Require(string.Equals(wanted, actual, StringComparison.OrdinalIgnoreCase), id, CheckKind.Policy,
                "it is the value asked for", "it is not the value asked for", wanted, actual ?? "absent");
        }
    }
}
