using System.Buffers.Binary;

namespace LiteBox.Attestation;

/// <summary>
/// The ID authentication page: who signed an ID block, and who vouches for that key (56860, ID_AUTH_INFO). The author's part is all
/// zero when there is no author key.
/// </summary>
public sealed class IdAuthentication
{
    /// <summary>Size in bytes.</summary>
    public const int Size = 4096;

    private const string Subject = "ID authentication";
    private const int BlockSignature = 0x040, IdKeyPlace = 0x240, KeySignature = 0x680, AuthorKeyPlace = 0x880, Used = 0xC84;
    private const int SignatureStructure = 512;
    private const uint EcdsaP384Sha384 = 1;
    private readonly byte[] bytes;

    private IdAuthentication(byte[] bytes) => this.bytes = bytes;

    /// <summary>Signs a block with the ID key, and the ID key with the author key.</summary>
    /// <param name="block">The block.</param>
    /// <param name="idKey">Has its private half.</param>
    /// <param name="authorKey">Has its private half; null when there is no author.</param>
    public static IdAuthentication Create(IdBlock block, PlatformKey idKey, PlatformKey? authorKey)
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, EcdsaP384Sha384);
        idKey.Sign(block.ToBytes(), bytes.AsSpan(BlockSignature));
        idKey.Structure.CopyTo(bytes, IdKeyPlace);
        if (authorKey is not null)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), EcdsaP384Sha384);
            authorKey.Sign(idKey.Structure, bytes.AsSpan(KeySignature));
            authorKey.Structure.CopyTo(bytes, AuthorKeyPlace);
        }

        return new IdAuthentication(bytes);
    }

    /// <summary>Reads a page. What must be zero is checked, signatures are not: see <see cref="FindFault"/>.</summary>
    /// <param name="data">Exactly 4096 bytes.</param>
    public static Parsed<IdAuthentication> Parse(ReadOnlySpan<byte> data)
    {
        if (data.Length != Size)
        {
            return new FormatError(Subject, Math.Min(data.Length, Size), $"it has {data.Length} bytes, not {Size}");
        }

        foreach (var (start, end) in Reserved)
        {
            var found = data[start..end].IndexOfAnyExcept((byte)0);
            if (found >= 0)
            {
                return new FormatError(Subject, start + found, "a reserved byte must be zero and is not");
            }
        }

        return new IdAuthentication(data.ToArray());
    }

    /// <summary>The page as the firmware takes it.</summary>
    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>Whether there is an author key.</summary>
    public bool HasAuthor => bytes.AsSpan(AuthorKeyPlace, PlatformKey.StructureSize).ContainsAnyExcept((byte)0);

    /// <summary>The ID key's structure, 1028 bytes; its SHA-384 is ID_KEY_DIGEST.</summary>
    public ReadOnlySpan<byte> IdKey => bytes.AsSpan(IdKeyPlace, PlatformKey.StructureSize);

    /// <summary>The author key's structure, 1028 bytes; zero when there is no author.</summary>
    public ReadOnlySpan<byte> AuthorKey => bytes.AsSpan(AuthorKeyPlace, PlatformKey.StructureSize);

    private static (int Start, int End)[] Reserved =>
    [
        (0x008, BlockSignature), (BlockSignature + ReportSignature.Size, BlockSignature + SignatureStructure),
        (IdKeyPlace + PlatformKey.StructureSize, KeySignature), (KeySignature + ReportSignature.Size, KeySignature + SignatureStructure),
            (Used, Size),
    ];

    /// <summary>Says why this page does not authenticate a block; null when it does.</summary>
    public string? FindFault(IdBlock block)
    {
        if (Algorithm(0) != EcdsaP384Sha384)
        {
            return $"ID_KEY_ALGO is {Algorithm(0)}, only 1 (ECDSA P-384 with SHA-384) is defined";
        }

        if (WhyNotSigned(IdKey, BlockSignature, block.ToBytes(), "the ID block", "the ID key") is { } fault)
        {
            return fault;
        }

        if (!HasAuthor)
        {
            return Algorithm(4) > EcdsaP384Sha384 || bytes.AsSpan(KeySignature, ReportSignature.Size).ContainsAnyExcept((byte)0)
                ? "there is a signature of an author but no author key" : null;
        }

        return Algorithm(4) != EcdsaP384Sha384 ? $"AUTHOR_KEY_ALGO is {Algorithm(4)}, only 1 (ECDSA P-384 with SHA-384) is defined"
            : WhyNotSigned(AuthorKey, KeySignature, IdKey, "the ID key", "the author key");
    }

    private uint Algorithm(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(offset));

    private string? WhyNotSigned(ReadOnlySpan<byte> signer, int signature, ReadOnlySpan<byte> data, string what, string whose)
    {
        if (!PlatformKey.ParseStructure(signer).Succeeded(out var key, out var error))
        {
            return $"{whose}: {error}";
        }

        using (key)
        {
            return key.Verifies(data, new ReportSignature(bytes.AsSpan(signature, ReportSignature.Size))) ? null
                : $"the signature over {what} does not verify with {whose}";
        }
    }
}
