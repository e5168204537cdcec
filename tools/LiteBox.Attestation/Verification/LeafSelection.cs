namespace LiteBox.Attestation;

/// <summary>Finds, among the certificates of the evidence, the one that should have signed a report.</summary>
internal static class LeafSelection
{
    /// <summary>The certificate to hold against the report; null when the evidence has no VCEK or VLEK at all.</summary>
    /// <param name="report">The report.</param>
    /// <param name="evidence">Where to look.</param>
    /// <param name="time">Of two that fit alike, such as a VCEK and its re-issue, the one valid at this time is taken.</param>
    /// <param name="checks">Receives what was found.</param>
    internal static AmdCertificate? Choose(AttestationReport report, CertificateSet evidence, DateTimeOffset time, CheckList checks)
    {
        const string Present = "certificate.present";
        const string Kind = "certificate.kind";
        var leaves = evidence.Certificates.Where(certificate => certificate.Role.IsLeaf).ToList();
        if (leaves.Count == 0)
        {
            checks.Fail(Present, CheckKind.Evidence, $"no VCEK or VLEK in the evidence; {WhereToGetOne(report)}");
            checks.Skip(Kind, CheckKind.Authenticity, "there is no certificate");
            return null;
        }

        var wanted = report.KeyInfo.SigningKey switch
        {
            SigningKey.Vcek => CertificateKind.Vcek,
            SigningKey.Vlek => CertificateKind.Vlek,
            _ => CertificateKind.Unknown,
        };
        var chosen = leaves.Where(leaf => leaf.Role.Kind == wanted).OrderByDescending(leaf =>
            Likeness(leaf, report)).ThenByDescending(leaf => leaf.IsValidAt(time)).FirstOrDefault() ?? leaves[0];
        checks.Pass(Present, CheckKind.Evidence,
            $"{chosen.SubjectName} by {chosen.IssuerName}, {leaves.Count} leaf certificate(s) in the evidence");
        checks.Require(chosen.Role.Kind == wanted, Kind, CheckKind.Authenticity,
            $"SIGNING_KEY says {report.KeyInfo.SigningKeyName} and the certificate is one",
            $"SIGNING_KEY says {report.KeyInfo.SigningKeyName} and the evidence has a {chosen.Role.Name} only",
            report.KeyInfo.SigningKeyName, chosen.Role.Name);
        return chosen;
    }

    /// <summary>How much of what a certificate says agrees with the report. It orders candidates only; the checks judge.</summary>
    private static int Likeness(AmdCertificate leaf, AttestationReport report)
    {
        if (EndorsementIdentity.Parse(leaf).Value is not { } identity || leaf.Role.Product is not { } product)
        {
            return 0;
        }

        var sameChip = identity.HardwareId is { } id && report.ChipId.StartsWith(id) ? 4 : 0;
        var sameTcb = identity.Tcb == report.ReportedTcb.Decode(product.TcbLayout()) ? 2 : 0;
        return sameChip + sameTcb + (report.Product is null || report.Product == product ? 1 : 0);
    }

    private static string WhereToGetOne(AttestationReport report)
    {
        if (report.KeyInfo.SigningKey == SigningKey.Vlek)
        {
            return "a VLEK comes from the cloud provider, in the certificate table of the extended report";
        }

        var urls = KeyDistribution.FilesFor(report, null).Where(file => file.Content == "VCEK").Select(file => file.Url).ToList();
        return urls.Count == 0 ? "its address needs CHIP_ID, which is masked, or a known product" : $"get {string.Join(" or ", urls)}";
    }
}
