using LiteBox.South.Handover;

namespace LiteBox.South.Memory;

/// <summary>How the kernel uses a page of its own. No combination is both writable and executable.</summary>
internal enum KernelPageUse
{
    /// <summary>Constants.</summary>
    ReadOnly,

    /// <summary>Data.</summary>
    ReadWrite,

    /// <summary>A device's registers: uncached.</summary>
    Device,

    /// <summary>Memory that the host of an SNP guest can read and write: not encrypted.</summary>
    Shared,
}

/// <summary>The kernel's half of all address spaces. Its top-level entries are complete before the first user address space is made.</summary>
internal static unsafe class KernelPageTable
{
    private const int Levels = 4;
    private const ulong ReadOnly = PageTableEntry.Present | PageTableEntry.Accessed | PageTableEntry.Global | PageTableEntry.NoExecute;
    private const ulong ReadWrite = ReadOnly | PageTableEntry.Writable | PageTableEntry.Dirty;
    private const ulong Device = ReadWrite | PageTableEntry.CacheDisable | PageTableEntry.WriteThrough;

    private static ulong* root;

    /// <summary>Physical address of the top-level table that has no user half.</summary>
    public static ulong Root => (ulong)root - PhysicalMemory.Base;

    /// <summary>Takes the boot loader's tables over, and drops its user half: what it needed for the switch.</summary>
    // SAFETY: the table is in the direct map, and nothing executes at a low address any more.
    public static void TakeOver(ulong rootAddress)
    {
        root = (ulong*)(PhysicalMemory.Base + rootAddress);
        for (int i = 0; i < 256; i++)
        {
            root[i] = 0;
        }

        TranslationCache.StartWith(rootAddress);
        TranslationCache.InvalidateAll();
    }

    /// <summary>Makes sure that the region that one top-level entry maps can be filled later on, in all address spaces at once.</summary>
    public static bool TryPrepareRegion(ulong address) => TryDescend(root, address, Levels - 1, out _);

    /// <summary>Makes the tables down to the lowest for a range of addresses. False when memory has run out.</summary>
    public static bool TryPrepare(ulong start, ulong end)
    {
        for (ulong address = start & ~PageSize.LargeMask; address < end; address += PageSize.LargeBytes)
        {
            if (!TryFindLeafEntry(address, out _))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Puts the 2 MiB around a frame into the direct map, where they are not. The boot application has made the tables for all RAM, so this takes no memory.
    /// </summary>
    // SAFETY: the frame is RAM and the kernel's own; nothing is touched by mapping it.
    public static void MapDirectly(uint frame)
    {
        ulong physical = ((ulong)frame << PageSize.Shift) & ~PageSize.LargeMask;
        if (!TryFindBlockEntry(AddressSpaceLayout.DirectMap + physical, out ulong* entry))
        {
            Invariant.Broken("The direct map has no table for a part of memory.");
        }

        if (*entry == 0)
        {
            *entry = PageTableEntry.ToPage(new PhysicalAddress(physical), ReadWrite | PageTableEntry.Large);
        }
    }

    /// <summary>Lets all address spaces made from now on have this half.</summary>
    public static void Share() => PageTablePool.UseKernelRoot(root);

    /// <summary>Maps one page where nothing is mapped. False when memory has run out.</summary>
    // SAFETY: the caller owns both the address and the frame.
    public static bool TryMap(ulong address, PhysicalAddress page, KernelPageUse use)
    {
        if (!TryFindLeafEntry(address, out ulong* entry))
        {
            return false;
        }

        if (*entry != 0)
        {
            Invariant.Broken("A kernel page was mapped over another.");
        }

        ulong flags = use switch
        {
            KernelPageUse.ReadOnly => ReadOnly,
            KernelPageUse.ReadWrite or KernelPageUse.Shared => ReadWrite,
            _ => Device,
        };
        Count(entry, 1);
        // Neither a device's registers nor what the host sees is encrypted memory.
        *entry = use >= KernelPageUse.Device ? page.Value | flags : PageTableEntry.ToPage(page, flags);
        return true;
    }

    /// <summary>
    /// Takes one frame out of the direct map, for good: from now on it is reached as <see cref="KernelPageUse.Shared"/> or not at all. A large page around it
    /// becomes small ones. False when memory has run out.
    /// </summary>
    // SAFETY: the caller owns the frame and reads and writes it no more through the direct map.
    public static bool TryRemoveFromDirectMap(uint frame)
    {
        ulong address = AddressSpaceLayout.DirectMap + ((ulong)frame << PageSize.Shift);
        if (!TryFindBlockEntry(address, out ulong* block) || !TrySplit(block))
        {
            return false;
        }

        ulong* entry = TableIn(*block) + IndexAt(address, 0);
        if (PageTableEntry.AddressOf(*entry).FrameNumber != frame)
        {
            Invariant.Broken("A frame was taken out of the direct map that is not there.");
        }

        *entry = 0;
        TranslationCache.Invalidate(address);
        return true;
    }

    /// <summary>True where a small page is mapped at the address.</summary>
    // SAFETY: as above; tables on the way stay where they are.
    public static bool IsMapped(ulong address)
    {
        ulong* table = root;
        for (int level = Levels - 1; level > 0; level--)
        {
            ulong entry = table[IndexAt(address, level)];
            if (entry == 0 || (entry & PageTableEntry.Large) != 0)
            {
                return false;
            }

            table = TableIn(entry);
        }

        return table[IndexAt(address, 0)] != 0;
    }

    /// <summary>Removes one page and says which frame was there. Tables that map nothing any more are freed.</summary>
    // SAFETY: the caller owns the address and uses it no more. INVLPG forgets the upper levels' entries too, so that the processor has
    // no way left to a table that is freed (APM volume 2, 3.1.7: EFER.TCE, which is clear).
    public static PhysicalAddress Unmap(ulong address)
    {
        ulong** path = stackalloc ulong*[Levels];
        ulong* table = root;
        for (int level = Levels - 1; level >= 0; level--)
        {
            path[level] = table + IndexAt(address, level);
            ulong entry = *path[level];
            if (entry == 0 || (level > 0 && (entry & PageTableEntry.Large) != 0))
            {
                Invariant.Broken("A kernel page was unmapped that is not mapped.");
            }

            table = TableIn(entry);
        }

        PhysicalAddress page = PageTableEntry.AddressOf(*path[0]);
        int emptied = 0;
        for (Clear(path[0]); IsEmptied(path[emptied]); Clear(path[emptied]))
        {
            emptied++;
        }

        TranslationCache.Invalidate(address);
        for (int level = 0; level < emptied; level++)
        {
            FrameDatabase.Return(TableOf(path[level]), FrameKind.KernelPageTable);
        }

        return page;
    }

    /// <summary>The entry that maps 2 MiB, or names the table that does.</summary>
    // SAFETY: as below.
    private static bool TryFindBlockEntry(ulong address, out ulong* entry)
    {
        ulong* table = root;
        entry = null;
        for (int level = Levels - 1; level > 1; level--)
        {
            if (!TryDescend(table, address, level, out table))
            {
                return false;
            }
        }

        entry = table + IndexAt(address, 1);
        return true;
    }

    /// <summary>Puts a table of small pages in the place of a large one that maps the same.</summary>
    // SAFETY: the table is complete before the entry names it; both map the same memory with the same rights.
    private static bool TrySplit(ulong* block)
    {
        ulong large = *block;
        if ((large & PageTableEntry.Large) == 0)
        {
            return large != 0;
        }

        if (!KernelFrames.TryTake(FrameKind.Kernel, out uint number))
        {
            return false;
        }

        ulong* table = (ulong*)FrameDatabase.Bytes(number);
        for (ulong i = 0; i < PageSize.FramesPerLarge; i++)
        {
            table[i] = (large & ~PageTableEntry.Large) + (i << PageSize.Shift);
        }

        *block = PageTableEntry.ToTable(PhysicalAddress.OfFrame(number));
        return true;
    }

    // SAFETY: tables are reached through the kernel's own entries only.
    private static bool TryFindLeafEntry(ulong address, out ulong* entry)
    {
        ulong* table = root;
        entry = null;
        for (int level = Levels - 1; level > 0; level--)
        {
            if (!TryDescend(table, address, level, out table))
            {
                return false;
            }
        }

        entry = table + IndexAt(address, 0);
        return true;
    }

    // SAFETY: as above; a new table is all zeros.
    private static bool TryDescend(ulong* table, ulong address, int level, out ulong* lower)
    {
        ulong* entry = table + IndexAt(address, level);
        if (*entry == 0)
        {
            if (!KernelFrames.TryTakeCleared(FrameKind.KernelPageTable, out uint number))
            {
                lower = null;
                return false;
            }

            if (!KernelFrames.IsEarly)
            {
                FrameDatabase.Record(number)->EntryCount = 0;
            }

            *entry = PageTableEntry.ToTable(PhysicalAddress.OfFrame(number));
            Count(entry, 1);
        }

        if ((*entry & PageTableEntry.Large) != 0)
        {
            Invariant.Broken("A kernel page was mapped within a large one.");
        }

        lower = TableIn(*entry);
        return true;
    }

    // SAFETY: the entry is one of the kernel's tables.
    private static void Clear(ulong* entry)
    {
        *entry = 0;
        Count(entry, -1);
    }

    /// <summary>Notes that the table of an entry has one more that is not zero, or one less. Only tables that may be freed are counted.</summary>
    // SAFETY: RAM has records once frames are not taken early any more.
    private static void Count(ulong* entry, int change)
    {
        if (!KernelFrames.IsEarly)
        {
            FrameRecord* record = FrameDatabase.Record(TableOf(entry));
            record->EntryCount += record->Kind == FrameKind.KernelPageTable ? (ushort)change : (ushort)0;
        }
    }

    private static bool IsEmptied(ulong* entry)
    {
        FrameRecord* record = FrameDatabase.Record(TableOf(entry));
        return record->Kind == FrameKind.KernelPageTable && record->EntryCount == 0;
    }

    /// <summary>The frame of the table that an entry is in.</summary>
    private static uint TableOf(ulong* entry) => (uint)(((ulong)entry - PhysicalMemory.Base) >> PageSize.Shift);

    private static ulong* TableIn(ulong entry) => (ulong*)(PhysicalMemory.Base + PageTableEntry.AddressOf(entry).Value);

    private static ulong IndexAt(ulong address, int level) => (address >> (PageSize.Shift + (9 * level))) & 511;
}
