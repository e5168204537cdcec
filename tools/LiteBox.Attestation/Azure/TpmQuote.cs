using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LiteBox.Attestation;

/// <summary>A bank of PCRs and the ones chosen from it (TPM 2.0 part 2, TPMS_PCR_SELECTION).</summary>
/// <param name="Hash">TPM_ALG_ID of the bank: 0x0B is SHA-256.</param>
/// <param name="Bitmap">One bit a PCR, the first byte has PCRs 0 to 7.</param>
public sealed record PcrSelection(ushort Hash, byte[] Bitmap)
{
    /// <summary>TPM_ALG_SHA256.</summary>
    public const ushort Sha256 = 0x0B;

    /// <summary>The numbers chosen, in ascending order.</summary>
    public IReadOnlyList<int> Numbers => [.. Enumerable.Range(0, Bitmap.Length * 8).Where(number =>
        (Bitmap[number / 8] >> (number % 8) & 1) != 0)];

    /// <summary>The bank and the numbers as text, for example "sha256:0,1,2".</summary>
    public override string ToString() => $"{BankName(Hash)}:{string.Join(',', Numbers)}";

    private static string BankName(ushort hash) => hash switch
    {
        0x04 => "sha1",
        Sha256 => "sha256",
        0x0C => "sha384",
        0x0D => "sha512",
        _ => $"0x{hash:x}",
    };
}

/// <summary>What a TPM attests when it quotes PCRs: TPMS_ATTEST with TPM_ST_ATTEST_QUOTE (TPM 2.0 part 2, 10.12). Big-endian.</summary>
public sealed class TpmQuote
{
    /// <summary>TPM_GENERATED_VALUE: the TPM itself made the structure.</summary>
    public const uint GeneratedMagic = 0xFF544347;

    /// <summary>TPM_ST_ATTEST_QUOTE.</summary>
    public const ushort QuoteType = 0x8018;

    private const string Subject = "TPM quote";
    private readonly byte[] bytes;

    private TpmQuote(byte[] bytes) => this.bytes = bytes;

    /// <summary>Reads the structure and nothing after it.</summary>
    public static Parsed<TpmQuote> Parse(ReadOnlySpan<byte> data)
    {
        var quote = new TpmQuote(data.ToArray());
        var reader = new TpmReader(data);
        var error = quote.Read(ref reader);
        return error is null ? quote : new FormatError(Subject, reader.Offset, error);
    }

    /// <summary>The bytes that are signed.</summary>
    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>Qualified name of the signing key.</summary>
    public byte[] QualifiedSigner { get; private set; } = [];

    /// <summary>extraData: the nonce that the verifier chose.</summary>
    public byte[] ExtraData { get; private set; } = [];

    /// <summary>Milliseconds that the TPM has run.</summary>
    public ulong Clock { get; private set; }

    /// <summary>How often the TPM was reset.</summary>
    public uint ResetCount { get; private set; }

    /// <summary>How often it was restarted or resumed since.</summary>
    public uint RestartCount { get; private set; }

    /// <summary>Whether <see cref="Clock"/> was never set back.</summary>
    public bool ClockIsSafe { get; private set; }

    /// <summary>The vTPM's firmware version.</summary>
    public ulong FirmwareVersion { get; private set; }

    /// <summary>The PCRs that were quoted.</summary>
    public IReadOnlyList<PcrSelection> Selections { get; private set; } = [];

    /// <summary>Hash over the values of the quoted PCRs.</summary>
    public byte[] PcrDigest { get; private set; } = [];

    /// <summary>Checks RSASSA-PKCS1-v1_5 with SHA-256 over the structure.</summary>
    /// <param name="signature">The signature alone, or a TPMT_SIGNATURE around it.</param>
    /// <param name="key">The attestation key.</param>
    public bool IsSignedWith(ReadOnlySpan<byte> signature, RSAParameters key)
    {
        using var rsa = RSA.Create();
        try
        {
            rsa.ImportParameters(key);
            return rsa.VerifyData(bytes, Unwrap(signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        catch (CryptographicException)
        {
            // Modulus or exponent cannot be those of an RSA key.
            return false;
        }
    }

    /// <summary>Takes the signature out of TPMT_SIGNATURE when its algorithms are RSASSA and SHA-256.</summary>
    private static ReadOnlySpan<byte> Unwrap(ReadOnlySpan<byte> signature)
    {
        const int HeaderSize = 6;
        ReadOnlySpan<byte> rsassaSha256 = [0x00, 0x14, 0x00, 0x0B];
        return signature.StartsWith(rsassaSha256) && signature.Length > HeaderSize
            && BinaryPrimitives.ReadUInt16BigEndian(signature[4..]) == signature.Length - HeaderSize
            ? signature[HeaderSize..]
            : signature;
    }

    private string? Read(ref TpmReader reader)
    {
        if (!reader.TryU32(out var magic) || magic != GeneratedMagic)
        {
            return "it does not start with TPM_GENERATED_VALUE (0xff544347), so no TPM made it";
        }

        if (!reader.TryU16(out var type) || type != QuoteType)
        {
            return $"its type is 0x{type:x}, a quote has 0x{QuoteType:x}";
        }

        if (!reader.TrySized(out var signer) || !reader.TrySized(out var extra) || !reader.TryU64(out var clock)
            || !reader.TryU32(out var resets) || !reader.TryU32(out var restarts) || !reader.TryByte(out var safe)
                || !reader.TryU64(out var firmware))
        {
            return "it ends before the quoted PCRs";
        }

        if (safe > 1)
        {
            return $"the flag \"safe\" is {safe}, neither yes nor no";
        }

        (QualifiedSigner, ExtraData, Clock, ResetCount, RestartCount, ClockIsSafe, FirmwareVersion) = (signer, extra, clock, resets,
            restarts, safe == 1, firmware);
        return ReadPcrs(ref reader) ?? (reader.AtEnd ? null : "bytes follow the quote");
    }

    private string? ReadPcrs(ref TpmReader reader)
    {
        const int MostBanks = 16;
        if (!reader.TryU32(out var count) || count > MostBanks)
        {
            return "the count of PCR banks is missing or absurd";
        }

        var selections = new List<PcrSelection>();
        for (var index = 0; index < count; index++)
        {
            if (!reader.TryU16(out var hash) || !reader.TryByte(out var size) || !reader.TryBytes(size, out var bitmap))
            {
                return "it ends in the selection of PCRs";
            }

            selections.Add(new(hash, bitmap));
        }

        Selections = selections;
        if (!reader.TrySized(out var digest))
        {
            return "it ends in the PCR digest";
        }

        PcrDigest = digest;
        return null;
    }
}

/// <summary>Reads a TPM's big-endian structures; an answer of false means that the bytes ended.</summary>
internal ref struct TpmReader(ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> data = data;

    internal int Offset { get; private set; }

    internal readonly bool AtEnd => Offset == data.Length;

    internal bool TryByte(out byte value)
    {
        var found = TryTake(1, out var bytes);
        value = found ? bytes[0] : (byte)0;
        return found;
    }

    internal bool TryU16(out ushort value)
    {
        var found = TryTake(2, out var bytes);
        value = found ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : (ushort)0;
        return found;
    }

    internal bool TryU32(out uint value)
    {
        var found = TryTake(4, out var bytes);
        value = found ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;
        return found;
    }

    internal bool TryU64(out ulong value)
    {
        var found = TryTake(8, out var bytes);
        value = found ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : 0;
        return found;
    }

    internal bool TryBytes(int length, out byte[] value)
    {
        var found = TryTake(length, out var bytes);
        value = bytes.ToArray();
        return found;
    }

    /// <summary>Reads a TPM2B: a 16-bit length, then so many bytes.</summary>
    internal bool TrySized(out byte[] value)
    {
        value = [];
        return TryU16(out var length) && TryBytes(length, out value);
    }

    private bool TryTake(int length, out ReadOnlySpan<byte> bytes)
    {
        var there = length <= data.Length - Offset;
        bytes = there ? data.Slice(Offset, length) : [];
        Offset += there ? length : 0;
        return there;
    }
}
