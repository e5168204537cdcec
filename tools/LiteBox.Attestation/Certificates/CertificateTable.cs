using System.Buffers.Binary;

namespace LiteBox.Attestation;

/// <summary>
/// The certificate table of the extended guest request (56421, SNP Extended Guest Request): entries of GUID, offset and length,
/// ended by a zero entry, then the data. GUIDs stand there in text order. The host writes it, so nothing in it is trusted.
/// </summary>
public sealed class CertificateTable
{
    private const int EntrySize = 24;
    private const string Subject = "certificate table";

    /// <summary>Entries with a known meaning.</summary>
    private static readonly (Guid Guid, string Name, bool HoldsCertificate)[] Known =
    [
        (new("63da758d-e664-4564-adc5-f4b93be8accd"), "VCEK", true),
        (new("a8074bc2-a25a-483e-aae6-39c045a0b8a1"), "VLEK", true),
        (new("4ab7b379-bbac-4fe4-a02f-05aef327c782"), "ASK", true),
        (new("c0b406a4-a803-4952-9743-3fb6014cd0ae"), "ARK", true),
        (new("92f81bc3-5811-4d3d-97ff-d19f88dc67ea"), "CRL", true),
        (new("ecae0c0f-9502-43b1-afa2-0ae2e0d565b6"), "extra platform info", false),
    ];

    private CertificateTable(IReadOnlyList<CertificateTableEntry> entries) => Entries = entries;

    /// <summary>The entries in their order; those of unknown meaning are kept.</summary>
    public IReadOnlyList<CertificateTableEntry> Entries { get; }

    /// <summary>Reads a table and copies what its entries point to.</summary>
    /// <param name="data">The whole buffer; padding after the last entry's data is ignored.</param>
    public static Parsed<CertificateTable> Parse(ReadOnlySpan<byte> data)
    {
        var entries = new List<CertificateTableEntry>();
        for (var position = 0; ; position += EntrySize)
        {
            if (data.Length - position < EntrySize)
            {
                return new FormatError(Subject, position, "the table has no zero entry at its end",
                    "give the whole certificate buffer of the extended request");
            }

            var entry = data.Slice(position, EntrySize);
            if (!entry.ContainsAnyExcept((byte)0))
            {
                var headerSize = position + EntrySize;
                return FirstInHeader(entries, headerSize) is { } inside ? inside : new CertificateTable(entries);
            }

            var guid = new Guid(entry[..16], bigEndian: true);
            var offset = BinaryPrimitives.ReadUInt32LittleEndian(entry[16..]);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(entry[20..]);
            if ((ulong)offset + length > (ulong)data.Length)
            {
                return new FormatError(Subject, position,
                    $"entry {guid} points to {length} bytes at 0x{offset:x}, the buffer has {data.Length} bytes");
            }

            var known = Known.FirstOrDefault(candidate => candidate.Guid == guid);
            if (known.Name is not null && entries.Exists(other => other.Guid == guid))
            {
                return new FormatError(Subject, position, $"entry {guid} ({known.Name}) stands there twice");
            }

            entries.Add(new(guid, known.Name ?? guid.ToString(), known.HoldsCertificate, (int)offset,
                data.Slice((int)offset, (int)length).ToArray()));
        }
    }

    /// <summary>Writes a table with its data after it.</summary>
    /// <param name="content">GUID and data of each entry, in order.</param>
    public static byte[] Write(IReadOnlyList<(Guid Guid, byte[] Data)> content)
    {
        var offset = EntrySize * (content.Count + 1);
        var table = new byte[offset + content.Sum(item => item.Data.Length)];
        for (var index = 0; index < content.Count; index++)
        {
            var (guid, data) = content[index];
            var entry = table.AsSpan(index * EntrySize, EntrySize);
            guid.TryWriteBytes(entry, bigEndian: true, out _);
            BinaryPrimitives.WriteInt32LittleEndian(entry[16..], offset);
            BinaryPrimitives.WriteInt32LittleEndian(entry[20..], data.Length);
            data.CopyTo(table, offset);
            offset += data.Length;
        }

        return table;
    }

    /// <summary>The GUID of an entry of known meaning, "VCEK", "VLEK", "ASK", "ARK" or "CRL".</summary>
    public static Guid GuidOf(string name) => Known.First(candidate => candidate.Name == name).Guid;

    /// <summary>Whether the first bytes are the GUID of an entry of known meaning.</summary>
    internal static bool LooksLikeOne(ReadOnlySpan<byte> data)
    {
        if (data.Length < EntrySize)
        {
            return false;
        }

        var first = new Guid(data[..16], bigEndian: true);
        return Array.Exists(Known, candidate => candidate.Guid == first);
    }

    private static FormatError? FirstInHeader(List<CertificateTableEntry> entries, int headerSize)
    {
        var index = entries.FindIndex(entry => entry.Data.Length > 0 && entry.Offset < headerSize);
        return index < 0 ? null : new FormatError(Subject, index * EntrySize, $"entry {entries[index].Name} points into the table itself");
    }
}

/// <summary>One entry of a certificate table.</summary>
/// <param name="Guid">Its type.</param>
/// <param name="Name">The type's name, or the GUID as text when it is not known.</param>
/// <param name="HoldsCertificate">Whether a certificate or a revocation list is expected in it.</param>
/// <param name="Offset">Where the data was, from the start of the buffer.</param>
/// <param name="Data">A copy of the data.</param>
public sealed record CertificateTableEntry(Guid Guid, string Name, bool HoldsCertificate, int Offset, ReadOnlyMemory<byte> Data);
