using System;
using System.Threading;
using LiteBox.South.Memory;

namespace LiteBox.South.Snp;

/// <summary>
/// A run of pages that the host reads and writes at any moment. Nothing but these members touches them: each loads or stores once, or copies to or from private
/// memory (T50). What was copied out is checked afterwards, in the copy. Pages of a request to the host, for instance, are taken once at start-up:
/// <code>
/// SharedPages? request = pool.TryTake(1);
/// request.CopyFrom(0, message);
/// ghcb... request.Address ...
/// request.CopyTo(0, answer);
/// </code>
/// </summary>
internal sealed unsafe class SharedPages
{
    private readonly byte* memory;

    /// <param name="memory">Where the pages are mapped, without the C-bit.</param>
    /// <param name="address">Physical address of the first.</param>
    /// <param name="pageCount">How many there are, one after the other.</param>
    // SAFETY: the pool's pages are mapped as long as the machine runs and used through this object only. Tests pass memory of their own.
    internal SharedPages(byte* memory, PhysicalAddress address, int pageCount)
    {
        this.memory = memory;
        Address = address;
        PageCount = pageCount;
    }

    /// <summary>Physical address of the first page, without the C-bit: what the host is told.</summary>
    public PhysicalAddress Address { get; }

    /// <summary>Pages, physically one after the other.</summary>
    public int PageCount { get; }

    /// <summary>Bytes of all pages.</summary>
    public int Length => PageCount * PageSize.Bytes;

    /// <summary>Loads eight bytes, once. The offset is a multiple of eight.</summary>
    // SAFETY: the range is checked.
    public ulong Read64(int offset) => Volatile.Read(ref *(ulong*)At(offset, sizeof(ulong)));

    /// <summary>Stores eight bytes, once. The offset is a multiple of eight.</summary>
    // SAFETY: as above.
    public void Write64(int offset, ulong value) => Volatile.Write(ref *(ulong*)At(offset, sizeof(ulong)), value);

    /// <summary>Copies to private memory. The host may change what it likes during the copy, and nothing after it.</summary>
    // SAFETY: as above.
    public void CopyTo(int offset, Span<byte> destination) => new ReadOnlySpan<byte>(At(offset, destination.Length), destination.Length).CopyTo(destination);

    /// <summary>Copies from private memory: from now on the host knows it.</summary>
    // SAFETY: as above.
    public void CopyFrom(int offset, ReadOnlySpan<byte> source) => source.CopyTo(new Span<byte>(At(offset, source.Length), source.Length));

    /// <summary>Fills all pages with zeros.</summary>
    // SAFETY: the pages are this object's.
    public void Clear()
    {
        for (int page = 0; page < PageCount; page++)
        {
            PageContents.Clear(memory + (page * PageSize.Bytes));
        }
    }

    /// <summary>The first page as a GHCB, whose own members are its typed accessor.</summary>
    // SAFETY: the page is this object's, and large enough.
    internal GhcbPage* AsGhcb() => (GhcbPage*)memory;

    // SAFETY: the range is checked here.
    private byte* At(int offset, int length)
    {
        if (offset < 0 || length < 0 || length > Length || offset > Length - length || (length == sizeof(ulong) && offset % sizeof(ulong) != 0))
        {
            Invariant.Broken("Shared memory was used beyond its end.");
        }

        return memory + offset;
    }
}
