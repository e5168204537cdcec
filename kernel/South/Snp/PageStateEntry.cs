using LiteBox.South.Memory;

namespace LiteBox.South.Snp;

/// <summary>One entry of a page-state change: address, operation, size (56421, 4.1.6).</summary>
internal static class PageStateEntry
{
    private const ulong MakePrivate = 1UL << 52;
    private const ulong MakeShared = 2UL << 52;
    private const ulong LargePage = 1UL << 56;

    /// <summary>A block of 2 MiB shall be the guest's own.</summary>
    public static ulong PrivateBlock(uint firstFrame) => PrivateFrame(firstFrame) | LargePage;

    /// <summary>A page of 4 KiB shall be the guest's own.</summary>
    public static ulong PrivateFrame(uint frame) => PhysicalAddress.OfFrame(frame).Value | MakePrivate;

    /// <summary>A page of 4 KiB shall be shared.</summary>
    public static ulong SharedFrame(uint frame) => PhysicalAddress.OfFrame(frame).Value | MakeShared;
}
