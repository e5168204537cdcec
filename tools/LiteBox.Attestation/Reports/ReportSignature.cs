using System.Numerics;
using System.Security.Cryptography;

namespace LiteBox.Attestation;

/// <summary>
/// The signature of a report: R and S, each a little-endian number in 72 bytes of which 48 are used
/// (56860, ECDSA P-384 with SHA-384 signature).
/// </summary>
public readonly ref struct ReportSignature
{
    /// <summary>Size of R and S together, in bytes.</summary>
    public const int Size = 2 * FieldSize;

    private const int FieldSize = 72;
    private const int NumberSize = 48;

    /// <summary>Order of the P-384 base point (FIPS 186-4, D.1.2.4).</summary>
    private static readonly BigInteger Order = BigInteger.Parse(
        "039402006196394479212279040100143613805079739270465446667946905279627659399113263569398956308152294913554433653942643",
        System.Globalization.CultureInfo.InvariantCulture);

    private readonly ReadOnlySpan<byte> bytes;

    /// <summary>Takes the 144 bytes at offset 0x2A0 of a report, or of the same structure elsewhere.</summary>
    public ReportSignature(ReadOnlySpan<byte> bytes) => this.bytes = bytes[..Size];

    /// <summary>R, 72 bytes, little-endian.</summary>
    public ReadOnlySpan<byte> R => bytes[..FieldSize];

    /// <summary>S, 72 bytes, little-endian.</summary>
    public ReadOnlySpan<byte> S => bytes[FieldSize..];

    /// <summary>Whether all of R and S is zero, as in a report whose chip key is masked.</summary>
    public bool IsZero => !bytes.ContainsAnyExcept((byte)0);

    /// <summary>Says what makes it no signature at all; null when it has the form of one.</summary>
    public string? FindFault() => FindFault(R, "R") ?? FindFault(S, "S");

    /// <summary>Checks the signature over some data. One with a fault never verifies.</summary>
    public bool Verifies(ReadOnlySpan<byte> data, ECDsa key)
    {
        if (FindFault() is not null)
        {
            return false;
        }

        Span<byte> bigEndian = stackalloc byte[2 * NumberSize];
        CopyReversed(R, bigEndian[..NumberSize]);
        CopyReversed(S, bigEndian[NumberSize..]);
        return key.VerifyData(data, bigEndian, HashAlgorithmName.SHA384, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    /// <summary>Signs data and writes R and S.</summary>
    /// <param name="data">What is signed, with SHA-384.</param>
    /// <param name="key">A P-384 key.</param>
    /// <param name="destination">Receives <see cref="Size"/> bytes.</param>
    public static void Sign(ReadOnlySpan<byte> data, ECDsa key, Span<byte> destination)
    {
        var bigEndian = key.SignData(data.ToArray(), HashAlgorithmName.SHA384, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        destination[..Size].Clear();
        CopyReversed(bigEndian.AsSpan(0, NumberSize), destination[..NumberSize]);
        CopyReversed(bigEndian.AsSpan(NumberSize), destination.Slice(FieldSize, NumberSize));
    }

    private static string? FindFault(ReadOnlySpan<byte> number, string name)
    {
        if (number[NumberSize..].ContainsAnyExcept((byte)0))
        {
            return $"the upper 24 bytes of {name} are not zero";
        }

        var value = new BigInteger(number[..NumberSize], isUnsigned: true);
        return value.IsZero ? $"{name} is zero" : value >= Order ? $"{name} is not below the order of P-384" : null;
    }

    private static void CopyReversed(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        source[..NumberSize].CopyTo(destination);
        destination[..NumberSize].Reverse();
    }
}
