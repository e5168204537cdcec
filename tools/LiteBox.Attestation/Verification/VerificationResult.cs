namespace LiteBox.Attestation;

/// <summary>What a verification found: every check, and what was established on the way.</summary>
public sealed class VerificationResult
{
    internal VerificationResult(IReadOnlyList<CheckResult> checks, AttestationReport? report, SnpProduct? product,
        AmdCertificate? endorsement)
    {
        Checks = checks;
        Report = report;
        Product = product;
        Endorsement = endorsement;
    }

    /// <summary>Every check in its order.</summary>
    public IReadOnlyList<CheckResult> Checks { get; }

    /// <summary>The report; null when it could not be read.</summary>
    public AttestationReport? Report { get; }

    /// <summary>The product by the authenticated chain, else by the report's CPUID bytes; null when neither says.</summary>
    public SnpProduct? Product { get; }

    /// <summary>The VCEK or VLEK that was held against the report; null when there was none.</summary>
    public AmdCertificate? Endorsement { get; }

    /// <summary>Whether no check failed. Only then may the report be relied on.</summary>
    public bool Accepted => Checks.Count > 0 && Checks.All(check => check.Outcome != CheckOutcome.Failed);

    /// <summary>The failed checks.</summary>
    public IEnumerable<CheckResult> Failures => Checks.Where(check => check.Outcome == CheckOutcome.Failed);

    /// <summary>
    /// The gravest kind of failure: format before missing evidence before authenticity before policy; null when accepted.
    /// </summary>
    public CheckKind? Failure => Accepted ? null : Failures.Min(check => check.Kind);
}
