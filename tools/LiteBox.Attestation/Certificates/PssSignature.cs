using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;

namespace LiteBox.Attestation;

/// <summary>
/// The one signature scheme of AMD's certificates and revocation lists: RSASSA-PSS with SHA-384, MGF1 with SHA-384 and a salt of
/// 48 bytes. Two encodings of its parameters are in use, with and without the trailer field; both mean the same.
/// </summary>
internal static class PssSignature
{
    /// <summary>Whether an AlgorithmIdentifier means exactly that scheme (RFC 4055, 3.1).</summary>
    /// <exception cref="AsnContentException">The bytes are not DER.</exception>
    internal static bool IsAmdScheme(ReadOnlyMemory<byte> algorithmIdentifier)
    {
        var outer = new AsnReader(algorithmIdentifier, AsnEncodingRules.DER);
        var algorithm = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        if (algorithm.ReadObjectIdentifier() != ObjectIdentifiers.RsaPss || !algorithm.HasData)
        {
            return false;
        }

        var parameters = algorithm.ReadSequence();
        algorithm.ThrowIfNotEmpty();
        return HasHash(parameters) && HasMask(parameters) && HasSalt(parameters) && HasTrailer(parameters) && !parameters.HasData;
    }

    /// <summary>Checks a signature with an RSA key.</summary>
    internal static bool Verifies(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, RSA key) =>
        key.VerifyData(data, signature, HashAlgorithmName.SHA384, RSASignaturePadding.Pss);

    /// <summary>Writes the AlgorithmIdentifier in the newer of the two encodings.</summary>
    internal static void WriteAlgorithm(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(ObjectIdentifiers.RsaPss);
            using (writer.PushSequence())
            {
                using (writer.PushSequence(Context(0)))
                {
                    WriteHash(writer);
                }

                using (writer.PushSequence(Context(1)))
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(ObjectIdentifiers.Mgf1);
                    WriteHash(writer);
                }

                using (writer.PushSequence(Context(2)))
                {
                    writer.WriteInteger(SHA384.HashSizeInBytes);
                }
            }
        }
    }

    private static Asn1Tag Context(int number) => new(TagClass.ContextSpecific, number, isConstructed: true);

    private static void WriteHash(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(ObjectIdentifiers.Sha384);
            writer.WriteNull();
        }
    }

    private static bool Next(AsnReader parameters, int number) => parameters.HasData
        && parameters.PeekTag().HasSameClassAndValue(Context(number));

    private static bool HasHash(AsnReader parameters) => Next(parameters, 0) && IsSha384(parameters.ReadSequence(Context(0)));

    private static bool HasMask(AsnReader parameters)
    {
        if (!Next(parameters, 1))
        {
            return false;
        }

        var wrapper = parameters.ReadSequence(Context(1));
        var mask = wrapper.ReadSequence();
        wrapper.ThrowIfNotEmpty();
        return mask.ReadObjectIdentifier() == ObjectIdentifiers.Mgf1 && mask.HasData && IsSha384(mask);
    }

    private static bool HasSalt(AsnReader parameters) => Next(parameters, 2) && ReadInteger(parameters, 2) == SHA384.HashSizeInBytes;

    private static bool HasTrailer(AsnReader parameters) => !Next(parameters, 3) || ReadInteger(parameters, 3) == BigInteger.One;

    private static BigInteger ReadInteger(AsnReader parameters, int number)
    {
        var wrapper = parameters.ReadSequence(Context(number));
        var value = wrapper.ReadInteger();
        wrapper.ThrowIfNotEmpty();
        return value;
    }

    /// <summary>Reads a hash AlgorithmIdentifier whose parameters are NULL or absent (RFC 4055, 2.1).</summary>
    private static bool IsSha384(AsnReader parent)
    {
        var hash = parent.ReadSequence();
        parent.ThrowIfNotEmpty();
        var isSha384 = hash.ReadObjectIdentifier() == ObjectIdentifiers.Sha384;
        if (hash.HasData)
        {
            hash.ReadNull();
        }

        hash.ThrowIfNotEmpty();
        return isSha384;
    }
}
