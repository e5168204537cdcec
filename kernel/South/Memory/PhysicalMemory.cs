using LiteBox.South.Handover;

namespace LiteBox.South.Memory;

/// <summary>
/// Where physical memory and its records stand in the kernel's address space. The tests have a class of the same name over an array.
/// </summary>
internal static unsafe class PhysicalMemory
{
    /// <summary>Log2 of the frames in a block.</summary>
    private const int BlockShift = PageSize.LargeShift - PageSize.Shift;

    /// <summary>Added to a physical address, gives the address where the kernel reads and writes it.</summary>
    public const ulong Base = AddressSpaceLayout.DirectMap;

    /// <summary>The record of frame 0.</summary>
    // SAFETY: records are mapped wherever there is RAM, before the first of them is used.
    public static FrameRecord* FrameRecords => (FrameRecord*)AddressSpaceLayout.FrameRecords;

    /// <summary>The record of block 0.</summary>
    // SAFETY: as above.
    public static BlockRecord* BlockRecords => (BlockRecord*)AddressSpaceLayout.BlockRecords;

    /// <summary>The bytes of a frame that is mapped outside the direct map.</summary>
    // SAFETY: the caller has mapped it.
    public static byte* MappedBytes(ulong address, PhysicalAddress page) => (byte*)address;

    /// <summary>True where a page of records is mapped.</summary>
    public static bool HasRecordPage(ulong page) => KernelPageTable.IsMapped(page);

    /// <summary>Makes the page tables that the records of these frames need, so that mapping one takes one frame. False when memory has run out.</summary>
    // SAFETY: only addresses are taken.
    public static bool TryPrepareRecords(ulong first, ulong end) =>
        KernelPageTable.TryPrepare((ulong)(FrameRecords + first), (ulong)(FrameRecords + end))
        && KernelPageTable.TryPrepare((ulong)(BlockRecords + (first >> BlockShift)), (ulong)(BlockRecords + ((end - 1) >> BlockShift) + 1));

    /// <summary>Maps the records of these frames and of their blocks where they are not mapped, as zeros. False when memory has run out.</summary>
    // SAFETY: as above.
    public static bool TryMapRecords(ulong first, ulong end) =>
        first >= end
        || (TryMapPages((ulong)(FrameRecords + first), (ulong)(FrameRecords + end))
            && TryMapPages((ulong)(BlockRecords + (first >> BlockShift)), (ulong)(BlockRecords + ((end - 1) >> BlockShift) + 1)));

    private static bool TryMapPages(ulong start, ulong end)
    {
        for (ulong page = start & ~PageSize.Mask; page < end; page += PageSize.Bytes)
        {
            if (!HasRecordPage(page)
                && !(KernelFrames.TryTakeCleared(FrameKind.Kernel, out uint number)
                    && KernelPageTable.TryMap(page, PhysicalAddress.OfFrame(number), KernelPageUse.ReadWrite)))
            {
                return false;
            }
        }

        return true;
    }
}
