using System;
using LiteBox.North.Files;
using LiteBox.Platform;

namespace LiteBox.North.Memory;

/// <summary>Properties of an area beyond its protection.</summary>
[Flags]
internal enum AreaFlags
{
    None = 0,

    /// <summary>Stores reach the object and everybody who maps it (MAP_SHARED).</summary>
    Shared = 1,

    /// <summary>Grows towards lower addresses when touched below its start (a stack).</summary>
    GrowsDown = 2,

    /// <summary>mlock(2): kept in memory, as everything here is; counts against RLIMIT_MEMLOCK.</summary>
    Locked = 4,

    /// <summary>madvise(2) MADV_DONTFORK.</summary>
    NotInChild = 8,

    /// <summary>madvise(2) MADV_WIPEONFORK.</summary>
    EmptyInChild = 16,

    /// <summary>madvise(2) MADV_DONTDUMP.</summary>
    NotInDump = 32,

    /// <summary>Extended by brk(2).</summary>
    Heap = 64,

    /// <summary>MAP_NORESERVE, which only /proc/PID/smaps could show: memory is never reserved here.</summary>
    NoReserve = 128,
}

/// <summary>A range of pages that mean the same: one protection, one origin. What Linux calls a virtual memory area.</summary>
internal sealed class MemoryArea
{
    public MemoryArea(UserAddress start, UserAddress end, PageProtection protection, AreaFlags flags)
    {
        Start = start;
        End = end;
        Protection = protection;
        Flags = flags;
    }

    /// <summary>The first byte; page-aligned.</summary>
    public UserAddress Start { get; set; }

    /// <summary>One past the last byte; page-aligned.</summary>
    public UserAddress End { get; set; }

    public PageProtection Protection { get; set; }

    public AreaFlags Flags { get; set; }

    /// <summary>Where its pages come from; null for private anonymous memory.</summary>
    public MemoryObject? Object { get; init; }

    /// <summary>The page of <see cref="Object"/> that stands at <see cref="Start"/>.</summary>
    public ulong ObjectPage { get; set; }

    /// <summary>The open file that was mapped, for its name and its life; null for anonymous memory.</summary>
    public OpenFile? File { get; init; }

    /// <summary>True where mprotect(2) must not allow writing: a shared mapping of a file opened for reading.</summary>
    public bool IsNeverWritable { get; init; }

    /// <summary>True once the page table may hold pages that only it has: then fork must copy its entries. Other pages can be found again.</summary>
    public bool HasOwnPages { get; set; }

    public bool IsShared => (Flags & AreaFlags.Shared) != 0;

    public PageSharing Sharing => IsShared ? PageSharing.Shared : PageSharing.Private;

    /// <summary>Length in bytes.</summary>
    public ulong Length => End - Start;

    /// <summary>Length in pages.</summary>
    public ulong PageCount => (End - Start) >> UserAddress.PageShift;

    /// <summary>The page of the object behind a page of this area.</summary>
    public ulong ObjectPageOf(UserAddress page) => ObjectPage + ((page - Start) >> UserAddress.PageShift);

    public bool Contains(UserAddress address) => Start <= address && address < End;

    /// <summary>The part of this area from one address to another, as an area of its own; it holds the file and the object too.</summary>
    public MemoryArea CopyPart(UserAddress start, UserAddress end)
    {
        var part = new MemoryArea(start, end, Protection, Flags)
        {
            Object = Object,
            ObjectPage = Object is null ? 0 : ObjectPageOf(start),
            File = File,
            IsNeverWritable = IsNeverWritable,
            HasOwnPages = HasOwnPages,
        };
        part.Hold();
        return part;
    }

    /// <summary>True where this area and the one that begins at its end could be one.</summary>
    public bool CanMergeWith(MemoryArea next) =>
        End == next.Start
        && Protection == next.Protection
        && Flags == next.Flags
        && Object == next.Object
        && File == next.File
        && IsNeverWritable == next.IsNeverWritable
        && (Object is null || ObjectPage + PageCount == next.ObjectPage);

    /// <summary>The area came into being: it holds its file and object.</summary>
    public void Hold()
    {
        File?.AddOwner();
        Object?.Mapped();
    }

    /// <summary>The area is gone.</summary>
    public void Drop()
    {
        Object?.Unmapped();
        File?.Release(null);
    }
}
