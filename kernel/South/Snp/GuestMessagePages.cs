using LiteBox.South.Instructions;
using LiteBox.South.Memory;

namespace LiteBox.South.Snp;

/// <summary>Six shared pages in a row: where the host finds a message, leaves the answer, and puts certificates.</summary>
internal unsafe struct GuestMessagePages
{
    /// <summary>Pages of certificates: as many as Linux takes (SEV_FW_BLOB_MAX_SIZE).</summary>
    public const int CertificatePages = 4;

    private const int Count = 2 + CertificatePages;

    private byte* bytes;
    private ulong address;

    /// <param name="bytes">The pages, mapped shared.</param>
    /// <param name="address">Their physical address.</param>
    public GuestMessagePages(byte* bytes, ulong address)
    {
        this.bytes = bytes;
        this.address = address;
    }

    // SAFETY (of all): within the six pages, which nobody else has; they are read by copying only.
    public readonly byte* Request => bytes;

    public readonly byte* Response => bytes + PageSize.Bytes;

    public readonly byte* Certificates => bytes + (2 * PageSize.Bytes);

    public readonly ulong RequestAddress => address;

    public readonly ulong ResponseAddress => address + PageSize.Bytes;

    public readonly ulong CertificatesAddress => address + (2 * PageSize.Bytes);

    /// <summary>Takes six frames and gives the host a share in them. False where there is no memory, or the host does not agree.</summary>
    // SAFETY: the frames are fresh; they are reached only through their shared mapping from then on, and never given back.
    public static bool TryCreate(GhcbMsrProtocol protocol, out GuestMessagePages pages)
    {
        pages = default;
        if (!FrameDatabase.TryTakeBlock(FrameKind.Device, out uint first))
        {
            return false;
        }

        for (uint i = Count; i < PageSize.FramesPerLarge; i++)
        {
            FrameDatabase.Return(first + i, FrameKind.Device);
        }

        ulong start = 0;
        for (uint i = 0; i < Count; i++)
        {
            PhysicalAddress page = PhysicalAddress.OfFrame(first + i);
            if (Instruction.ValidatePage((ulong)FrameDatabase.Bytes(first + i), 0, 0) != 0 || !protocol.TryShare(page)
                || !DeviceMemory.TryMapShared(page, out ulong mapped))
            {
                return false;
            }

            PageContents.Clear((byte*)mapped);
            start = i == 0 ? mapped : start;
        }

        pages = new GuestMessagePages((byte*)start, PhysicalAddress.OfFrame(first).Value);
        return true;
    }
}
