namespace LiteBox.Attestation;

/// <summary>
/// Verifies a report offline: bytes, certificates, policy and time in, a list of checks out. Every check that can be made is made,
/// also after one has failed, so that the answer says all that is wrong at once.
/// </summary>
public static class ReportVerifier
{
    /// <summary>Verifies a report against AMD's roots.</summary>
    /// <param name="report">The report as received.</param>
    /// <param name="evidence">Certificates and revocation lists; all of it untrusted.</param>
    /// <param name="policy">What the report must say.</param>
    /// <param name="time">The moment at which certificates and revocation lists must be valid.</param>
    public static VerificationResult Verify(ReadOnlySpan<byte> report, CertificateSet evidence, VerificationPolicy policy,
        DateTimeOffset time) =>
        Verify(report, evidence, policy, time, TrustAnchors.Amd);

    /// <summary>Verifies a report against the given roots.</summary>
    /// <param name="report">The report as received.</param>
    /// <param name="evidence">Certificates and revocation lists; all of it untrusted.</param>
    /// <param name="policy">What the report must say.</param>
    /// <param name="time">The moment at which certificates and revocation lists must be valid.</param>
    /// <param name="anchors">The only roots that are trusted.</param>
    public static VerificationResult Verify(
        ReadOnlySpan<byte> report, CertificateSet evidence, VerificationPolicy policy, DateTimeOffset time, TrustAnchors anchors)
    {
        var checks = new CheckList();
        if (!AttestationReport.Parse(report).Succeeded(out var parsed, out var error))
        {
            checks.Fail("report.format", CheckKind.Format, error.ToString());
            return new(checks.Results, null, null, null);
        }

        checks.Pass("report.format", CheckKind.Format, $"{AttestationReport.Size} bytes, version {parsed.Version}");
        return Verify(parsed, evidence, policy, time, anchors, checks);
    }

    private static VerificationResult Verify(
        AttestationReport report, CertificateSet evidence, VerificationPolicy policy, DateTimeOffset time, TrustAnchors anchors,
            CheckList checks)
    {
        ReportChecks.CheckContent(report, policy, checks);
        var leaf = LeafSelection.Choose(report, evidence, time, checks);
        var chain = leaf is null ? null : EndorsementChain.Build(leaf, evidence, anchors);
        ChainChecks.Check(chain, evidence, anchors, time, checks);
        RevocationChecks.Check(chain, evidence, policy, time, checks);

        // The chain speaks first: a version-2 report says nothing, and what a later one says is held against the chain.
        var product = (chain is { Fault: null } ? leaf?.Role.Product : null) ?? report.Product ?? leaf?.Role.Product;
        ReportChecks.CheckProduct(report, leaf, product, policy, checks);
        BindingChecks.Check(report, leaf, product, policy, evidence, checks);
        SignatureChecks.Check(report, leaf, checks);
        TcbChecks.Check(report, product, policy, checks);
        PolicyChecks.Check(report, policy, checks);
        return new(checks.Results, report, product, leaf);
    }
}
