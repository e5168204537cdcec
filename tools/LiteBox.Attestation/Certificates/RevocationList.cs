using System.Formats.Asn1;
using System.Numerics;

namespace LiteBox.Attestation;

/// <summary>
/// A certificate revocation list of an AMD root (RFC 5280, 5). All VCEKs and VLEKs have serial number 0, so a list can only revoke
/// an ASK or ASVK; excluding one chip takes a list of denied chips in the policy.
/// </summary>
public sealed class RevocationList
{
    private readonly byte[] bytes;
    private readonly byte[] signed;
    private readonly byte[] signature;
    private readonly byte[] issuer;

    private RevocationList(ReadOnlyMemory<byte> der)
    {
        bytes = der.ToArray();
        var outer = new AsnReader(bytes, AsnEncodingRules.DER);
        var list = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        signed = list.PeekEncodedValue().ToArray();
        var content = list.ReadSequence();
        var algorithm = list.ReadEncodedValue();
        signature = DerReading.ReadWholeBytes(list);
        list.ThrowIfNotEmpty();

        if (!content.TryReadInt32(out var version) || version != 1)
        {
            throw new AsnContentException("it is not a version 2 list");
        }

        if (!content.ReadEncodedValue().Span.SequenceEqual(algorithm.Span))
        {
            throw new AsnContentException("the signature algorithm outside the signed part differs from the one inside");
        }

        UsesAmdScheme = PssSignature.IsAmdScheme(algorithm);
        issuer = content.ReadEncodedValue().ToArray();
        IssuerName = DerReading.ReadCommonName(issuer) ?? "";
        ThisUpdate = DerReading.ReadTime(content);
        if (content.HasData && IsTime(content.PeekTag()))
        {
            NextUpdate = DerReading.ReadTime(content);
        }

        if (content.HasData && content.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
        {
            Revoked = ReadRevoked(content.ReadSequence());
        }

        if (content.HasData)
        {
            ReadExtensions(content.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true)));
        }

        content.ThrowIfNotEmpty();
    }

    /// <summary>Reads one list.</summary>
    /// <param name="der">Its DER form and nothing after it.</param>
    public static Parsed<RevocationList> Parse(ReadOnlyMemory<byte> der)
    {
        try
        {
            return new RevocationList(der);
        }
        catch (AsnContentException error)
        {
            return new FormatError("revocation list", null, $"not a revocation list in DER: {error.Message}");
        }
    }

    /// <summary>The DER form as received.</summary>
    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>Common name of who issued the list.</summary>
    public string IssuerName { get; }

    /// <summary>When it was issued.</summary>
    public DateTimeOffset ThisUpdate { get; }

    /// <summary>When the next one is due; null when it does not say.</summary>
    public DateTimeOffset? NextUpdate { get; }

    /// <summary>CRL number; null when it has none.</summary>
    public BigInteger? Number { get; private set; }

    /// <summary>The revoked serial numbers.</summary>
    public IReadOnlyList<BigInteger> Revoked { get; } = [];

    /// <summary>Whether it says that it is signed as AMD signs.</summary>
    public bool UsesAmdScheme { get; }

    /// <summary>A critical extension that changes the meaning of the list and is not understood here; null when there is none.</summary>
    public string? UnknownCriticalExtension { get; private set; }

    /// <summary>
    /// Whether the list is in force at a time: issued before and the next one not yet due. One without a next update never is.
    /// </summary>
    public bool IsCurrent(DateTimeOffset time) => ThisUpdate <= time && NextUpdate is { } next && time <= next;

    /// <summary>Whether the certificate's name and key fit as issuer of the list and the signature verifies.</summary>
    public bool IsSignedBy(AmdCertificate certificate)
    {
        if (!UsesAmdScheme || certificate.KeyKind != CertificateKeyKind.Rsa || !certificate.SubjectBytes.SequenceEqual(issuer))
        {
            return false;
        }

        using var key = certificate.OpenRsaKey();
        return PssSignature.Verifies(signed, signature, key);
    }

    private static bool IsTime(Asn1Tag tag) => tag.HasSameClassAndValue(Asn1Tag.UtcTime)
        || tag.HasSameClassAndValue(Asn1Tag.GeneralizedTime);

    private List<BigInteger> ReadRevoked(AsnReader entries)
    {
        var serials = new List<BigInteger>();
        while (entries.HasData)
        {
            var entry = entries.ReadSequence();
            serials.Add(entry.ReadInteger());
            DerReading.ReadTime(entry);
            if (entry.HasData)
            {
                // An entry's certificate-issuer extension would move it to another authority; AMD's lists have none.
                UnknownCriticalExtension ??= DerReading.ReadExtensions(entry).Find(extension => extension.Critical)?.Identifier;
            }
        }

        return serials;
    }

    private void ReadExtensions(AsnReader wrapper)
    {
        foreach (var extension in DerReading.ReadExtensions(wrapper))
        {
            if (extension.Identifier == ObjectIdentifiers.CrlNumber)
            {
                var reader = new AsnReader(extension.Value, AsnEncodingRules.DER);
                Number = reader.ReadInteger();
                reader.ThrowIfNotEmpty();
            }
            else if (extension.Critical)
            {
                UnknownCriticalExtension ??= extension.Identifier;
            }
        }
    }
}
