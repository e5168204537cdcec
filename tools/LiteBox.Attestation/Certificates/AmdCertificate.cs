using System.Collections.Concurrent;
using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;

namespace LiteBox.Attestation;

/// <summary>
/// An X.509 certificate of AMD's SNP hierarchy, read strictly from DER (RFC 5280). The reading is our own, because AMD's leaf
/// certificates have serial number 0 and no standard extensions, which general chain engines judge in different ways.
/// </summary>
public sealed class AmdCertificate
{
    private readonly byte[] bytes;
    private readonly byte[] signed;
    private readonly byte[] signature;
    private readonly byte[] issuer;
    private readonly byte[] subject;
    private readonly byte[] publicKey;
    private readonly List<CertificateExtension> extensions;
    private readonly ConcurrentDictionary<string, bool> signers = new();

    private AmdCertificate(ReadOnlyMemory<byte> der)
    {
        bytes = der.ToArray();
        var outer = new AsnReader(bytes, AsnEncodingRules.DER);
        var certificate = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        signed = certificate.PeekEncodedValue().ToArray();
        var content = certificate.ReadSequence();
        var algorithm = certificate.ReadEncodedValue();
        signature = DerReading.ReadWholeBytes(certificate);
        certificate.ThrowIfNotEmpty();

        Version = ReadVersion(content);
        SerialNumber = content.ReadInteger();
        var signedAlgorithm = content.ReadEncodedValue();
        if (!signedAlgorithm.Span.SequenceEqual(algorithm.Span))
        {
            throw new AsnContentException("the signature algorithm outside the signed part differs from the one inside");
        }

        UsesAmdScheme = PssSignature.IsAmdScheme(algorithm);
        issuer = content.ReadEncodedValue().ToArray();
        var validity = content.ReadSequence();
        NotBefore = DerReading.ReadTime(validity);
        NotAfter = DerReading.ReadTime(validity);
        validity.ThrowIfNotEmpty();
        subject = content.ReadEncodedValue().ToArray();
        publicKey = content.ReadEncodedValue().ToArray();
        extensions = content.HasData
            ? DerReading.ReadExtensions(content.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 3, isConstructed: true)))
            : [];
        content.ThrowIfNotEmpty();

        IssuerName = DerReading.ReadCommonName(issuer) ?? "";
        SubjectName = DerReading.ReadCommonName(subject) ?? "";
        (KeyKind, ModulusBits) = SubjectPublicKey.Read(publicKey);
        (IsAuthority, PathLength) = ReadBasicConstraints();
        KeyUsage = ReadKeyUsage();
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(bytes));
        KeyFingerprint = Convert.ToHexStringLower(SHA256.HashData(publicKey));
    }

    /// <summary>Reads one certificate.</summary>
    /// <param name="der">Its DER form and nothing after it.</param>
    public static Parsed<AmdCertificate> Parse(ReadOnlyMemory<byte> der)
    {
        const string Subject = "certificate";
        try
        {
            return new AmdCertificate(der);
        }
        catch (AsnContentException error)
        {
            return new FormatError(Subject, null, $"not a certificate in DER: {error.Message}");
        }
    }

    /// <summary>The DER form as received.</summary>
    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>X.509 version, 3 for every certificate of AMD.</summary>
    public int Version { get; }

    /// <summary>The serial number; 0 for every VCEK and VLEK.</summary>
    public BigInteger SerialNumber { get; }

    /// <summary>Common name of who signed.</summary>
    public string IssuerName { get; }

    /// <summary>Common name of whom it is for.</summary>
    public string SubjectName { get; }

    /// <summary>First moment of validity.</summary>
    public DateTimeOffset NotBefore { get; }

    /// <summary>Last moment of validity.</summary>
    public DateTimeOffset NotAfter { get; }

    /// <summary>Whether a time lies within its validity; first and last moment do.</summary>
    public bool IsValidAt(DateTimeOffset time) => NotBefore <= time && time <= NotAfter;

    /// <summary>SHA-256 of the whole certificate, lower-case hexadecimal.</summary>
    public string Fingerprint { get; }

    /// <summary>SHA-256 of the SubjectPublicKeyInfo, lower-case hexadecimal.</summary>
    public string KeyFingerprint { get; }

    /// <summary>What kind of public key it holds.</summary>
    public CertificateKeyKind KeyKind { get; }

    /// <summary>Bits of the RSA modulus; 0 for other keys.</summary>
    internal int ModulusBits { get; }

    /// <summary>Whether it says that it is signed with RSASSA-PSS, SHA-384, MGF1 with SHA-384 and 48 bytes of salt.</summary>
    public bool UsesAmdScheme { get; }

    /// <summary>Whether basicConstraints makes it a certificate authority.</summary>
    public bool IsAuthority { get; }

    /// <summary>How many further authorities may follow; null when not limited.</summary>
    public int? PathLength { get; }

    /// <summary>What its place in the hierarchy is, by its names alone.</summary>
    public CertificateRole Role => CertificateRole.Of(SubjectName, IssuerName);

    /// <summary>Whether subject and issuer are one.</summary>
    public bool IsSelfIssued => subject.AsSpan().SequenceEqual(issuer);

    /// <summary>keyUsage bits (RFC 5280, 4.2.1.3); null when the extension is absent.</summary>
    internal X509KeyUsage? KeyUsage { get; }

    /// <summary>The encoded subject name, to compare with an issuer name.</summary>
    internal ReadOnlySpan<byte> SubjectBytes => subject;

    /// <summary>Whether subject and issuer say the same as the other's subject in everything but the common name.</summary>
    internal bool IsOfOrganizationOf(AmdCertificate other)
    {
        var organization = DerReading.WithoutCommonName(other.subject);
        return DerReading.WithoutCommonName(subject).AsSpan().SequenceEqual(organization)
            && DerReading.WithoutCommonName(issuer).AsSpan().SequenceEqual(organization);
    }

    /// <summary>The SubjectPublicKeyInfo.</summary>
    internal ReadOnlySpan<byte> PublicKeyBytes => publicKey;

    /// <summary>The first critical extension that this reader gives no meaning to; null when there is none.</summary>
    internal string? UnknownCriticalExtension =>
        extensions.Find(extension => extension.Critical
            && extension.Identifier is not (ObjectIdentifiers.BasicConstraints or ObjectIdentifiers.KeyUsage)
            && !extension.Identifier.StartsWith(ObjectIdentifiers.AmdArc, StringComparison.Ordinal))?.Identifier;

    /// <summary>Whether the other certificate's name and key fit as issuer of this one and the signature verifies.</summary>
    public bool IsSignedBy(AmdCertificate other)
    {
        if (!UsesAmdScheme || other.KeyKind != CertificateKeyKind.Rsa || !issuer.AsSpan().SequenceEqual(other.subject))
        {
            return false;
        }

        // The answer for a pair of certificates never changes, and many reports share one chain.
        return signers.GetOrAdd(other.Fingerprint, _ => Verify(other));
    }

    /// <summary>Whether a certificate's encoded issuer name is this one's subject name.</summary>
    internal bool Issued(AmdCertificate other) => other.issuer.AsSpan().SequenceEqual(subject);

    /// <summary>The extension with an identifier; null when there is none.</summary>
    internal byte[]? Extension(string identifier) => extensions.Find(extension => extension.Identifier == identifier)?.Value;

    /// <summary>The P-384 key of a VCEK or VLEK. The caller disposes it.</summary>
    /// <exception cref="CryptographicException"><see cref="KeyKind"/> is another.</exception>
    public ECDsa OpenEcdsaKey()
    {
        var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(publicKey, out _);
        return key;
    }

    /// <summary>The RSA key of an ARK, ASK or ASVK. The caller disposes it.</summary>
    /// <exception cref="CryptographicException"><see cref="KeyKind"/> is another.</exception>
    public RSA OpenRsaKey()
    {
        var key = RSA.Create();
        key.ImportSubjectPublicKeyInfo(publicKey, out _);
        return key;
    }

    private bool Verify(AmdCertificate other)
    {
        using var key = other.OpenRsaKey();
        return PssSignature.Verifies(signed, signature, key);
    }

    private static int ReadVersion(AsnReader content)
    {
        var tag = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
        if (!content.PeekTag().HasSameClassAndValue(tag))
        {
            return 1;
        }

        var wrapper = content.ReadSequence(tag);
        var version = wrapper.ReadInteger();
        wrapper.ThrowIfNotEmpty();
        return version.IsZero || version == 1 || version == 2 ? (int)version + 1
            : throw new AsnContentException($"X.509 version {version + 1} does not exist");
    }

    private (bool IsAuthority, int? PathLength) ReadBasicConstraints()
    {
        if (Extension(ObjectIdentifiers.BasicConstraints) is not { } value)
        {
            return (false, null);
        }

        var outer = new AsnReader(value, AsnEncodingRules.DER);
        var constraints = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        var isAuthority = constraints.HasData && constraints.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && constraints.ReadBoolean();
        int? length = null;
        if (constraints.HasData)
        {
            length = constraints.TryReadInt32(out var number) && number >= 0 ? number
                : throw new AsnContentException("pathLen is no count");
        }

        constraints.ThrowIfNotEmpty();
        return (isAuthority, length);
    }

    private X509KeyUsage? ReadKeyUsage()
    {
        if (Extension(ObjectIdentifiers.KeyUsage) is not { } value)
        {
            return null;
        }

        // AMD's ASKs write the bit list with trailing zero bits, which DER forbids in a named bit list.
        var reader = new AsnReader(value, AsnEncodingRules.BER);
        var usage = reader.ReadNamedBitListValue<X509KeyUsage>();
        reader.ThrowIfNotEmpty();
        return usage;
    }
}

/// <summary>The kinds of public keys in the hierarchy.</summary>
public enum CertificateKeyKind
{
    /// <summary>RSA, as ARK, ASK and ASVK have.</summary>
    Rsa,

    /// <summary>ECDSA on P-384 by name, as VCEK and VLEK have.</summary>
    EcdsaP384,

    /// <summary>Any other key; AMD uses none.</summary>
    Other,
}

/// <summary>keyUsage as a named bit list (RFC 5280, 4.2.1.3).</summary>
[Flags]
internal enum X509KeyUsage
{
    DigitalSignature = 1 << 0,
    NonRepudiation = 1 << 1,
    KeyEncipherment = 1 << 2,
    DataEncipherment = 1 << 3,
    KeyAgreement = 1 << 4,
    CertificateSigning = 1 << 5,
    RevocationListSigning = 1 << 6,
    EncipherOnly = 1 << 7,
    DecipherOnly = 1 << 8,
}
