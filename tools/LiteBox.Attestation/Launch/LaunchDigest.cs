using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LiteBox.Attestation;

/// <summary>PAGE_TYPE of SNP_LAUNCH_UPDATE (56860, PAGE_INFO).</summary>
public enum LaunchPageType : byte
{
    /// <summary>A page with content.</summary>
    Normal = 1,

    /// <summary>A save area.</summary>
    Vmsa = 2,

    /// <summary>A page of zeros.</summary>
    Zero = 3,

    /// <summary>A page whose content is not measured; its place is.</summary>
    Unmeasured = 4,

    /// <summary>The secrets page.</summary>
    Secrets = 5,

    /// <summary>The CPUID page.</summary>
    Cpuid = 6,
}

/// <summary>
/// The launch digest as the firmware keeps it: starting from zero, each page makes it the SHA-384 of a PAGE_INFO that holds the
/// digest before, the SHA-384 of the page, its type and its place (56860, SNP_LAUNCH_UPDATE).
/// </summary>
public sealed class LaunchDigest
{
    /// <summary>Size of the digest in bytes.</summary>
    public const int Size = SHA384.HashSizeInBytes;

    /// <summary>Size of a page in bytes.</summary>
    public const int PageSize = 4096;

    /// <summary>Where every save area stands: the last page below 48 bits.</summary>
    public const ulong VmsaAddress = 0xFFFF_FFFF_F000;

    private const int PageInfoSize = 0x70;
    private readonly byte[] pageInfo = new byte[PageInfoSize];

    /// <summary>Starts at zero.</summary>
    public LaunchDigest() => BinaryPrimitives.WriteUInt16LittleEndian(pageInfo.AsSpan(0x60), PageInfoSize);

    /// <summary>Starts from a digest reached before, for example after the firmware image alone.</summary>
    /// <param name="start">48 bytes.</param>
    public LaunchDigest(ReadOnlySpan<byte> start)
        : this() => start[..Size].CopyTo(pageInfo);

    /// <summary>The digest now.</summary>
    public byte[] Value => pageInfo[..Size];

    /// <summary>Adds pages with content, one after the other.</summary>
    /// <param name="address">Guest physical address of the first.</param>
    /// <param name="content">Whole pages.</param>
    /// <exception cref="ArgumentException">The content is not whole pages.</exception>
    public void AddNormal(ulong address, ReadOnlySpan<byte> content)
    {
        if (content.Length % PageSize != 0)
        {
            throw new ArgumentException($"{content.Length} bytes are not whole pages", nameof(content));
        }

        for (var offset = 0; offset < content.Length; offset += PageSize)
        {
            Add(LaunchPageType.Normal, address + (uint)offset, content.Slice(offset, PageSize));
        }
    }

    /// <summary>Adds a save area.</summary>
    /// <param name="page">One page.</param>
    public void AddVmsa(ReadOnlySpan<byte> page) => Add(LaunchPageType.Vmsa, VmsaAddress, page[..PageSize]);

    /// <summary>Adds pages that count by type and place only: zero, unmeasured, secrets, CPUID.</summary>
    /// <param name="type">Neither normal nor VMSA.</param>
    /// <param name="address">Guest physical address of the first.</param>
    /// <param name="length">Whole pages, in bytes.</param>
    public void AddWithoutContent(LaunchPageType type, ulong address, ulong length)
    {
        for (ulong offset = 0; offset < length; offset += PageSize)
        {
            Add(type, address + offset, []);
        }
    }

    private void Add(LaunchPageType type, ulong address, ReadOnlySpan<byte> content)
    {
        var contents = pageInfo.AsSpan(0x30, Size);
        if (content.IsEmpty)
        {
            contents.Clear();
        }
        else
        {
            SHA384.HashData(content, contents);
        }

        pageInfo[0x62] = (byte)type;
        BinaryPrimitives.WriteUInt64LittleEndian(pageInfo.AsSpan(0x68), address);
        Span<byte> next = stackalloc byte[Size];
        SHA384.HashData(pageInfo, next);
        next.CopyTo(pageInfo);
    }
}
