namespace LiteBox.Attestation;

/// <summary>
/// Checks that the root has not revoked the ASK or ASVK. Asked for, the check fails closed: without a list in force there is no
/// answer. Not asked for, a list at hand is still heeded when it revokes.
/// </summary>
internal static class RevocationChecks
{
    private const string Id = "certificate.revocation";

    internal static void Check(EndorsementChain? chain, CertificateSet evidence, VerificationPolicy policy, DateTimeOffset time,
        CheckList checks)
    {
        if (chain?.Root is not { } root || chain.Intermediate is not { } intermediate)
        {
            checks.Skip(Id, CheckKind.Authenticity, "the chain does not reach a root");
            return;
        }

        var mine = evidence.RevocationLists.Where(list => list.IssuerName == root.SubjectName).ToList();
        if (mine.Find(list => !list.IsSignedBy(root)) is not null)
        {
            checks.Fail(Id, CheckKind.Authenticity, $"the signature of the revocation list of {root.SubjectName} does not verify");
        }
        else if (mine.Find(list => list.UnknownCriticalExtension is not null) is { } strange)
        {
            checks.Fail(Id, CheckKind.Authenticity,
                $"the revocation list has the critical extension {strange.UnknownCriticalExtension}, which is not known here");
        }
        else if (mine.Find(list => list.Revoked.Contains(intermediate.SerialNumber)
            || list.Revoked.Contains(root.SerialNumber)) is { } revoking)
        {
            checks.Fail(Id, CheckKind.Authenticity,
                $"{intermediate.SubjectName}, serial 0x{intermediate.SerialNumber:x}, is revoked by list {revoking.Number} of {root.SubjectName}");
        }
        else if (mine.Find(list => list.IsCurrent(time)) is { } current)
        {
            checks.Pass(Id, CheckKind.Authenticity,
                $"list {current.Number} of {root.SubjectName}, in force until {ChainChecks.Text(current.NextUpdate!.Value)}, does not name {intermediate.SubjectName}");
        }
        else
        {
            WithoutList(mine, evidence, intermediate, root, policy, time, checks);
        }
    }

    private static void WithoutList(List<RevocationList> mine, CertificateSet evidence, AmdCertificate intermediate, AmdCertificate root,
        VerificationPolicy policy, DateTimeOffset time, CheckList checks)
    {
        var other = evidence.RevocationLists.Count > mine.Count
            ? $"; the evidence has a list of {evidence.RevocationLists.First(list => !mine.Contains(list)).IssuerName}" : "";
        var reason = mine.Count == 0
            ? $"there is no revocation list of {root.SubjectName}{other}; get {Url(intermediate)}"
            : $"no revocation list of {root.SubjectName} is in force at {ChainChecks.Text(time)}; get a new one from {Url(intermediate)}";
        if (policy.RequireRevocationList)
        {
            checks.Fail(Id, mine.Count == 0 ? CheckKind.Evidence : CheckKind.Authenticity, reason);
        }
        else
        {
            checks.Skip(Id, CheckKind.Authenticity, reason);
        }
    }

    private static string Url(AmdCertificate intermediate) => intermediate.Role switch
    {
        (CertificateKind.Asvk, { } product) => KeyDistribution.VlekRevocationList(product),
        (_, { } product) => KeyDistribution.VcekRevocationList(product),
        _ => KeyDistribution.Base,
    };
}
