namespace LiteBox.South.Memory;

/// <summary>
/// Frames for page tables. A table that is given back is all zeros, for its entries were removed one by one; so a stack of such tables saves
/// the clearing of the next. Top-level tables keep the kernel's half filled in.
/// </summary>
internal static unsafe class PageTablePool
{
    private const int TableCapacity = 64;
    private const int RootCapacity = 16;

    private static Tables tables;
    private static Roots roots;
    private static int tableCount;
    private static int rootCount;
    private static ulong* kernelRoot;

    /// <summary>Frames that are kept here and could be given back.</summary>
    public static int Count => tableCount + rootCount;

    /// <summary>The top-level table whose upper half all roots share. Once, when all of that half's entries are there.</summary>
    // SAFETY: the table lives as long as the machine.
    public static void UseKernelRoot(ulong* root) => kernelRoot = root;

    /// <summary>An empty table, or null when memory has run out.</summary>
    // SAFETY: the frame is fresh, and RAM.
    public static ulong* TryTakeTable()
    {
        if (tableCount != 0)
        {
            return (ulong*)FrameDatabase.Bytes(tables.Numbers[--tableCount]);
        }

        if (!FrameDatabase.TryTake(FrameKind.PageTable, out uint number))
        {
            return null;
        }

        FrameRecord* record = FrameDatabase.Record(number);
        record->EntryCount = 0;
        record->EntryGroups = 0;
        PageContents.Clear(FrameDatabase.Bytes(number));
        return (ulong*)FrameDatabase.Bytes(number);
    }

    /// <summary>Takes back a table whose entries are all zero.</summary>
    // SAFETY: nothing refers to the table any more.
    public static void ReturnTable(ulong* table)
    {
        uint number = NumberOf(table);
        FrameRecord* record = FrameDatabase.Record(number);
        if (record->EntryCount != 0)
        {
            Invariant.Broken("A page table was freed that maps something.");
        }

        record->EntryGroups = 0;
        if (tableCount < TableCapacity)
        {
            tables.Numbers[tableCount++] = number;
        }
        else
        {
            FrameDatabase.Return(number, FrameKind.PageTable);
        }
    }

    /// <summary>A top-level table whose user half is empty, or null when memory has run out.</summary>
    // SAFETY: as for tables; the kernel's half is 256 words in both.
    public static ulong* TryTakeRoot()
    {
        if (rootCount != 0)
        {
            return (ulong*)FrameDatabase.Bytes(roots.Numbers[--rootCount]);
        }

        ulong* root = TryTakeTable();
        for (int i = 256; root is not null && i < 512; i++)
        {
            root[i] = kernelRoot[i];
        }

        return root;
    }

    /// <summary>Takes back a top-level table whose user half is all zeros.</summary>
    // SAFETY: nothing refers to the table any more.
    public static void ReturnRoot(ulong* root)
    {
        if (rootCount < RootCapacity)
        {
            FrameDatabase.Record(NumberOf(root))->EntryGroups = 0;
            roots.Numbers[rootCount++] = NumberOf(root);
        }
        else
        {
            FrameDatabase.Return(NumberOf(root), FrameKind.PageTable);
        }
    }

    /// <summary>Gives all that is kept here to the frame database. False when there was nothing.</summary>
    public static bool TryReclaim()
    {
        bool any = Count != 0;
        while (tableCount != 0)
        {
            FrameDatabase.Return(tables.Numbers[--tableCount], FrameKind.PageTable);
        }

        while (rootCount != 0)
        {
            FrameDatabase.Return(roots.Numbers[--rootCount], FrameKind.PageTable);
        }

        return any;
    }

    /// <summary>Forgets everything: for tests.</summary>
    public static void Reset()
    {
        tableCount = 0;
        rootCount = 0;
    }

    // SAFETY: the pointer came from FrameDatabase.Bytes.
    private static uint NumberOf(ulong* table) => (uint)(((ulong)table - PhysicalMemory.Base) >> PageSize.Shift);

    private struct Tables
    {
        public fixed uint Numbers[TableCapacity];
    }

    private struct Roots
    {
        public fixed uint Numbers[RootCapacity];
    }
}
