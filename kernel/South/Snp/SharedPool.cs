using LiteBox.South.Handover;
using LiteBox.South.Memory;

namespace LiteBox.South.Snp;

/// <summary>
/// All memory that the host of an SNP guest can read and write: one run of pages, shared at boot, never more and never fewer (T32). Who talks to the host
/// takes pages from here, usually once and for good; <see cref="SnpGuest.Connect"/> makes the pool.
/// </summary>
internal sealed unsafe class SharedPool
{
    /// <summary>Pages in the pool: the GHCB, the guest messages' pages, and buffers.</summary>
    public const int PageCount = 32;

    private readonly byte* memory;
    private readonly PhysicalAddress start;
    private uint taken;

    /// <param name="memory">Where the pages are mapped, without the C-bit, one after the other.</param>
    /// <param name="start">Physical address of the first.</param>
    // SAFETY: the pages are mapped for good and reached through what TryTake gives.
    public SharedPool(byte* memory, PhysicalAddress start)
    {
        this.memory = memory;
        this.start = start;
    }

    /// <summary>The pages' physical addresses.</summary>
    public PhysicalRange Range => new() { Start = start.Value, Length = PageCount * PageSize.Bytes };

    /// <summary>Takes pages that follow each other. Null when there are not so many together. Their contents are zeros or what the host wrote.</summary>
    // SAFETY: pages that are taken are nobody else's.
    public SharedPages? TryTake(int count)
    {
        for (int first = 0; count is > 0 and < PageCount && first <= PageCount - count; first++)
        {
            if ((taken & Bits(first, count)) == 0)
            {
                taken |= Bits(first, count);
                return new SharedPages(memory + (first * PageSize.Bytes), start + ((ulong)first << PageSize.Shift), count);
            }
        }

        return null;
    }

    /// <summary>Gives pages back, as zeros. The caller uses them no more.</summary>
    public void Return(SharedPages pages)
    {
        ulong first = (pages.Address - start) >> PageSize.Shift;
        if (pages.Address.Value < start.Value || first + (ulong)pages.PageCount > PageCount
            || (taken & Bits((int)first, pages.PageCount)) != Bits((int)first, pages.PageCount))
        {
            Invariant.Broken("Shared pages were given back that were not taken.");
        }

        pages.Clear();
        taken &= ~Bits((int)first, pages.PageCount);
    }

    private static uint Bits(int first, int count) => ((1u << count) - 1) << first;
}
