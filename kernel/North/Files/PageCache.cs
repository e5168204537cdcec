using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using LiteBox.Abi;
using LiteBox.North.Memory;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>How many frames a file system may use, and uses.</summary>
internal sealed class FrameBudget
{
    public FrameBudget(long limit) => Limit = limit;

    /// <summary>The most it may use.</summary>
    public long Limit { get; set; }

    /// <summary>What it uses.</summary>
    public long Used { get; private set; }

    /// <summary>Takes one. False: ENOSPC.</summary>
    public bool TryTake()
    {
        if (Used >= Limit)
        {
            return false;
        }

        Used++;
        return true;
    }

    /// <summary>Gives one back.</summary>
    public void Return() => Used--;
}

/// <summary>
/// The contents of a file in frames, by page number; pages never written are holes and read as zeros. It owns one count of each frame.
/// Mappings of the file see the same frames.
/// </summary>
internal class PageCache : MemoryObject
{
    private const int PageSize = UserAddress.PageSize;
    private const int PageShift = UserAddress.PageShift;

    /// <summary>Pages in one table: 2 MiB of a file.</summary>
    private const int TableLength = 1 << TableShift;

    private const int TableShift = 9;

    /// <summary>Heap that the tables for the first byte of a write may take, in bytes.</summary>
    public const int TableHeap = 16384;

    /// <summary>Further bytes of a write for which the tables take one byte: a table of 2 KiB for 2 MiB, and its share in the dictionary.</summary>
    public const int BytesPerHeapByte = 512;

    private readonly FrameAllocator frames;
    private readonly FrameBudget? budget;

    // The first table grows with the file, so that small files are small; the others come whole.
    private Frame[] firstTable = [];
    private Dictionary<ulong, Frame[]>? furtherTables;

    // Pages that fallocate made and nobody has written or mapped: frames of zeros that SEEK_DATA passes over. Null while there are none.
    private Dictionary<ulong, bool>? unwritten;
    private int mappingCount;

    public PageCache(FrameAllocator frames, FrameBudget? budget)
    {
        this.frames = frames;
        this.budget = budget;
    }

    /// <summary>The file's size in bytes. Frames end with the page that holds the last byte, except for what fallocate kept beyond.</summary>
    public long Size { get; private set; }

    /// <summary>Frames in use.</summary>
    public long FrameCount { get; private set; }

    /// <summary>True while mappings of it exist.</summary>
    public bool IsMapped => mappingCount != 0;

    /// <inheritdoc/>
    public override Errno TryGetPage(ulong index, out Frame frame)
    {
        frame = Frame.None;
        if (index >= PagesOf(Size))
        {
            return Errno.EFAULT;
        }

        Errno error = TryMake(index, FrameContents.Zeroed, out frame);
        if (error == Errno.None)
        {
            unwritten?.Remove(index);
            frames.AddOwner(frame);
        }

        return error == Errno.ENOSPC ? Errno.EFAULT : error;
    }

    /// <inheritdoc/>
    public override bool TryGetPresentPage(ulong index, out Frame frame)
    {
        frame = index < PagesOf(Size) ? Find(index) : Frame.None;
        if (frame.IsNone)
        {
            return false;
        }

        frames.AddOwner(frame);
        return true;
    }

    /// <inheritdoc/>
    public override void Mapped() => mappingCount++;

    /// <inheritdoc/>
    public override void Unmapped() => mappingCount--;

    /// <summary>
    /// Copies out what stands from <paramref name="offset"/> on, as far as the file goes. EFAULT: a part may have been copied, the destination
    /// knows how much.
    /// </summary>
    public Errno Read(long offset, ref DataDestination destination)
    {
        long available = Size - offset;
        long left = destination.Remaining < available ? destination.Remaining : available;
        while (left > 0)
        {
            int start = (int)offset & (PageSize - 1);
            int count = left < PageSize - start ? (int)left : PageSize - start;
            Frame frame = Find((ulong)offset >> PageShift);
            bool isCopied = frame.IsNone
                ? destination.TryWriteZeros(count)
                : destination.TryWrite(frames.Bytes(frame).Slice(start, count));
            if (!isCopied)
            {
                return Errno.EFAULT;
            }

            offset += count;
            left -= count;
        }

        return Errno.None;
    }

    /// <summary>
    /// Takes all of the source in at <paramref name="offset"/> and lets the file grow. EFAULT, ENOSPC, ENOMEM: a part may have been taken, the source
    /// knows how much.
    /// </summary>
    public Errno Write(long offset, ref DataSource source)
    {
        Errno error = Errno.None;
        while (source.Remaining > 0 && error == Errno.None)
        {
            int start = (int)offset & (PageSize - 1);
            int count = Math.Min(PageSize - start, source.Remaining);
            int before = source.Count;
            ulong index = (ulong)offset >> PageShift;
            Frame frame = Find(index);
            if (frame.IsNone)
            {
                error = count == PageSize ? WriteNewPage(index, ref source) : WritePart(index, start, count, ref source);
            }
            else
            {
                unwritten?.Remove(index);
                error = source.TryRead(frames.Bytes(frame).Slice(start, count)) ? Errno.None : Errno.EFAULT;
            }

            offset += source.Count - before;
            if (offset > Size)
            {
                Size = offset;
            }
        }

        return error;
    }

    /// <summary>Changes the size: what is cut off goes, what is added reads as zeros.</summary>
    public void Resize(long size)
    {
        if (size < Size)
        {
            ReleaseFrom(PagesOf(size));
            int tail = (int)size & (PageSize - 1);
            Frame last = Find((ulong)size >> PageShift);
            if (tail != 0 && !last.IsNone)
            {
                frames.Bytes(last).Slice(tail).Clear();
            }
        }

        Size = size;
    }

    /// <summary>fallocate(2): makes frames for all pages of the range. On failure the pages made so far stay.</summary>
    public Errno Allocate(long offset, long length)
    {
        ulong end = PagesOf(offset + length);
        for (ulong index = (ulong)offset >> PageShift; index < end; index++)
        {
            if (!Find(index).IsNone)
            {
                continue;
            }

            Errno error = TryMake(index, FrameContents.Zeroed, out _);
            if (error != Errno.None)
            {
                return error;
            }

            unwritten ??= new Dictionary<ulong, bool>();
            unwritten[index] = true;
        }

        return Errno.None;
    }

    /// <summary>fallocate(2) with FALLOC_FL_PUNCH_HOLE: zeros the range and gives whole pages back.</summary>
    public void Punch(long offset, long length)
    {
        long end = offset + length;
        while (offset < end)
        {
            int start = (int)offset & (PageSize - 1);
            int count = (int)Math.Min(PageSize - start, end - offset);
            ulong index = (ulong)offset >> PageShift;
            if (offset > Size && index >= (ulong)firstTable.Length && furtherTables is null)
            {
                return;
            }

            if (count == PageSize)
            {
                Release(index);
            }
            else
            {
                Frame frame = Find(index);
                if (!frame.IsNone)
                {
                    frames.Bytes(frame).Slice(start, count).Clear();
                }
            }

            offset += count;
        }
    }

    /// <summary>lseek(2) SEEK_DATA and SEEK_HOLE: the next place at or behind <paramref name="offset"/> that is data, or is not. -1: none before the end.</summary>
    public long FindNext(long offset, bool isData)
    {
        while (offset < Size)
        {
            if (IsData((ulong)offset >> PageShift) == isData)
            {
                return offset;
            }

            offset = (offset & ~(long)(PageSize - 1)) + PageSize;
        }

        return -1;
    }

    /// <summary>Gives all frames back; the file is empty.</summary>
    public void Clear()
    {
        ReleaseFrom(0);
        Size = 0;
    }

    /// <summary>True where all pages of the range can be entered without a new table.</summary>
    public bool HasTablesFor(long start, long end)
    {
        if (end <= (long)firstTable.Length << PageShift)
        {
            return true;
        }

        const long TableBytes = (long)TableLength << PageShift;
        return start >= TableBytes && end - start <= TableBytes && HasFurtherTable(start) && HasFurtherTable(end - 1);
    }

    private bool HasFurtherTable(long offset) =>
        furtherTables is not null && furtherTables.ContainsKey((ulong)offset >> PageShift >> TableShift);

    private bool IsData(ulong index) => !Find(index).IsNone && (unwritten is null || !unwritten.ContainsKey(index));

    private static ulong PagesOf(long size) => ((ulong)size + PageSize - 1) >> PageShift;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Frame Find(ulong index)
    {
        Frame[] table = firstTable;
        return index < (ulong)table.Length ? table[index] : FindFurther(index);
    }

    private Frame FindFurther(ulong index) =>
        furtherTables is not null && index >= TableLength && furtherTables.TryGetValue(index / TableLength, out Frame[]? further)
            ? further[index % TableLength]
            : Frame.None;

    /// <summary>The frame of a page, made if need be; the cache owns it.</summary>
    private Errno TryMake(ulong index, FrameContents contents, out Frame frame)
    {
        frame = Find(index);
        if (!frame.IsNone)
        {
            return Errno.None;
        }

        if (budget is not null && !budget.TryTake())
        {
            return Errno.ENOSPC;
        }

        if (!frames.TryAllocate(contents, out frame))
        {
            budget?.Return();
            return Errno.ENOMEM;
        }

        Enter(index, frame);
        return Errno.None;
    }

    private Errno WritePart(ulong index, int start, int count, ref DataSource source)
    {
        Errno error = TryMake(index, FrameContents.Zeroed, out Frame frame);
        if (error != Errno.None)
        {
            return error;
        }

        return source.TryRead(frames.Bytes(frame).Slice(start, count)) ? Errno.None : Errno.EFAULT;
    }

    // SECURITY: the frame holds somebody's old bytes until all of it is overwritten (T70), and the copy can fault into a mapping of this very page.
    // So it enters the cache only afterwards.
    private Errno WriteNewPage(ulong index, ref DataSource source)
    {
        if (budget is not null && !budget.TryTake())
        {
            return Errno.ENOSPC;
        }

        if (!frames.TryAllocate(FrameContents.Undefined, out Frame frame))
        {
            budget?.Return();
            return Errno.ENOMEM;
        }

        int before = source.Count;
        Span<byte> page = frames.Bytes(frame);
        Errno error = source.TryRead(page) ? Errno.None : Errno.EFAULT;
        int count = source.Count - before;
        Frame other = Find(index);
        if (other.IsNone && count > 0)
        {
            page.Slice(count).Clear();
            Enter(index, frame);
            return error;
        }

        page.Slice(0, count).CopyTo(other.IsNone ? default : frames.Bytes(other));
        frames.Release(frame);
        budget?.Return();
        return error;
    }

    private void Enter(ulong index, Frame frame)
    {
        FrameCount++;
        if (index < TableLength)
        {
            if (index >= (ulong)firstTable.Length)
            {
                GrowFirstTable((int)index + 1);
            }

            firstTable[index] = frame;
            return;
        }

        furtherTables ??= new Dictionary<ulong, Frame[]>();
        if (!furtherTables.TryGetValue(index / TableLength, out Frame[]? table))
        {
            table = new Frame[TableLength];
            furtherTables.Add(index / TableLength, table);
        }

        table[index % TableLength] = frame;
    }

    private void GrowFirstTable(int length)
    {
        int capacity = Math.Max(1, firstTable.Length);
        while (capacity < length)
        {
            capacity *= 2;
        }

        Frame[] larger = new Frame[capacity];
        Array.Copy(firstTable, larger, firstTable.Length);
        firstTable = larger;
    }

    private void Release(ulong index)
    {
        Frame frame = Find(index);
        if (frame.IsNone)
        {
            return;
        }

        if (index < TableLength)
        {
            firstTable[index] = Frame.None;
        }
        else
        {
            furtherTables![index / TableLength][index % TableLength] = Frame.None;
        }

        Give(index, frame);
    }

    private void ReleaseFrom(ulong index)
    {
        for (ulong i = index; i < (ulong)firstTable.Length; i++)
        {
            Release(i);
        }

        if (index == 0)
        {
            firstTable = [];
        }

        if (furtherTables is null)
        {
            return;
        }

        List<ulong> emptied = new();
        foreach (KeyValuePair<ulong, Frame[]> pair in furtherTables)
        {
            ulong start = pair.Key * TableLength;
            if (start + TableLength <= index)
            {
                continue;
            }

            for (ulong i = Math.Max(start, index); i < start + TableLength; i++)
            {
                Release(i);
            }

            if (start >= index)
            {
                emptied.Add(pair.Key);
            }
        }

        foreach (ulong key in emptied)
        {
            furtherTables.Remove(key);
        }
    }

    private void Give(ulong index, Frame frame)
    {
        unwritten?.Remove(index);
        frames.Release(frame);
        budget?.Return();
        FrameCount--;
    }
}
