using System;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.Signals;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>
/// A pipe (pipe(7)): a ring of bytes in frames, between those who opened it for reading and those who opened it for writing. Frames come as
/// they are needed and all but one go when it runs empty, so that small messages always use the same frame.
/// </summary>
internal sealed class Pipe
{
    /// <summary>PIPE_BUF: up to this many bytes are written in one piece.</summary>
    public const int AtomicLength = 4096;

    /// <summary>Capacity of a new pipe: 16 pages.</summary>
    public const int DefaultCapacity = 16 * PageSize;

    /// <summary>The most that F_SETPIPE_SZ gives those without CAP_SYS_RESOURCE (/proc/sys/fs/pipe-max-size).</summary>
    public const int MaximumCapacity = 1 << 20;

    private const int PageSize = UserAddress.PageSize;

    private readonly FrameAllocator allocator;
    private Frame[] ring = new Frame[DefaultCapacity / PageSize];

    // Bytes stand from readPosition on, count of them, around the ring.
    private int readPosition;
    private int count;

    public Pipe(Machine machine) => allocator = machine.Frames;

    /// <summary>Bytes in the pipe.</summary>
    public int Count => count;

    /// <summary>Bytes that fit in all.</summary>
    public int Capacity => ring.Length * PageSize;

    /// <summary>Open descriptions that can read.</summary>
    public int ReaderCount { get; private set; }

    /// <summary>Open descriptions that can write.</summary>
    public int WriterCount { get; private set; }

    /// <summary>How often somebody opened it for reading: opening for writing waits for a change.</summary>
    public int ReaderOpenings { get; private set; }

    /// <summary>How often somebody opened it for writing.</summary>
    public int WriterOpenings { get; private set; }

    /// <summary>Woken when bytes have come, or the last writer has gone, or a writer has come.</summary>
    public WaitQueue ReadReady { get; } = new();

    /// <summary>Woken when room has come, or the last reader has gone, or a reader has come.</summary>
    public WaitQueue WriteReady { get; } = new();

    public void AddReader()
    {
        ReaderCount++;
        ReaderOpenings++;
        WriteReady.WakeAll();
    }

    public void AddWriter()
    {
        WriterCount++;
        WriterOpenings++;
        ReadReady.WakeAll();
    }

    public void RemoveReader()
    {
        ReaderCount--;
        Changed();
    }

    public void RemoveWriter()
    {
        WriterCount--;
        Changed();
    }

    /// <summary>read(2): waits for bytes while there are writers.</summary>
    public Result Read(Task task, ref DataDestination destination, bool isNonBlocking)
    {
        if (destination.Length == 0)
        {
            return 0;
        }

        while (count == 0)
        {
            if (WriterCount == 0)
            {
                return 0;
            }

            if (isNonBlocking)
            {
                return Errno.EAGAIN;
            }

            Errno error = task.Wait(ReadReady);
            if (error != Errno.None)
            {
                return error;
            }
        }

        while (destination.Remaining > 0 && count > 0)
        {
            int offset = readPosition & (PageSize - 1);
            int length = Math.Min(Math.Min(PageSize - offset, count), destination.Remaining);
            if (!destination.TryWrite(allocator.Bytes(ring[readPosition / PageSize]).Slice(offset, length)))
            {
                break;
            }

            Consume(length);
        }

        if (destination.Count == 0)
        {
            return Errno.EFAULT;
        }

        if (!WriteReady.IsEmpty)
        {
            WriteReady.WakeAll();
        }

        return destination.Count;
    }

    /// <summary>write(2): waits for room while there are readers. Without readers: SIGPIPE and EPIPE.</summary>
    public Result Write(Task task, ref DataSource source, bool isNonBlocking)
    {
        while (source.Remaining > 0)
        {
            if (ReaderCount == 0)
            {
                if (source.Count > 0)
                {
                    break;
                }

                SignalSending.SendToTask(task, SignalInfo.FromProcess(SignalNumber.SIGPIPE, SignalInfo.SI_USER, task.Process.Id, task.Credentials.UserId));
                return Errno.EPIPE;
            }

            int needed = source.Length <= AtomicLength ? source.Remaining : 1;
            if (Capacity - count < needed)
            {
                Errno waited = isNonBlocking ? Errno.EAGAIN : task.Wait(WriteReady);
                if (waited != Errno.None)
                {
                    return source.Count > 0 ? source.Count : waited;
                }

                continue;
            }

            Errno error = Fill(ref source);
            if (!ReadReady.IsEmpty)
            {
                ReadReady.WakeAll();
            }

            if (error != Errno.None)
            {
                return source.Count > 0 ? source.Count : error;
            }
        }

        return source.Count;
    }

    /// <summary>F_SETPIPE_SZ: room for at least so many bytes. EBUSY: more than that are in it.</summary>
    public Result SetCapacity(Task task, long capacity)
    {
        if (capacity > 1L << 31)
        {
            return Errno.EINVAL;
        }

        int pages = 1;
        while ((long)pages * PageSize < capacity)
        {
            pages *= 2;
        }

        if ((long)pages * PageSize > MaximumCapacity && pages > ring.Length && !task.Credentials.Has(Capability.ExceedResources))
        {
            return Errno.EPERM;
        }

        int usedPages = count == 0 ? 0 : ((readPosition & (PageSize - 1)) + count + PageSize - 1) / PageSize;
        if (usedPages > pages || usedPages > ring.Length)
        {
            return Errno.EBUSY;
        }

        Frame[] resized = new Frame[pages];
        int firstPage = readPosition / PageSize;
        for (int i = 0; i < ring.Length; i++)
        {
            Frame frame = ring[(firstPage + i) % ring.Length];
            if (i < usedPages)
            {
                resized[i] = frame;
            }
            else if (!frame.IsNone)
            {
                allocator.Release(frame);
            }
        }

        ring = resized;
        readPosition &= PageSize - 1;
        WriteReady.WakeAll();
        return Capacity;
    }

    /// <summary>poll(2) for one end.</summary>
    public uint Poll(bool reads, bool writes, int writerOpeningsAtOpen)
    {
        uint events = 0;
        if (reads)
        {
            if (count > 0)
            {
                events |= PollEvents.In | PollEvents.ReadNormal;
            }

            if (WriterCount == 0 && WriterOpenings != writerOpeningsAtOpen)
            {
                events |= PollEvents.HangUp;
            }
        }

        if (writes)
        {
            if (Capacity - count >= AtomicLength)
            {
                events |= PollEvents.Out | PollEvents.WriteNormal;
            }

            if (ReaderCount == 0)
            {
                events |= PollEvents.Error;
            }
        }

        return events;
    }

    private Errno Fill(ref DataSource source)
    {
        while (source.Remaining > 0 && count < Capacity)
        {
            int position = readPosition + count;
            if (position >= Capacity)
            {
                position -= Capacity;
            }

            int page = position / PageSize;
            int offset = position & (PageSize - 1);
            int length = Math.Min(Math.Min(PageSize - offset, Capacity - count), source.Remaining);
            if (ring[page].IsNone && !allocator.TryAllocate(FrameContents.Undefined, out ring[page]))
            {
                return Errno.ENOMEM;
            }

            if (!source.TryRead(allocator.Bytes(ring[page]).Slice(offset, length)))
            {
                return Errno.EFAULT;
            }

            count += length;
        }

        return Errno.None;
    }

    private void Consume(int length)
    {
        readPosition += length;
        if (readPosition == Capacity)
        {
            readPosition = 0;
        }

        count -= length;
        if (count == 0)
        {
            readPosition = 0;
            ReleaseFrames(1);
        }
    }

    private void Changed()
    {
        if (ReaderCount == 0 && WriterCount == 0)
        {
            count = 0;
            readPosition = 0;
            ReleaseFrames(0);
        }

        ReadReady.WakeAll();
        WriteReady.WakeAll();
    }

    private void ReleaseFrames(int firstIndex)
    {
        for (int i = firstIndex; i < ring.Length; i++)
        {
            if (!ring[i].IsNone)
            {
                allocator.Release(ring[i]);
                ring[i] = Frame.None;
            }
        }
    }
}
