namespace LiteBox.SnpMachine.Memory;

/// <summary>
/// The nested page tables. A VMPL has two views: with paging on, the C-bit is an ordinary bit of the guest-physical address; with paging
/// off every access is private whatever the address says (APM volume 2, 15.34.5). All views start empty and fill on demand.
/// </summary>
internal static unsafe class NestedPaging
{
    private const ulong Present = 1;
    private const ulong Writable = 2;
    private const ulong User = 4;
    private const ulong NoExecute = 1UL << 63;
    private const ulong AddressMask = 0x000F_FFFF_FFFF_F000;
    private const int Views = 8;

    private struct Roots
    {
        public fixed ulong View[Views];
    }

    private static Roots s_roots;
    private static int s_levels;

    public static ulong CBit { get; private set; }

    /// <summary>
    /// Grows with each mapping that is taken away or replaced. A CPU that has seen a smaller number may hold such a mapping in its TLB;
    /// one that was added needs no flush, because what is not present is not cached (APM volume 2, 5.5.2).
    /// </summary>
    public static ulong Generation { get; private set; }

    /// <summary>The C-bit's position, and how many levels the tables have: as many as the machine's own (APM volume 2, 15.25.5).</summary>
    public static void Initialise(int cBit, int levels)
    {
        CBit = 1UL << cBit;
        s_levels = levels;
        s_roots = default;
    }

    /// <summary>Value for the VMCB's N_CR3.</summary>
    public static ulong Root(int vmpl, bool paged)
    {
        int view = 2 * vmpl + (paged ? 1 : 0);
        if (s_roots.View[view] == 0)
        {
            s_roots.View[view] = (ulong)PageAllocator.Allocate(1);
        }
        return s_roots.View[view];
    }

    /// <summary>Lets the guest reach <paramref name="hostAddress"/> at <paramref name="guestAddress"/>, C-bit included, in one view.</summary>
    public static void Map(int vmpl, bool paged, ulong guestAddress, ulong hostAddress, bool writable, bool executable)
    {
        ulong* entry = Entry(Root(vmpl, paged), guestAddress, create: true);
        ulong value = (hostAddress & AddressMask) | Present | User | (writable ? Writable : 0) | (executable ? 0 : NoExecute);
        if (*entry != 0 && *entry != value)
        {
            Generation++;
        }
        *entry = value;
    }

    /// <summary>Takes a page out of every view, under both aliases.</summary>
    public static void Unmap(ulong guestAddress)
    {
        for (int view = 0; view < Views; view++)
        {
            ulong root = s_roots.View[view];
            if (root != 0)
            {
                Clear(root, guestAddress);
                Clear(root, guestAddress | CBit);
            }
        }
    }

    private static void Clear(ulong root, ulong guestAddress)
    {
        ulong* entry = Entry(root, guestAddress, create: false);
        if (entry != null && *entry != 0)
        {
            Generation++;
            *entry = 0;
        }
    }

    // SAFETY: tables are pages of the allocator; an index has nine bits.
    private static ulong* Entry(ulong root, ulong guestAddress, bool create)
    {
        ulong* table = (ulong*)root;
        for (int level = s_levels - 1; level > 0; level--)
        {
            ulong* entry = table + ((guestAddress >> (12 + 9 * level)) & 511);
            if ((*entry & Present) == 0)
            {
                if (!create)
                {
                    return null;
                }
                *entry = (ulong)PageAllocator.Allocate(1) | Present | Writable | User;
            }
            table = (ulong*)(*entry & AddressMask);
        }
        return table + ((guestAddress >> 12) & 511);
    }
}
