using System.Globalization;

namespace LiteBox.Attestation;

/// <summary>Checks the certificates up to a trusted root.</summary>
internal static class ChainChecks
{
    private const string Anchor = "certificate.anchor";
    private const string Chain = "certificate.chain";
    private const string Validity = "certificate.validity";

    internal static void Check(EndorsementChain? chain, CertificateSet evidence, TrustAnchors anchors, DateTimeOffset time,
        CheckList checks)
    {
        if (chain is null)
        {
            checks.Skip(Chain, CheckKind.Authenticity, "there is no certificate");
            checks.Skip(Anchor, CheckKind.Authenticity, "there is no certificate");
            checks.Skip(Validity, CheckKind.Authenticity, "there is no certificate");
            return;
        }

        if (chain.Fault is { } fault)
        {
            checks.Fail(Chain, chain.FaultKind, fault);
        }
        else if (evidence.Certificates.FirstOrDefault(certificate => certificate.Role.Kind == CertificateKind.Unknown
            && !anchors.Contain(certificate)) is { } stranger)
        {
            // SECURITY: an authority with a changed name must not drop out of sight, as if it had never been sent.
            checks.Fail(Chain, CheckKind.Authenticity,
                $"the evidence has a certificate of \"{stranger.SubjectName}\" by \"{stranger.IssuerName}\", which is none of AMD's hierarchy");
        }
        else
        {
            checks.Pass(Chain, CheckKind.Authenticity,
                $"{string.Join(" < ", chain.Certificates.Select(certificate => certificate.SubjectName))}, RSASSA-PSS with SHA-384");
        }

        CheckAnchor(chain, evidence, anchors, checks);
        CheckValidity(chain, time, checks);
    }

    /// <summary>Roots in the evidence are compared with the trusted ones and never trusted themselves.</summary>
    private static void CheckAnchor(EndorsementChain chain, CertificateSet evidence, TrustAnchors anchors, CheckList checks)
    {
        var supplied = evidence.Certificates.Where(certificate => certificate.Role.Kind == CertificateKind.Ark
            || certificate.IsSelfIssued).ToList();
        var whose = anchors.AreAmd ? "AMD's pinned root" : "a root that was named";
        if (chain.Root is not { } root)
        {
            checks.Skip(Anchor, CheckKind.Authenticity, "the chain does not reach a root");
        }
        else if (supplied.Find(certificate => certificate.SubjectName == root.SubjectName && !anchors.Contain(certificate)) is { } foreign)
        {
            checks.Fail(Anchor, CheckKind.Authenticity, $"the {foreign.SubjectName} in the evidence is not {whose}", root.Fingerprint,
                foreign.Fingerprint);
        }
        else if (supplied.Count > 0 && !supplied.Exists(certificate => certificate.Fingerprint == root.Fingerprint))
        {
            checks.Fail(Anchor, CheckKind.Authenticity,
                $"the evidence brings {supplied[0].SubjectName}, the chain ends at {root.SubjectName}");
        }
        else
        {
            checks.Pass(Anchor, CheckKind.Authenticity, $"{root.SubjectName} is {whose}, SHA-256 {root.Fingerprint}");
        }
    }

    private static void CheckValidity(EndorsementChain chain, DateTimeOffset time, CheckList checks)
    {
        var outside = chain.Certificates.FirstOrDefault(certificate => !certificate.IsValidAt(time));
        if (outside is null)
        {
            checks.Pass(Validity, CheckKind.Authenticity, $"all certificates are valid at {Text(time)}");
        }
        else
        {
            var reason = time < outside.NotBefore ? $"{outside.SubjectName} is not valid before {Text(outside.NotBefore)}"
                : $"{outside.SubjectName} expired at {Text(outside.NotAfter)}";
            var hint = outside.Role.Kind == CertificateKind.Vlek ? "; a VLEK lives one year" : "";
            checks.Fail(Validity, CheckKind.Authenticity, reason + hint, $"{Text(outside.NotBefore)} .. {Text(outside.NotAfter)}",
                Text(time));
        }
    }

    internal static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
