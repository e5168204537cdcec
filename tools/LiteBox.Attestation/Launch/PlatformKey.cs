using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LiteBox.Attestation;

/// <summary>
/// An ID key or author key: a P-384 key pair, and its public half as the firmware's 1028-byte structure
/// (56860, ECDSA P-384 public key). The digests in a report are over this structure, not over a DER key.
/// </summary>
public sealed class PlatformKey : IDisposable
{
    /// <summary>Size of the public-key structure in bytes.</summary>
    public const int StructureSize = 1028;

    private const uint CurveP384 = 2;
    private const int NumberSize = 48;
    private const int FieldSize = 72;
    private readonly ECDsa key;

    private PlatformKey(ECDsa key, bool hasPrivateHalf)
    {
        this.key = key;
        HasPrivateHalf = hasPrivateHalf;
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        Structure = new byte[StructureSize];
        BinaryPrimitives.WriteUInt32LittleEndian(Structure, CurveP384);
        CopyReversed(point.X!, Structure.AsSpan(4));
        CopyReversed(point.Y!, Structure.AsSpan(4 + FieldSize));
    }

    /// <summary>Whether it can sign.</summary>
    public bool HasPrivateHalf { get; }

    /// <summary>Curve, X and Y, each little-endian in 72 bytes, then zeros.</summary>
    public byte[] Structure { get; }

    /// <summary>SHA-384 of <see cref="Structure"/>: ID_KEY_DIGEST or AUTHOR_KEY_DIGEST of a report.</summary>
    public byte[] Digest => SHA384.HashData(Structure);

    /// <summary>Reads a private or public key in PEM: PKCS#8, SEC1 or SubjectPublicKeyInfo.</summary>
    public static Parsed<PlatformKey> ParsePem(string pem)
    {
        const string Subject = "key";
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            var isP384 = key.KeySize == 384 && key.ExportParameters(false).Curve.Oid.Value == ObjectIdentifiers.P384;
            if (isP384)
            {
                return new PlatformKey(key, pem.Contains("PRIVATE KEY-----", StringComparison.Ordinal));
            }
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException or PlatformNotSupportedException)
        {
            key.Dispose();
            return new FormatError(Subject, null, $"not an ECDSA key in PEM: {error.Message}",
                "make one with: openssl ecparam -name secp384r1 -genkey -noout");
        }

        key.Dispose();
        return new FormatError(Subject, null, "the key is not on the curve P-384",
            "make one with: openssl ecparam -name secp384r1 -genkey -noout");
    }

    /// <summary>Reads the 1028-byte structure.</summary>
    public static Parsed<PlatformKey> ParseStructure(ReadOnlySpan<byte> structure)
    {
        const string Subject = "public-key structure";
        if (structure.Length != StructureSize)
        {
            return new FormatError(Subject, null, $"it has {structure.Length} bytes, not {StructureSize}");
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(structure) != CurveP384)
        {
            return new FormatError(Subject, 0, "the curve is not 2 (P-384)");
        }

        var x = structure.Slice(4, FieldSize);
        var y = structure.Slice(4 + FieldSize, FieldSize);
        if (x[NumberSize..].ContainsAnyExcept((byte)0) || y[NumberSize..].ContainsAnyExcept((byte)0)
            || structure[(4 + (2 * FieldSize))..].ContainsAnyExcept((byte)0))
        {
            return new FormatError(Subject, 4, "bytes that must be zero are not");
        }

        var point = new ECPoint { X = Reversed(x), Y = Reversed(y) };
        try
        {
            return new PlatformKey(ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP384, Q = point }),
                hasPrivateHalf: false);
        }
        catch (CryptographicException)
        {
            return new FormatError(Subject, 4, "the point is not on P-384");
        }
    }

    /// <summary>Makes a new key pair.</summary>
    public static PlatformKey Generate() => new(ECDsa.Create(ECCurve.NamedCurves.nistP384), hasPrivateHalf: true);

    /// <summary>The private half in PKCS#8 PEM.</summary>
    /// <exception cref="CryptographicException">There is none.</exception>
    public string ExportPem() => key.ExportPkcs8PrivateKeyPem();

    /// <summary>Signs data with SHA-384.</summary>
    /// <param name="data">What is signed.</param>
    /// <param name="destination">Receives the 144 bytes of R and S.</param>
    /// <exception cref="CryptographicException">There is no private half.</exception>
    public void Sign(ReadOnlySpan<byte> data, Span<byte> destination) => ReportSignature.Sign(data, key, destination);

    /// <summary>Checks a signature over data.</summary>
    public bool Verifies(ReadOnlySpan<byte> data, ReportSignature signature) => signature.Verifies(data, key);

    /// <inheritdoc/>
    public void Dispose() => key.Dispose();

    private static void CopyReversed(byte[] number, Span<byte> destination)
    {
        number.CopyTo(destination);
        destination[..NumberSize].Reverse();
    }

    private static byte[] Reversed(ReadOnlySpan<byte> number)
    {
        var bytes = number[..NumberSize].ToArray();
        Array.Reverse(bytes);
        return bytes;
    }
}
