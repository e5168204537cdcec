using System.Runtime.CompilerServices;
using LiteBox.Platform;

namespace LiteBox.South.Memory;

internal sealed unsafe partial class UserPageTable
{
    /// <inheritdoc/>
    // SAFETY: entries are those of this address space's own tables.
    public override void Unmap(UserAddress start, ulong pageCount)
    {
        StaleTranslations stale = new(this);
        for (LeafWalk walk = new(this, start, pageCount); walk.TryNext();)
        {
            FrameRecord* record = RecordOf(walk.Leaf);
            while (walk.TryNextEntry(out ulong index))
            {
                ulong entry = walk.Leaf[index];
                walk.Leaf[index] = 0;
                record->EntryCount--;
                if ((entry & PageTableEntry.Present) != 0)
                {
                    stale.Add(walk.Region + (index << PageSize.Shift));
                }

                FrameDatabase.Release(FrameOf(entry));
            }

            if (record->EntryCount == 0)
            {
                RemoveEmptyTables(walk.Region);
            }
        }

        stale.Flush();
    }

    /// <inheritdoc/>
    // SAFETY: as above.
    public override void Protect(UserAddress start, ulong pageCount, PageProtection protection, PageSharing sharing)
    {
        ulong allowed = Encode(protection);
        ulong withoutWrite = Encode(protection & ~PageProtection.Write);
        bool copyOnWrite = sharing == PageSharing.Private && (protection & PageProtection.Write) != 0;
        StaleTranslations stale = new(this);
        for (LeafWalk walk = new(this, start, pageCount); walk.TryNext();)
        {
            while (walk.TryNextEntry(out ulong index))
            {
                ulong old = walk.Leaf[index];
                bool shared = copyOnWrite && FrameDatabase.Record(FrameOf(old))->Owners != 1;
                ulong entry = PageTableEntry.ToPage(PageTableEntry.AddressOf(old), shared ? withoutWrite : allowed);
                walk.Leaf[index] = entry;
                if (entry != old && (old & PageTableEntry.Present) != 0)
                {
                    stale.Add(walk.Region + (index << PageSize.Shift));
                }
            }
        }

        stale.Flush();
    }

    /// <inheritdoc/>
    // SAFETY: both tables are South's own and are not changed by anybody else meanwhile: the kernel is not preempted.
    public override bool TryCopyFrom(PageTable source, UserAddress start, ulong pageCount, PageSharing sharing)
    {
        UserPageTable from = (UserPageTable)source;
        ulong keep = sharing == PageSharing.Private ? ~(PageTableEntry.Writable | PageTableEntry.Dirty) : ~0UL;
        bool lostWrite = false;
        bool success = true;
        for (LeafWalk walk = new(from, start, pageCount); success && walk.TryNext();)
        {
            success = TryCopyLeaf(ref walk, keep, ref lostWrite);
        }

        if (lostWrite && from.IsCurrent)
        {
            TranslationCache.InvalidateAll();
        }

        return success;
    }

    /// <inheritdoc/>
    // SAFETY: as above.
    public override bool TryMove(UserAddress from, UserAddress to, ulong pageCount)
    {
        CheckRange(to, pageCount);
        if (!TryMakeLeavesFor(from, to, pageCount))
        {
            RemoveEmptyTablesIn(to, pageCount);
            return false;
        }

        StaleTranslations stale = new(this);
        for (LeafWalk walk = new(this, from, pageCount); walk.TryNext();)
        {
            FrameRecord* record = RecordOf(walk.Leaf);
            while (walk.TryNextEntry(out ulong index))
            {
                ulong address = walk.Region + (index << PageSize.Shift);
                ulong entry = walk.Leaf[index];
                walk.Leaf[index] = 0;
                record->EntryCount--;
                MoveEntry(address - from.Value + to.Value, entry);
                if ((entry & PageTableEntry.Present) != 0)
                {
                    stale.Add(address);
                }
            }

            if (record->EntryCount == 0)
            {
                RemoveEmptyTables(walk.Region);
            }
        }

        stale.Flush();
        return true;
    }

    /// <inheritdoc/>
    // SAFETY: nobody uses the table any more; a processor that still has it loaded is sent to the kernel's own first.
    public override void Free()
    {
        if (IsCurrent)
        {
            TranslationCache.SwitchTo(KernelPageTable.Root);
        }

        Unmap(default, UserAddress.Limit >> PageSize.Shift);
        if (RecordOf(root)->EntryCount != 0)
        {
            Invariant.Broken("An address space was freed that maps something.");
        }

        PageTablePool.ReturnRoot(root);
    }

    // SAFETY: as in TryCopyFrom. Owners are added for each entry copied, whether or not its page is present.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryCopyLeaf(ref LeafWalk walk, ulong keep, ref bool lostWrite)
    {
        ulong* leaf = null;
        while (walk.TryNextEntry(out ulong index))
        {
            if (leaf is null)
            {
                leaf = TryMakeLeaf(walk.Region);
                if (leaf is null)
                {
                    return false;
                }
            }

            if (leaf[index] != 0)
            {
                Invariant.Broken("North copied pages to where others are mapped.");
            }

            ulong old = walk.Leaf[index];
            ulong entry = old & keep;
            if (entry != old)
            {
                walk.Leaf[index] = entry;
                lostWrite = true;
            }

            FrameDatabase.AddOwner(FrameOf(entry));
            leaf[index] = entry;
            CountEntry(leaf, index);
        }

        return true;
    }

    /// <summary>Makes the leaf tables that a move needs at its destination.</summary>
    private bool TryMakeLeavesFor(UserAddress from, UserAddress to, ulong pageCount)
    {
        for (LeafWalk walk = new(this, from, pageCount); walk.TryNext();)
        {
            while (walk.TryNextEntry(out ulong index))
            {
                if (TryMakeLeaf(walk.Region + (index << PageSize.Shift) - from.Value + to.Value) is null)
                {
                    return false;
                }
            }
        }

        return true;
    }

    // SAFETY: the leaf was made before.
    private void MoveEntry(ulong address, ulong entry)
    {
        ulong* leaf = FindLeaf(address);
        ulong index = (address >> PageSize.Shift) & 511;
        if (leaf[index] != 0)
        {
            Invariant.Broken("North moved pages to where others are mapped.");
        }

        leaf[index] = entry;
        CountEntry(leaf, index);
    }

    private void RemoveEmptyTablesIn(UserAddress start, ulong pageCount)
    {
        for (LeafWalk walk = new(this, start, pageCount); walk.TryNext();)
        {
            if (RecordOf(walk.Leaf)->EntryCount == 0)
            {
                RemoveEmptyTables(walk.Region);
            }
        }
    }
}
