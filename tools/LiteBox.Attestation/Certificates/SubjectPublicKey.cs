using System.Formats.Asn1;
using System.Globalization;
using System.Numerics;

namespace LiteBox.Attestation;

/// <summary>
/// A SubjectPublicKeyInfo, judged without opening the key: a certificate with a key that no one can use is none. Opening costs a
/// thousand times more, because OpenSSL multiplies the point by the order of its group, which on P-384, of cofactor 1, says nothing new.
/// </summary>
internal static class SubjectPublicKey
{
    private const int LeastModulusBits = 2048;
    private const int MostModulusBits = 8192;
    private const int CoordinateSize = 48;

    /// <summary>The field and the last coefficient of P-384: y^2 = x^3 - 3x + b (FIPS 186-4, D.1.2.4).</summary>
    private static readonly BigInteger Prime = (BigInteger.One << 384) - (BigInteger.One << 128) - (BigInteger.One << 96)
        + (BigInteger.One << 32) - BigInteger.One;

    private static readonly BigInteger Coefficient = BigInteger.Parse(
        "0b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef", NumberStyles.HexNumber,
        CultureInfo.InvariantCulture);

    /// <summary>Says what kind of key it is, and how many bits an RSA modulus has.</summary>
    /// <exception cref="AsnContentException">The bytes are not DER, or the key is none of its kind.</exception>
    internal static (CertificateKeyKind Kind, int ModulusBits) Read(ReadOnlyMemory<byte> info)
    {
        var outer = new AsnReader(info, AsnEncodingRules.DER);
        var content = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        var algorithm = content.ReadSequence();
        var identifier = algorithm.ReadObjectIdentifier();
        var key = DerReading.ReadWholeBytes(content);
        content.ThrowIfNotEmpty();
        if (identifier == ObjectIdentifiers.RsaEncryption)
        {
            algorithm.ReadNull();
            algorithm.ThrowIfNotEmpty();
            return (CertificateKeyKind.Rsa, ReadModulusBits(key));
        }

        var isP384 = identifier == ObjectIdentifiers.EcPublicKey
            && algorithm.HasData
            && algorithm.PeekTag().HasSameClassAndValue(Asn1Tag.ObjectIdentifier)
            && algorithm.ReadObjectIdentifier() == ObjectIdentifiers.P384
            && !algorithm.HasData;
        return !isP384 ? (CertificateKeyKind.Other, 0)
            : IsPoint(key) ? (CertificateKeyKind.EcdsaP384, 0)
            : throw new AsnContentException("its public key is no point of P-384");
    }

    /// <summary>Reads RSAPublicKey (RFC 8017, A.1.1): an odd modulus, and an odd exponent above one of at most 64 bits.</summary>
    private static int ReadModulusBits(byte[] key)
    {
        var outer = new AsnReader(key, AsnEncodingRules.DER);
        var numbers = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        var modulus = numbers.ReadInteger();
        var exponent = numbers.ReadInteger();
        numbers.ThrowIfNotEmpty();
        var bits = modulus.Sign > 0 ? (int)modulus.GetBitLength() : 0;
        return bits is >= LeastModulusBits and <= MostModulusBits && !modulus.IsEven
            && exponent > BigInteger.One && exponent <= ulong.MaxValue && !exponent.IsEven
            ? bits
            : throw new AsnContentException($"its RSA key of {bits} bits cannot be used");
    }

    /// <summary>An uncompressed point (SEC 1, 2.3.3) on the curve.</summary>
    private static bool IsPoint(ReadOnlySpan<byte> key)
    {
        const byte Uncompressed = 4;
        if (key.Length != 1 + (2 * CoordinateSize) || key[0] != Uncompressed)
        {
            return false;
        }

        var x = new BigInteger(key.Slice(1, CoordinateSize), isUnsigned: true, isBigEndian: true);
        var y = new BigInteger(key[(1 + CoordinateSize)..], isUnsigned: true, isBigEndian: true);
        return x < Prime && y < Prime && ((y * y) - (((x * x) - 3) * x) - Coefficient) % Prime == 0;
    }
}
