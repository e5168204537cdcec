namespace LiteBox.Attestation;

/// <summary>The roots a verification trusts: AMD's, or others that the caller names one by one.</summary>
public sealed class TrustAnchors
{
    private readonly IReadOnlyList<AmdCertificate> roots;

    private TrustAnchors(IReadOnlyList<AmdCertificate> roots, bool areAmd)
    {
        this.roots = roots;
        AreAmd = areAmd;
    }

    /// <summary>AMD's pinned roots.</summary>
    public static TrustAnchors Amd { get; } = new(AmdAuthorities.Roots, areAmd: true);

    /// <summary>Whether these are AMD's roots.</summary>
    public bool AreAmd { get; }

    /// <summary>Trusts the given certificates and no other, AMD's included only when they are among them.</summary>
    public static TrustAnchors Only(IEnumerable<AmdCertificate> roots) => new([.. roots], areAmd: false);

    /// <summary>Whether a certificate is, byte for byte, one of the roots.</summary>
    internal bool Contain(AmdCertificate certificate) =>
        roots.Any(root => root.Fingerprint == certificate.Fingerprint) && (!AreAmd || AmdAuthorities.IsPinnedRoot(certificate));

    /// <summary>The root that signed a certificate; null when none did.</summary>
    internal AmdCertificate? FindSignerOf(AmdCertificate certificate) => roots.FirstOrDefault(certificate.IsSignedBy);

    /// <summary>Whether some root has the name of a certificate's issuer.</summary>
    internal bool HaveNameOfIssuer(AmdCertificate certificate) => roots.Any(root => root.Issued(certificate));
}
