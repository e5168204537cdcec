namespace LiteBox.Attestation;

/// <summary>The certificates from a VCEK or VLEK to its root, as far as they were found.</summary>
/// <param name="Leaf">The VCEK or VLEK.</param>
/// <param name="Intermediate">The ASK or ASVK whose name and signature fit; null when there is none.</param>
/// <param name="Root">The trusted root whose name and signature fit; null when there is none.</param>
/// <param name="Fault">Why the chain is not whole; null when it is.</param>
/// <param name="FaultKind">Whether something is missing or something is wrong.</param>
internal sealed record EndorsementChain(AmdCertificate Leaf, AmdCertificate? Intermediate, AmdCertificate? Root, string? Fault,
    CheckKind FaultKind)
{
    /// <summary>The certificates there are, leaf first.</summary>
    internal IEnumerable<AmdCertificate> Certificates => new[] { Leaf, Intermediate, Root }.OfType<AmdCertificate>();

    /// <summary>
    /// Finds the chain of a leaf. Intermediates come from the evidence; the built-in ones stand in only when it has none at all, so that
    /// a wrong chain in the evidence is never healed in silence. Roots come from the anchors only.
    /// </summary>
    internal static EndorsementChain Build(AmdCertificate leaf, CertificateSet evidence, TrustAnchors anchors)
    {
        if (leaf.Role.Product is not { } product)
        {
            return Broken(leaf, null, $"\"{leaf.IssuerName}\" is no authority that issues a {leaf.Role.Name}", CheckKind.Authenticity);
        }

        var wanted = leaf.Role.Kind == CertificateKind.Vlek ? CertificateKind.Asvk : CertificateKind.Ask;
        var available = !evidence.HasIntermediate && anchors.AreAmd ? AmdAuthorities.Intermediates : evidence.Certificates;
        var named = available.Where(candidate => candidate.Role == new CertificateRole(wanted, product) && candidate.Issued(leaf)).ToList();
        if (named.Count == 0)
        {
            var url = wanted == CertificateKind.Asvk ? KeyDistribution.VlekChain(product) : KeyDistribution.VcekChain(product);
            return Broken(leaf, null,
                $"the evidence has no {leaf.IssuerName} certificate that could have signed the {leaf.Role.Name}; get {url}",
                evidence.HasIntermediate ? CheckKind.Authenticity : CheckKind.Evidence);
        }

        if (named.Find(leaf.IsSignedBy) is not { } intermediate)
        {
            return Broken(leaf, null, $"the signature of the {leaf.Role.Name} does not verify with the key of {leaf.IssuerName}",
                CheckKind.Authenticity);
        }

        return anchors.FindSignerOf(intermediate) is { } root
            ? new(leaf, intermediate, root, FindFault(leaf, intermediate, root, product, anchors), CheckKind.Authenticity)
            : Broken(leaf, intermediate, anchors.HaveNameOfIssuer(intermediate)
                ? $"the signature of {intermediate.SubjectName} does not verify with the key of the trusted {intermediate.IssuerName}"
                : $"{intermediate.SubjectName} is issued by \"{intermediate.IssuerName}\", which is none of the trusted roots",
                    CheckKind.Authenticity);
    }

    private static EndorsementChain Broken(AmdCertificate leaf, AmdCertificate? intermediate, string fault, CheckKind kind) =>
        new(leaf, intermediate, null, fault, kind);

    /// <summary>Looks for what a right signature does not show: kinds of keys, powers, critical extensions.</summary>
    private static string? FindFault(AmdCertificate leaf, AmdCertificate intermediate, AmdCertificate root, SnpProduct product,
        TrustAnchors anchors)
    {
        foreach (var authority in new[] { intermediate, root })
        {
            if (authority.KeyKind != CertificateKeyKind.Rsa || authority.ModulusBits < LeastKeySize(anchors))
            {
                return $"{authority.SubjectName} has no RSA key of at least {LeastKeySize(anchors)} bits";
            }

            if (!authority.IsAuthority || authority.KeyUsage is { } usage && !usage.HasFlag(X509KeyUsage.CertificateSigning))
            {
                return $"{authority.SubjectName} may not sign certificates (basicConstraints, keyUsage)";
            }
        }

        return root.PathLength is 0 ? $"{root.SubjectName} may not have an authority below it (pathLen 0)"
            : root.Role != new CertificateRole(CertificateKind.Ark, product) && anchors.AreAmd
                ? $"\"{root.SubjectName}\" is not the root of {product.Name()}"
            : root.IsSelfIssued && !root.IsSignedBy(root) ? $"the signature of {root.SubjectName} on itself does not verify"
            : leaf.KeyKind != CertificateKeyKind.EcdsaP384 ? $"the {leaf.Role.Name} has no ECDSA key on P-384"
            : leaf.IsAuthority ? $"the {leaf.Role.Name} says that it is a certificate authority"
            : Array.Find([leaf, intermediate], certificate => !certificate.IsOfOrganizationOf(root)) is { } alien
                ? $"subject and issuer of {alien.SubjectName} do not name the organization of {root.SubjectName} (OU, C, L, ST, O)"
            : Array.Find([leaf, intermediate, root], certificate => certificate.Version != 3) is { } old
                ? $"{old.SubjectName} is X.509 version {old.Version}, not 3"
            : Array.Find([leaf, intermediate, root], certificate => certificate.UnknownCriticalExtension is not null) is { } strange
                ? $"{strange.SubjectName} has the critical extension {strange.UnknownCriticalExtension}, which is not known here"
            : null;
    }

    /// <summary>AMD's authorities have 4096 bits; who names other roots may have made them smaller, within reason.</summary>
    private static int LeastKeySize(TrustAnchors anchors) => anchors.AreAmd ? 4096 : 2048;
}
