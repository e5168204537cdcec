using LiteBox.SnpMachine.Diagnosis;

namespace LiteBox.SnpMachine.Memory;

/// <summary>Hands out zeroed pages of the machine's own memory, for good: nothing is ever given back.</summary>
internal static unsafe class PageAllocator
{
    private static ulong s_next;
    private static ulong s_end;

    public static void Initialise(ulong start, ulong end)
    {
        s_next = start;
        s_end = end;
    }

    /// <summary>Consecutive zeroed pages.</summary>
    public static byte* Allocate(ulong pages)
    {
        ulong size = pages * PhysicalLayout.PageSize;
        if (s_end - s_next < size)
        {
            Stop.Machine("The page pool is used up"u8);
        }
        // SAFETY: the pool is memory that only this allocator hands out, each byte once.
        byte* page = (byte*)s_next;
        s_next += size;
        Page.Fill(page, 0, pages);
        return page;
    }
}
