using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using LiteBox.Platform;

namespace LiteBox.South.Memory;

/// <summary>
/// The user half of an address space in the processor's own form: four levels of tables (APM volume 2, 5.3). Each table's frame record counts
/// the entries that are not zero and says roughly where they are, so that a walk costs what is mapped and not what could be; a table
/// that becomes empty is freed at once.
/// </summary>
internal sealed unsafe partial class UserPageTable : PageTable
{
    private const int RootLevel = 3;
    private const ulong NoRegion = ulong.MaxValue;

    private readonly ulong* root;

    /// <summary>The leaf table used last and the 2 MiB region that it maps: faults come in clusters.</summary>
    private ulong* recentLeaf;
    private ulong recentRegion = NoRegion;

    // SAFETY: the table is fresh and this object's own until Free.
    private UserPageTable(ulong* root) => this.root = root;

    /// <summary>Physical address of the top-level table.</summary>
    public ulong Root => (ulong)root - PhysicalMemory.Base;

    private bool IsCurrent => TranslationCache.CurrentRoot == Root;

    /// <summary>An empty address space, or null when memory has run out.</summary>
    public static UserPageTable? TryCreate()
    {
        ulong* root = PageTablePool.TryTakeRoot();
        return root is null ? null : new UserPageTable(root);
    }

    /// <summary>Makes it the processor's address space.</summary>
    public void Activate() => TranslationCache.SwitchTo(Root);

    /// <inheritdoc/>
    public override bool TryMap(UserAddress page, Frame frame, PageProtection protection)
    {
        CheckPage(page);
        ulong* leaf = TryMakeLeaf(page.Value);
        if (leaf is null)
        {
            return false;
        }

        FrameDatabase.AddOwner(frame.Number);
        Put(leaf, page.Value, Encode(frame.Number, protection));
        return true;
    }

    /// <inheritdoc/>
    public override bool TryMapOwned(UserAddress page, Frame frame, PageProtection protection)
    {
        CheckPage(page);
        ulong* leaf = TryMakeLeaf(page.Value);
        if (leaf is null)
        {
            return false;
        }

        if (FrameDatabase.Record(frame.Number)->Kind != FrameKind.Data)
        {
            Invariant.Broken("North mapped a frame that holds no data.");
        }

        Put(leaf, page.Value, Encode(frame.Number, protection));
        return true;
    }

    /// <inheritdoc/>
    // SAFETY: the leaf is a table of this address space.
    public override bool TryLookup(UserAddress page, out Frame frame, out PageProtection protection)
    {
        CheckPage(page);
        ulong* leaf = FindLeaf(page.Value);
        ulong entry = leaf is null ? 0 : leaf[(page.Value >> PageSize.Shift) & 511];
        frame = new Frame(FrameOf(entry));
        protection = Decode(entry);
        return entry != 0;
    }

    /// <inheritdoc/>
    public override long CountMapped(UserAddress start, ulong pageCount)
    {
        long count = 0;
        for (LeafWalk walk = new(this, start, pageCount); walk.TryNext();)
        {
            while (walk.TryNextEntry(out _))
            {
                count++;
            }
        }

        return count;
    }

    /// <summary>Bits of an entry that allow what is asked for. Write implies read; what is present can be read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Encode(PageProtection protection)
    {
        const ulong Base = PageTableEntry.Present | PageTableEntry.User | PageTableEntry.Accessed;
        ulong bits = (ulong)protection;
        ulong write = bits & (ulong)PageProtection.Write; // the same bit as PageTableEntry.Writable
        ulong execute = bits & (ulong)PageProtection.Execute;
        return bits == 0 ? PageTableEntry.Held : Base | write | (write << 5) | ((execute ^ 4) << 61);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Encode(uint frame, PageProtection protection) =>
        PageTableEntry.ToPage(PhysicalAddress.OfFrame(frame), Encode(protection));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static PageProtection Decode(ulong entry)
    {
        if ((entry & PageTableEntry.Present) == 0)
        {
            return PageProtection.None;
        }

        PageProtection protection = PageProtection.Read | (PageProtection)(entry & PageTableEntry.Writable);
        return (entry & PageTableEntry.NoExecute) == 0 ? protection | PageProtection.Execute : protection;
    }

    private static uint FrameOf(ulong entry) => PageTableEntry.AddressOf(entry).FrameNumber;

    // SAFETY: the pointer is that of a table in the direct map.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FrameRecord* RecordOf(ulong* table) => FrameDatabase.Record((uint)(((ulong)table - PhysicalMemory.Base) >> PageSize.Shift));

    // SAFETY: an entry of an upper level that is not zero names a table of this address space.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong* TableIn(ulong entry) => (ulong*)(PhysicalMemory.Base + PageTableEntry.AddressOf(entry).Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CheckPage(UserAddress page)
    {
        if ((page.Value & PageSize.Mask) != 0 || page.Value >= UserAddress.Limit)
        {
            Invariant.Broken("North named a page that is not one of a program.");
        }
    }

    private static void CheckRange(UserAddress start, ulong pageCount)
    {
        if (!start.IsPageAligned || pageCount > UserAddress.Limit >> PageSize.Shift || !start.IsRangeInUserHalf(pageCount << PageSize.Shift))
        {
            Invariant.Broken("North named a range that is not one of a program.");
        }
    }

    /// <summary>Notes that an entry of a table, zero until now, will not be.</summary>
    // SAFETY: the table is one of this address space; so is its record.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CountEntry(ulong* table, ulong index)
    {
        FrameRecord* record = RecordOf(table);
        record->EntryCount++;
        record->EntryGroups |= 1UL << (int)(index >> 3);
    }

    /// <summary>Stores an entry, releasing the frame of the one that was there.</summary>
    // SAFETY: the leaf is a table of this address space; the index has nine bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Put(ulong* leaf, ulong address, ulong entry)
    {
        ulong index = (address >> PageSize.Shift) & 511;
        ulong old = leaf[index];
        leaf[index] = entry;
        if (old == 0)
        {
            CountEntry(leaf, index);
        }
        else
        {
            Forget(address, old);
        }
    }

    /// <summary>An entry is gone: its translation and its ownership of the frame go too.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Forget(ulong address, ulong entry)
    {
        if ((entry & PageTableEntry.Present) != 0 && IsCurrent)
        {
            TranslationCache.Invalidate(address);
        }

        FrameDatabase.Release(FrameOf(entry));
    }

    /// <summary>The leaf table for an address, or null.</summary>
    // SAFETY: tables are reached through entries of this address space only.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong* FindLeaf(ulong address) => address >> PageSize.LargeShift == recentRegion ? recentLeaf : WalkToLeaf(address);

    // SAFETY: as above.
    private ulong* WalkToLeaf(ulong address)
    {
        ulong* table = root;
        for (int level = RootLevel; level > 0; level--)
        {
            ulong entry = table[IndexAt(address, level)];
            if (entry == 0)
            {
                return null;
            }

            table = TableIn(entry);
        }

        recentRegion = address >> PageSize.LargeShift;
        recentLeaf = table;
        return table;
    }

    /// <summary>For an address without a leaf table: a higher one below which there is none either.</summary>
    // SAFETY: as above.
    private ulong PassAbsent(ulong address)
    {
        ulong* table = root;
        int level = RootLevel;
        for (ulong entry = table[IndexAt(address, level)]; entry != 0 && level > 1; entry = table[IndexAt(address, level)])
        {
            table = TableIn(entry);
            level--;
        }

        ulong index = IndexAt(address, level);
        int shift = PageSize.Shift + (9 * level);
        ulong groups = RecordOf(table)->EntryGroups & (ulong.MaxValue << (int)(index >> 3));
        int group = groups == 0 ? 64 : BitOperations.TrailingZeroCount(groups);
        ulong nextIndex = Math.Max(index + 1, (ulong)group * 8);
        return (address & ~((512UL << shift) - 1)) + (nextIndex << shift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong* TryMakeLeaf(ulong address) =>
        address >> PageSize.LargeShift == recentRegion ? recentLeaf : TryMakeLeafSlowly(address);

    /// <summary>The leaf table for an address; missing tables are made. Null when memory has run out; then what was made is taken back.</summary>
    // SAFETY: as above; new tables are empty.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong* TryMakeLeafSlowly(ulong address)
    {
        ulong* table = root;
        for (int level = RootLevel; level > 0; level--)
        {
            ulong index = IndexAt(address, level);
            ulong entry = table[index];
            if (entry == 0)
            {
                ulong* fresh = PageTablePool.TryTakeTable();
                if (fresh is null)
                {
                    RemoveEmptyTables(address);
                    return null;
                }

                entry = PageTableEntry.ToTable(new PhysicalAddress((ulong)fresh - PhysicalMemory.Base));
                table[index] = entry;
                CountEntry(table, index);
            }

            table = TableIn(entry);
        }

        recentRegion = address >> PageSize.LargeShift;
        recentLeaf = table;
        return table;
    }

    /// <summary>Frees the empty tables on the path to an address, from the lowest that exists upwards.</summary>
    // SAFETY: as above; a table is freed only when it maps nothing and its parent's entry is gone.
    private void RemoveEmptyTables(ulong address)
    {
        ulong** path = stackalloc ulong*[RootLevel + 1];
        path[RootLevel] = root;
        int level = RootLevel;
        while (level > 0)
        {
            ulong entry = path[level][IndexAt(address, level)];
            if (entry == 0)
            {
                break;
            }

            path[--level] = TableIn(entry);
        }

        for (; level < RootLevel && RecordOf(path[level])->EntryCount == 0; level++)
        {
            path[level + 1][IndexAt(address, level + 1)] = 0;
            RecordOf(path[level + 1])->EntryCount--;
            if (path[level] == recentLeaf)
            {
                recentRegion = NoRegion;
                recentLeaf = null;
            }

            PageTablePool.ReturnTable(path[level]);
        }
    }

    private static ulong IndexAt(ulong address, int level) => (address >> (PageSize.Shift + (9 * level))) & 511;
}
