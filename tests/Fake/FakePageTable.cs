using System;
using System.Collections.Generic;
using LiteBox.Platform;

namespace LiteBox.Fake;

/// <summary>A page table as a dictionary, with a frame of "table memory" for every 512 pages of address space in use.</summary>
public sealed class FakePageTable : PageTable
{
    private readonly FakeFrames frames;
    private readonly SortedDictionary<ulong, Entry> entries = new();
    private readonly HashSet<ulong> tables = [];
    private bool isFreed;

    internal FakePageTable(FakeFrames frames) => this.frames = frames;

    private readonly record struct Entry(Frame Frame, PageProtection Protection);

    /// <summary>Pages mapped.</summary>
    public int Count => entries.Count;

    public override bool TryMap(UserAddress page, Frame frame, PageProtection protection)
    {
        if (!TryPrepare(page))
        {
            return false;
        }

        frames.AddOwner(frame);
        Set(page, frame, protection);
        return true;
    }

    public override bool TryMapOwned(UserAddress page, Frame frame, PageProtection protection)
    {
        if (!TryPrepare(page))
        {
            return false;
        }

        Set(page, frame, protection);
        return true;
    }

    public override bool TryLookup(UserAddress page, out Frame frame, out PageProtection protection)
    {
        Check(page, 1);
        bool found = entries.TryGetValue(page.PageNumber, out Entry entry);
        frame = entry.Frame;
        protection = entry.Protection;
        return found;
    }

    public override void Unmap(UserAddress start, ulong pageCount)
    {
        Check(start, pageCount);
        foreach (ulong page in Pages(start, pageCount))
        {
            frames.Release(entries[page].Frame);
            entries.Remove(page);
        }
    }

    public override void Protect(UserAddress start, ulong pageCount, PageProtection protection, PageSharing sharing)
    {
        Check(start, pageCount);
        foreach (ulong page in Pages(start, pageCount))
        {
            Frame frame = entries[page].Frame;
            bool mayWrite = sharing == PageSharing.Shared || frames.OwnerCount(frame) == 1;
            entries[page] = new Entry(frame, mayWrite ? protection : protection & ~PageProtection.Write);
        }
    }

    public override bool TryCopyFrom(PageTable source, UserAddress start, ulong pageCount, PageSharing sharing)
    {
        Check(start, pageCount);
        var other = (FakePageTable)source;
        foreach (ulong page in other.Pages(start, pageCount))
        {
            Entry entry = other.entries[page];
            if (sharing == PageSharing.Private)
            {
                entry = entry with { Protection = entry.Protection & ~PageProtection.Write };
            }

            if (!TryMap(new UserAddress(page << UserAddress.PageShift), entry.Frame, entry.Protection))
            {
                return false;
            }

            other.entries[page] = entry;
        }

        return true;
    }

    public override bool TryMove(UserAddress from, UserAddress to, ulong pageCount)
    {
        Check(from, pageCount);
        Check(to, pageCount);
        List<ulong> pages = Pages(from, pageCount);
        foreach (ulong page in pages)
        {
            if (!TryPrepare(new UserAddress((page - from.PageNumber + to.PageNumber) << UserAddress.PageShift)))
            {
                return false;
            }
        }

        foreach (ulong page in pages)
        {
            if (!entries.TryAdd(page - from.PageNumber + to.PageNumber, entries[page]))
            {
                throw new InvalidOperationException("The target of a move is mapped.");
            }

            entries.Remove(page);
        }

        return true;
    }

    public override long CountMapped(UserAddress start, ulong pageCount) => Pages(start, pageCount).Count;

    public override void Free()
    {
        foreach (Entry entry in entries.Values)
        {
            frames.Release(entry.Frame);
        }

        entries.Clear();
        foreach (ulong _ in tables)
        {
            frames.GiveBackTable();
        }

        tables.Clear();
        isFreed = true;
    }

    private List<ulong> Pages(UserAddress start, ulong pageCount)
    {
        var pages = new List<ulong>();
        foreach (ulong page in entries.Keys)
        {
            if (page >= start.PageNumber && page - start.PageNumber < pageCount)
            {
                pages.Add(page);
            }
        }

        return pages;
    }

    private bool TryPrepare(UserAddress page)
    {
        Check(page, 1);
        ulong table = page.PageNumber >> 9;
        if (tables.Contains(table))
        {
            return true;
        }

        if (!frames.TryTakeForTable())
        {
            return false;
        }

        tables.Add(table);
        return true;
    }

    private void Set(UserAddress page, Frame frame, PageProtection protection)
    {
        if (entries.TryGetValue(page.PageNumber, out Entry old))
        {
            frames.Release(old.Frame);
        }

        entries[page.PageNumber] = new Entry(frame, protection);
    }

    private void Check(UserAddress start, ulong pageCount)
    {
        if (isFreed)
        {
            throw new InvalidOperationException("The page table is freed.");
        }

        if (!start.IsPageAligned || !start.IsRangeInUserHalf(pageCount << UserAddress.PageShift))
        {
            throw new InvalidOperationException("Not a range of user pages.");
        }
    }
}
