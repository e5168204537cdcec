using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;

namespace LiteBox.Attestation;

/// <summary>
/// A firmware image, or what a measurement takes of one: its bytes or the digest of its pages, the sections of its SEV metadata,
/// and the addresses in the table at its end (edk2, OvmfPkg/ResetVector). GUIDs of this table stand there in little-endian form.
/// </summary>
public sealed class FirmwareImage
{
    /// <summary>Where an image for QEMU ends: 4 GiB.</summary>
    public const ulong FourGiB = 0x1_0000_0000;

    private const string Subject = "firmware";
    private const int FooterDistance = 32;
    private const int EntryHeader = 18;
    private static readonly Guid Footer = new("96b582de-1fb2-45f7-baea-a366c55a082d");
    private static readonly Guid ResetBlock = new("00f771de-1a7e-4fcb-890e-68c77e2fb44e");
    private static readonly Guid HashTable = new("7255371f-3a3b-4b04-927b-1da6efa8d454");
    private static readonly Guid SevMetadata = new("dc886566-984a-4798-a75e-5585a7bf67cc");
    private static readonly Guid SvsmInfo = new("a789a612-0597-4c4b-a49f-cbb1fe9d1ddd");

    private FirmwareImage(byte[]? content, byte[]? pagesDigest, ulong end)
    {
        Content = content;
        PagesDigest = pagesDigest;
        End = end;
    }

    /// <summary>The image; null when only the digest of its pages is known.</summary>
    public byte[]? Content { get; }

    /// <summary>The launch digest after the pages of the image; null when the image itself is there.</summary>
    public byte[]? PagesDigest { get; }

    /// <summary>Guest physical address of the first byte after the image.</summary>
    public ulong End { get; }

    /// <summary>Guest physical address of the image.</summary>
    public ulong Address => End - (ulong)(Content?.Length ?? 0);

    /// <summary>The sections in the order of the table.</summary>
    public IReadOnlyList<FirmwareSection> Sections { get; private set; } = [];

    /// <summary>Where the other processors start under SEV-ES and SNP; null when the table does not say.</summary>
    public uint? ResetAddress { get; private set; }

    /// <summary>Where the table of kernel hashes belongs; null when the firmware has no place for one.</summary>
    public uint? HashTableAddress { get; private set; }

    /// <summary>Offset of the entry point in an SVSM image; null in other firmware.</summary>
    public uint? SvsmEntryOffset { get; private set; }

    /// <summary>Whether the metadata has a section of a type.</summary>
    public bool Has(FirmwareSectionType type) => Sections.Any(section => section.Type == type);

    /// <summary>Reads an image: a flash image as QEMU maps it, or its last pages.</summary>
    /// <param name="content">The whole file.</param>
    /// <param name="end">Guest physical address at which it ends.</param>
    public static Parsed<FirmwareImage> Parse(ReadOnlySpan<byte> content, ulong end = FourGiB)
    {
        var image = new FirmwareImage(content.ToArray(), null, end);
        return image.ReadTable(content) is { } error ? error : image;
    }

    /// <summary>
    /// Reads the JSON that sev-snp-measure-go keeps of a firmware: OVMFHash, ResetEIP and MetadataItems. It stands in for an image
    /// that may not be copied.
    /// </summary>
    public static Parsed<FirmwareImage> ParseMetadata(ReadOnlySpan<byte> json)
    {
        const string Document = "firmware metadata";
        if (!JsonText.Parse(json, Document).Succeeded(out var document, out var error))
        {
            return error;
        }

        using (document)
        {
            var root = document.RootElement;
            if (JsonText.Text(root, "OVMFHash") is not { } hash || HexText.Parse(hash) is not { Length: LaunchDigest.Size } digest)
            {
                return new FormatError(Document, null, "the member OVMFHash is missing or has not 96 hexadecimal digits");
            }

            if (JsonText.Text(root, "ResetEIP") is not { } reset || HexText.ParseNumber(reset) is not { } address
                || address > uint.MaxValue)
            {
                return new FormatError(Document, null, "the member ResetEIP is missing or no 32-bit number");
            }

            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("MetadataItems", out var items)
                || items.ValueKind != JsonValueKind.Array)
            {
                return new FormatError(Document, null, "the member MetadataItems is missing or no list");
            }

            var sections = new List<FirmwareSection>();
            foreach (var item in items.EnumerateArray())
            {
                if (ReadSection(item) is not { } section)
                {
                    return new FormatError(Document, null,
                        $"item {sections.Count} of MetadataItems has no GPA, Size and SectionTypeInt of whole pages");
                }

                sections.Add(section);
            }

            return new FirmwareImage(null, digest, FourGiB) { ResetAddress = (uint)address, Sections = sections };
        }
    }

    /// <summary>The same firmware with the digest of another image's pages in place of its own content.</summary>
    /// <param name="digest">48 bytes.</param>
    public FirmwareImage WithPagesDigest(byte[] digest) => new(null, digest, End)
    {
        Sections = Sections,
        ResetAddress = ResetAddress,
        HashTableAddress = HashTableAddress,
        SvsmEntryOffset = SvsmEntryOffset,
    };

    private static FirmwareSection? ReadSection(JsonElement item) =>
        JsonText.Text(item, "GPA") is { } address && HexText.ParseNumber(address) is { } start
        && JsonText.Text(item, "Size") is { } size && HexText.ParseNumber(size) is { } length
        && item.ValueKind == JsonValueKind.Object && item.TryGetProperty("SectionTypeInt", out var number)
            && number.ValueKind == JsonValueKind.Number && number.TryGetUInt32(out var type)
        && start <= uint.MaxValue && length <= uint.MaxValue && IsWholePages(start, length)
            ? new FirmwareSection((uint)start, (uint)length, (FirmwareSectionType)type)
            : null;

    private static bool IsWholePages(ulong address, ulong length) =>
        address % LaunchDigest.PageSize == 0 && length % LaunchDigest.PageSize == 0 && address + length <= FourGiB;

    /// <summary>Walks the table backwards from its footer. An image without one has no metadata, which plain SEV allows.</summary>
    private FormatError? ReadTable(ReadOnlySpan<byte> content)
    {
        var footerEnd = content.Length - FooterDistance;
        if (footerEnd < EntryHeader || new Guid(content[(footerEnd - 16)..footerEnd]) != Footer)
        {
            return null;
        }

        var total = BinaryPrimitives.ReadUInt16LittleEndian(content[(footerEnd - EntryHeader)..]);
        var start = footerEnd - total;
        var end = footerEnd - EntryHeader;
        if (total < EntryHeader || start < 0)
        {
            return new FormatError(Subject, footerEnd - EntryHeader, $"the table at the end says that it has {total} bytes");
        }

        while (end - start >= EntryHeader)
        {
            var guid = new Guid(content[(end - 16)..end]);
            var length = BinaryPrimitives.ReadUInt16LittleEndian(content[(end - EntryHeader)..]);
            if (length < EntryHeader || length > end - start)
            {
                return new FormatError(Subject, end - EntryHeader,
                    $"the entry {guid} says that it has {length} bytes, {end - start} are left in the table");
            }

            var data = content[(end - length)..(end - EntryHeader)];
            if (ReadEntry(content, guid, data, end - length) is { } error)
            {
                return error;
            }

            end -= length;
        }

        return null;
    }

    private FormatError? ReadEntry(ReadOnlySpan<byte> content, Guid guid, ReadOnlySpan<byte> data, int offset)
    {
        if (guid != ResetBlock && guid != HashTable && guid != SevMetadata && guid != SvsmInfo)
        {
            return null;
        }

        if (data.Length < sizeof(uint))
        {
            return new FormatError(Subject, offset, $"the entry {guid} has {data.Length} bytes of data, it needs at least 4");
        }

        var value = BinaryPrimitives.ReadUInt32LittleEndian(data);
        if (guid == SevMetadata)
        {
            return ReadMetadata(content, value);
        }

        ResetAddress = guid == ResetBlock ? value : ResetAddress;
        SvsmEntryOffset = guid == SvsmInfo ? value : SvsmEntryOffset;
        HashTableAddress = guid == HashTable && value != 0 ? value : HashTableAddress;
        return null;
    }

    private FormatError? ReadMetadata(ReadOnlySpan<byte> content, uint distance)
    {
        const int HeaderSize = 16;
        const int SectionSize = 12;
        if (distance < HeaderSize || distance > content.Length)
        {
            return new FormatError(Subject, null, string.Create(CultureInfo.InvariantCulture,
                $"the SEV metadata would be 0x{distance:x} bytes before the end of an image of 0x{content.Length:x} bytes"));
        }

        var start = content.Length - (int)distance;
        var header = content[start..];
        var length = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        var version = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        var count = BinaryPrimitives.ReadUInt32LittleEndian(header[12..]);
        if (!header.StartsWith("ASEV"u8) || version != 1)
        {
            return new FormatError(Subject, start, "the SEV metadata has not the signature ASEV and version 1");
        }

        if (length > header.Length || length < HeaderSize + ((ulong)count * SectionSize))
        {
            return new FormatError(Subject, start + 4,
                $"the SEV metadata has {length} bytes, {count} sections take {HeaderSize + ((ulong)count * SectionSize)}");
        }

        var sections = new List<FirmwareSection>();
        for (var index = 0; index < count; index++)
        {
            var entry = header.Slice(HeaderSize + (index * SectionSize), SectionSize);
            var section = new FirmwareSection(
                BinaryPrimitives.ReadUInt32LittleEndian(entry),
                BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]),
                (FirmwareSectionType)BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]));
            if (!IsWholePages(section.Address, section.Length))
            {
                return new FormatError(Subject, start + HeaderSize + (index * SectionSize),
                    $"section {index} (0x{section.Length:x} bytes at 0x{section.Address:x}) is not whole pages below 4 GiB");
            }

            sections.Add(section);
        }

        Sections = sections;
        return null;
    }
}
