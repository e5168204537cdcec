using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;

namespace LiteBox.Attestation;

/// <summary>What goes into a certificate that an authority of our own signs, in the form AMD gives its certificates.</summary>
public sealed record CertificateTemplate
{
    /// <summary>Common name of whom it is for.</summary>
    public required string SubjectName { get; init; }

    /// <summary>Common name of who signs.</summary>
    public required string IssuerName { get; init; }

    /// <summary>The organization (O) in the subject; the issuer's is AMD's.</summary>
    public string Organization { get; init; } = DerWriting.AmdOrganization;

    /// <summary>Serial number; AMD gives every VCEK and VLEK 0.</summary>
    public BigInteger SerialNumber { get; init; } = BigInteger.Zero;

    /// <summary>First moment of validity.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>Last moment of validity.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>SubjectPublicKeyInfo of the certified key.</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>Identifier, criticality and value of each extension, in order.</summary>
    public IReadOnlyList<(string Identifier, bool Critical, byte[] Value)> Extensions { get; init; } = [];

    /// <summary>Signs with RSASSA-PSS, SHA-384, and answers with the certificate in DER.</summary>
    public byte[] Sign(RSA issuerKey)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true)))
            {
                writer.WriteInteger(2);
            }

            writer.WriteInteger(SerialNumber);
            PssSignature.WriteAlgorithm(writer);
            DerWriting.WriteName(writer, IssuerName);
            using (writer.PushSequence())
            {
                DerWriting.WriteTime(writer, NotBefore);
                DerWriting.WriteTime(writer, NotAfter);
            }

            DerWriting.WriteName(writer, SubjectName, Organization);
            writer.WriteEncodedValue(PublicKey);
            DerWriting.WriteExtensions(writer, 3, Extensions);
        }

        return DerWriting.Sign(writer.Encode(), issuerKey);
    }
}
