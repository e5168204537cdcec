using LiteBox.South.Handover;

namespace LiteBox.South.Memory;

/// <summary>
/// Where physical memory and its records stand in the kernel's address space. The tests have a class of the same name over an array.
/// </summary>
internal static unsafe class PhysicalMemory
{
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

    /// <summary>Maps one page of records, zeros, where none is mapped. False when memory has run out.</summary>
    public static bool TryMapRecordPage(ulong page) =>
        KernelPageTable.IsMapped(page)
        || (KernelFrames.TryTakeCleared(FrameKind.Kernel, out uint number)
            && KernelPageTable.TryMap(page, PhysicalAddress.OfFrame(number), KernelPageUse.ReadWrite));
}
