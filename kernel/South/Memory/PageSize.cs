namespace LiteBox.South.Memory;

/// <summary>The two sizes of page that this kernel uses (APM volume 2, 5.3), in bytes.</summary>
internal static class PageSize
{
    /// <summary>The small page.</summary>
    public const int Bytes = 4096;

    /// <summary>Log2 of <see cref="Bytes"/>.</summary>
    public const int Shift = 12;

    /// <summary>Offset within a small page.</summary>
    public const ulong Mask = Bytes - 1;

    /// <summary>The large page: what one leaf table maps.</summary>
    public const int LargeBytes = 1 << LargeShift;

    /// <summary>Log2 of <see cref="LargeBytes"/>.</summary>
    public const int LargeShift = 21;

    /// <summary>Offset within a large page.</summary>
    public const ulong LargeMask = LargeBytes - 1;

    /// <summary>Small pages in a large one, and entries in a page table.</summary>
    public const int FramesPerLarge = LargeBytes / Bytes;

    /// <summary>Small pages that hold this many bytes.</summary>
    public static ulong PagesFor(ulong bytes) => (bytes >> Shift) + ((bytes & Mask) == 0 ? 0UL : 1UL);
}
