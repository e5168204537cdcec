namespace LiteBox.Attestation;

/// <summary>The places in AMD's hierarchy (57230).</summary>
public enum CertificateKind
{
    /// <summary>Not a place in the hierarchy.</summary>
    Unknown,

    /// <summary>AMD root key, "ARK-Milan", signs itself, the ASK and the ASVK.</summary>
    Ark,

    /// <summary>AMD SEV signing key, "SEV-Milan", signs VCEKs.</summary>
    Ask,

    /// <summary>The signing key of VLEKs, "SEV-VLEK-Milan".</summary>
    Asvk,

    /// <summary>Versioned chip endorsement key, "SEV-VCEK".</summary>
    Vcek,

    /// <summary>Versioned loaded endorsement key, "SEV-VLEK".</summary>
    Vlek,
}

/// <summary>A place in the hierarchy and the product it belongs to, as the names in a certificate say.</summary>
/// <param name="Kind">The place.</param>
/// <param name="Product">The product in the name: of the subject for authorities, of the issuer for leaf certificates; null when it is
/// unknown.</param>
public readonly record struct CertificateRole(CertificateKind Kind, SnpProduct? Product)
{
    /// <summary>Reads the common names. The leaf's is "SEV-VCEK", with the prefix.</summary>
    public static CertificateRole Of(string subject, string issuer) => subject switch
    {
        "SEV-VCEK" => new(CertificateKind.Vcek, ProductAfter("SEV-", issuer)),
        "SEV-VLEK" => new(CertificateKind.Vlek, ProductAfter("SEV-VLEK-", issuer)),
        _ when ProductAfter("ARK-", subject) is { } product => new(CertificateKind.Ark, product),
        _ when ProductAfter("SEV-VLEK-", subject) is { } product => new(CertificateKind.Asvk, product),
        _ when ProductAfter("SEV-", subject) is { } product => new(CertificateKind.Ask, product),
        _ => new(CertificateKind.Unknown, null),
    };

    /// <summary>Whether a report can be signed with this kind of key.</summary>
    public bool IsLeaf => Kind is CertificateKind.Vcek or CertificateKind.Vlek;

    /// <summary>Whether it stands between root and leaf.</summary>
    public bool IsIntermediate => Kind is CertificateKind.Ask or CertificateKind.Asvk;

    /// <summary>The abbreviation that AMD uses.</summary>
    public string Name => Kind == CertificateKind.Unknown ? "certificate of no known role" : Kind.ToString().ToUpperInvariant();

    private static SnpProduct? ProductAfter(string prefix, string name)
    {
        if (!name.StartsWith(prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var product = SnpProducts.Find(name.AsSpan(prefix.Length));
        return product is { } found && name.EndsWith(found.Name(), StringComparison.Ordinal) ? found : null;
    }
}
