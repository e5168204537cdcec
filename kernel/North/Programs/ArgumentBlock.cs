using System;
using LiteBox.Abi;
using LiteBox.North.Memory;
using LiteBox.Platform;

namespace LiteBox.North.Programs;

/// <summary>
/// The strings of a new program (arguments, environment, its path), gathered in frames that become the top of its stack. They are copied from the old
/// program once. Dispose frees what was not handed over.
/// </summary>
internal sealed class ArgumentBlock
{
    /// <summary>The longest single string with its zero (MAX_ARG_STRLEN, execve(2)).</summary>
    private const int MaximumStringLength = 32 * UserAddress.PageSize;

    /// <summary>Heap bytes of an array beyond its elements, rounded up generously.</summary>
    public const int ArrayOverhead = 64;

    private readonly FrameAllocator frames;
    private readonly KernelHeap heap;
    private readonly long maximumLength;
    private Frame[] pages = new Frame[4];
    private int pageCount;
    private int[] starts = new int[32];

    /// <summary>A block for at most this many bytes, pointers to the strings included.</summary>
    public ArgumentBlock(Machine machine, long maximumLength)
    {
        frames = machine.Frames;
        heap = machine.Heap;
        this.maximumLength = maximumLength;
    }

    /// <summary>Bytes so far.</summary>
    public int Length { get; private set; }

    /// <summary>Strings so far.</summary>
    public int Count { get; private set; }

    /// <summary>Frames so far.</summary>
    public int PageCount => pageCount;

    /// <summary>Where a string begins, in bytes from the start of the block.</summary>
    public int StartOf(int index) => starts[index];

    /// <summary>Appends a string of the kernel's, with a zero.</summary>
    public Errno Add(ReadOnlySpan<byte> text)
    {
        Errno error = Begin();
        return error != Errno.None ? error : !TryAppend(text) || !TryAppend([0]) ? Errno.ENOMEM : CheckLength();
    }

    /// <summary>Appends bytes that are no string: the random bytes of AT_RANDOM.</summary>
    public Errno AddBytes(ReadOnlySpan<byte> bytes)
    {
        Errno error = Begin();
        return error != Errno.None ? error : TryAppend(bytes) ? Errno.None : Errno.ENOMEM;
    }

    /// <summary>Appends a string of the running program's, with its zero. EFAULT, E2BIG, ENOMEM.</summary>
    public Errno Add(UserMemory memory, UserAddress address)
    {
        Errno error = Begin();
        if (error != Errno.None)
        {
            return error;
        }

        int start = Length;
        while (true)
        {
            if (!TryGetRoom(out Span<byte> room))
            {
                return Errno.ENOMEM;
            }

            if (!memory.TryReadString(address + (ulong)(Length - start), room, out int length))
            {
                return Errno.EFAULT;
            }

            if (length < room.Length)
            {
                room[length] = 0;
                Length += length + 1;
                return Length - start > MaximumStringLength ? Errno.E2BIG : CheckLength();
            }

            Length += length;
            if (Length - start >= MaximumStringLength)
            {
                return Errno.E2BIG;
            }

            error = CheckLength();
            if (error != Errno.None)
            {
                return error;
            }
        }
    }

    /// <summary>Maps the pages at an address of the new program's stack; they belong to it then. False: no memory.</summary>
    public bool TryMap(PageTable table, UserAddress start, PageProtection protection)
    {
        for (int i = 0; i < pageCount; i++)
        {
            if (!table.TryMap(start + ((ulong)i << UserAddress.PageShift), pages[i], protection))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Gives the frames up. Those that were mapped live on in the page table.</summary>
    public void Dispose()
    {
        for (int i = 0; i < pageCount; i++)
        {
            frames.Release(pages[i]);
        }

        pageCount = 0;
    }

    private Errno Begin()
    {
        if (Count == starts.Length)
        {
            // How many strings come is the program's choice: no constant reservation covers them.
            if (!heap.TryReserve((starts.Length * 2 * sizeof(int)) + ArrayOverhead))
            {
                return Errno.ENOMEM;
            }

            int[] larger = new int[starts.Length * 2];
            starts.AsSpan().CopyTo(larger);
            starts = larger;
        }

        starts[Count++] = Length;
        return CheckLength();
    }

    private Errno CheckLength() => Length + ((long)Count * sizeof(ulong)) > maximumLength ? Errno.E2BIG : Errno.None;

    private bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (!TryGetRoom(out Span<byte> room))
            {
                return false;
            }

            int count = Math.Min(room.Length, bytes.Length);
            bytes.Slice(0, count).CopyTo(room);
            bytes = bytes.Slice(count);
            Length += count;
        }

        return true;
    }

    // The free rest of the last page; a new page where it is full.
    private bool TryGetRoom(out Span<byte> room)
    {
        if (Length == pageCount << UserAddress.PageShift)
        {
            if (!frames.TryAllocate(FrameContents.Zeroed, out Frame frame))
            {
                room = default;
                return false;
            }

            if (pageCount == pages.Length)
            {
                if (!heap.TryReserve((pages.Length * 2 * sizeof(uint)) + ArrayOverhead))
                {
                    frames.Release(frame);
                    room = default;
                    return false;
                }

                var larger = new Frame[pages.Length * 2];
                pages.AsSpan().CopyTo(larger);
                pages = larger;
            }

            pages[pageCount++] = frame;
        }

        room = frames.Bytes(pages[pageCount - 1]).Slice(Length & (UserAddress.PageSize - 1));
        return true;
    }
}
