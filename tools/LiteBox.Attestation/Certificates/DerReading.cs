using System.Formats.Asn1;

namespace LiteBox.Attestation;

/// <summary>Small readings that certificates and revocation lists share.</summary>
internal static class DerReading
{
    /// <summary>Reads UTCTime or GeneralizedTime (RFC 5280, 4.1.2.5).</summary>
    internal static DateTimeOffset ReadTime(AsnReader reader) =>
        reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? reader.ReadUtcTime() : reader.ReadGeneralizedTime();

    /// <summary>Finds the one common name in an encoded Name; null when there is none or more than one.</summary>
    internal static string? ReadCommonName(ReadOnlyMemory<byte> name)
    {
        string? found = null;
        var reader = new AsnReader(name, AsnEncodingRules.DER);
        var sets = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        while (sets.HasData)
        {
            var set = sets.ReadSetOf();
            while (set.HasData)
            {
                var attribute = set.ReadSequence();
                var type = attribute.ReadObjectIdentifier();
                if (type == ObjectIdentifiers.CommonName)
                {
                    if (found is not null)
                    {
                        return null;
                    }

                    found = ReadText(attribute);
                }
                else
                {
                    attribute.ReadEncodedValue();
                }

                attribute.ThrowIfNotEmpty();
            }
        }

        return found;
    }

    /// <summary>An encoded Name without its common names, to compare what else it says (RFC 5280, 4.1.2.4).</summary>
    internal static byte[] WithoutCommonName(ReadOnlyMemory<byte> name)
    {
        var rest = new AsnWriter(AsnEncodingRules.DER);
        var sets = new AsnReader(name, AsnEncodingRules.DER).ReadSequence();
        using (rest.PushSequence())
        {
            while (sets.HasData)
            {
                var encoded = sets.ReadEncodedValue();
                var attributes = new AsnReader(encoded, AsnEncodingRules.DER).ReadSetOf();
                if (!attributes.HasData || attributes.ReadSequence().ReadObjectIdentifier() != ObjectIdentifiers.CommonName)
                {
                    rest.WriteEncodedValue(encoded.Span);
                }
            }
        }

        return rest.Encode();
    }

    /// <summary>Reads a bit string that must be whole bytes.</summary>
    internal static byte[] ReadWholeBytes(AsnReader reader)
    {
        var bytes = reader.ReadBitString(out var unused);
        return unused == 0 ? bytes : throw new AsnContentException($"a bit string has {unused} unused bits");
    }

    /// <summary>Reads the extensions of a certificate or a revocation list (RFC 5280, 4.2); one identifier twice is an error.</summary>
    internal static List<CertificateExtension> ReadExtensions(AsnReader wrapper)
    {
        var list = wrapper.ReadSequence();
        wrapper.ThrowIfNotEmpty();
        var extensions = new List<CertificateExtension>();
        while (list.HasData)
        {
            var extension = list.ReadSequence();
            var identifier = extension.ReadObjectIdentifier();
            var critical = false;
            if (extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean))
            {
                critical = extension.ReadBoolean();
            }

            var value = extension.ReadOctetString();
            extension.ThrowIfNotEmpty();
            if (extensions.Exists(other => other.Identifier == identifier))
            {
                throw new AsnContentException($"extension {identifier} stands there twice");
            }

            extensions.Add(new(identifier, critical, value));
        }

        return extensions;
    }

    /// <summary>Reads a string of one of the types that names are written in (RFC 5280, 4.1.2.4, DirectoryString and IA5String).</summary>
    internal static string ReadText(AsnReader reader)
    {
        var tag = reader.PeekTag();
        var type = (UniversalTagNumber)tag.TagValue;
        var isText = tag.TagClass == TagClass.Universal
            && type is UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String or UniversalTagNumber.T61String or UniversalTagNumber.BMPString;
        return isText ? reader.ReadCharacterString(type) : throw new AsnContentException("a text is expected and there is none");
    }
}

/// <summary>One extension of a certificate or a revocation list.</summary>
/// <param name="Identifier">Its object identifier in dotted form.</param>
/// <param name="Critical">Whether who does not know it must refuse.</param>
/// <param name="Value">The content of its OCTET STRING.</param>
internal sealed record CertificateExtension(string Identifier, bool Critical, byte[] Value);
