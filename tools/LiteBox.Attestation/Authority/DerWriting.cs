using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;

namespace LiteBox.Attestation;

/// <summary>Small writings that certificates and revocation lists share.</summary>
internal static class DerWriting
{
    /// <summary>The organization in every name of AMD's hierarchy.</summary>
    internal const string AmdOrganization = "Advanced Micro Devices";

    /// <summary>AMD's name attributes in AMD's order, before the common name.</summary>
    private static (string Identifier, UniversalTagNumber Type, string Value)[] NameOf(string organization) =>
    [
        ("2.5.4.11", UniversalTagNumber.UTF8String, "Engineering"),
        ("2.5.4.6", UniversalTagNumber.PrintableString, "US"),
        ("2.5.4.7", UniversalTagNumber.UTF8String, "Santa Clara"),
        ("2.5.4.8", UniversalTagNumber.UTF8String, "CA"),
        ("2.5.4.10", UniversalTagNumber.UTF8String, organization),
    ];

    internal static void WriteName(AsnWriter writer, string commonName, string organization = AmdOrganization)
    {
        using (writer.PushSequence())
        {
            foreach (var (identifier, type, value) in NameOf(organization).Append((ObjectIdentifiers.CommonName, UniversalTagNumber.UTF8String,
                commonName)))
            {
                using (writer.PushSetOf())
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(identifier);
                    writer.WriteCharacterString(type, value);
                }
            }
        }
    }

    /// <summary>UTCTime until 2049, GeneralizedTime after it (RFC 5280, 4.1.2.5).</summary>
    internal static void WriteTime(AsnWriter writer, DateTimeOffset time)
    {
        if (time.UtcDateTime.Year < 2050)
        {
            writer.WriteUtcTime(time.ToUniversalTime());
        }
        else
        {
            writer.WriteGeneralizedTime(time.ToUniversalTime(), omitFractionalSeconds: true);
        }
    }

    internal static void WriteExtensions(AsnWriter writer, int tag,
        IReadOnlyList<(string Identifier, bool Critical, byte[] Value)> extensions)
    {
        if (extensions.Count == 0)
        {
            return;
        }

        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, tag, isConstructed: true)))
        using (writer.PushSequence())
        {
            foreach (var (identifier, critical, value) in extensions)
            {
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(identifier);
                    if (critical)
                    {
                        writer.WriteBoolean(true);
                    }

                    writer.WriteOctetString(value);
                }
            }
        }
    }

    /// <summary>Puts the algorithm and a signature after the signed part.</summary>
    internal static byte[] Sign(byte[] signed, RSA key)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(signed);
            PssSignature.WriteAlgorithm(writer);
            writer.WriteBitString(key.SignData(signed, HashAlgorithmName.SHA384, RSASignaturePadding.Pss));
        }

        return writer.Encode();
    }

    internal static byte[] Integer(BigInteger value)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteInteger(value);
        return writer.Encode();
    }

    internal static byte[] Text(string value)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteCharacterString(UniversalTagNumber.IA5String, value);
        return writer.Encode();
    }
}
