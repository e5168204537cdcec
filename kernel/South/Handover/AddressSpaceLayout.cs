namespace LiteBox.South.Handover;

/// <summary>
/// The kernel's half of every address space (docs/boot.md has the table). Each region but the direct map lies within one entry of the
/// top-level table, so that all address spaces share it by copying that entry once.
/// </summary>
internal static class AddressSpaceLayout
{
    /// <summary>All RAM, readable and writable, never executable; the kernel's own code and constants are read-only here too.</summary>
    public const ulong DirectMap = 0xFFFF_8000_0000_0000;

    /// <summary>Bytes of <see cref="DirectMap"/>: 16 TiB, as far as a frame number of 32 bits reaches.</summary>
    public const ulong DirectMapSize = 1UL << 44;

    /// <summary>One <c>FrameRecord</c> a frame, mapped only where there is RAM.</summary>
    public const ulong FrameRecords = 0xFFFF_C000_0000_0000;

    /// <summary>One <c>BlockRecord</c> for each 2 MiB, mapped only where there is RAM.</summary>
    public const ulong BlockRecords = FrameRecords + (1UL << 37);

    /// <summary>The collected heap.</summary>
    public const ulong Heap = 0xFFFF_C800_0000_0000;

    /// <summary>Bytes set aside for <see cref="Heap"/>.</summary>
    public const ulong HeapSize = 1UL << 36;

    /// <summary>Kernel stacks, each below and above pages that are never mapped. The first is the one the kernel starts on.</summary>
    public const ulong Stacks = 0xFFFF_D000_0000_0000;

    /// <summary>Registers of devices, uncached.</summary>
    public const ulong Devices = 0xFFFF_D800_0000_0000;

    /// <summary>Bytes set aside for <see cref="Devices"/>.</summary>
    public const ulong DevicesSize = 1UL << 38;

    /// <summary>The kernel's image, at the address where it was linked: the top 2 GiB.</summary>
    public const ulong Image = 0xFFFF_FFFF_8000_0000;

    /// <summary>From the start of one kernel stack to the start of the next.</summary>
    public const ulong StackStride = 64 * 1024;

    /// <summary>Bytes of one kernel stack: the mapped middle of its stride.</summary>
    public const ulong StackSize = 32 * 1024;

    /// <summary>Offset of the mapped part within a stride: what lies before it is guard.</summary>
    public const ulong StackOffset = 16 * 1024;
}
