using System;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.Signals;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>
/// A pipe (pipe(7)) between those who opened it for reading and those who opened it for writing. As on Linux it is a ring of slots with a page
/// each: a write begins a new slot unless its odd part fits behind the last one, so that it fills up at the same point as Linux's.
/// </summary>
internal sealed class Pipe
{
    /// <summary>Capacity of a new pipe: 16 pages.</summary>
    public const int DefaultCapacity = 16 * PageSize;

    /// <summary>The most that F_SETPIPE_SZ gives those without CAP_SYS_RESOURCE (/proc/sys/fs/pipe-max-size).</summary>
    public const int MaximumCapacity = 1 << 20;

    private const int PageSize = UserAddress.PageSize;

    private readonly FrameAllocator allocator;
    private Slot[] slots = new Slot[DefaultCapacity / PageSize];
    private int firstSlot;
    private int slotCount;

    public Pipe(Machine machine) => allocator = machine.Frames;

    /// <summary>Bytes in the pipe.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes that fit in when every slot is full.</summary>
    public int Capacity => slots.Length * PageSize;

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

    private bool IsFull => slotCount == slots.Length;

    /// <summary>While memory is plenty, empty slots keep their frames: a stream of bytes then needs no allocator.</summary>
    private bool MayKeepFrames => allocator.FreeCount > allocator.TotalCount >> 2;

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

        while (slotCount == 0)
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

        bool wasFull = IsFull;
        bool hasFaulted = false;
        while (destination.Remaining > 0 && slotCount > 0 && !hasFaulted)
        {
            ref Slot slot = ref slots[firstSlot];
            int length = Math.Min(slot.Length, destination.Remaining);
            int before = destination.Count;
            hasFaulted = !destination.TryWrite(allocator.Bytes(slot.Frame).Slice(slot.Offset, length));
            Consume(ref slot, destination.Count - before);
        }

        if (destination.Count == 0)
        {
            return Errno.EFAULT;
        }

        if (wasFull && !IsFull)
        {
            WriteReady.WakeAll();
        }

        return destination.Count;
    }

    /// <summary>
    /// write(2): waits for room while there are readers; up to PIPE_BUF (a page) goes in one piece. Without readers: SIGPIPE and EPIPE.
    /// </summary>
    public Result Write(Task task, ref DataSource source, bool isNonBlocking)
    {
        if (source.Length == 0)
        {
            return 0;
        }

        if (ReaderCount == 0)
        {
            return Break(task);
        }

        bool wasEmpty = slotCount == 0;
        Errno error = wasEmpty ? Errno.None : AppendToLast(ref source);
        int written = error == Errno.None ? source.Count : 0;
        while (error == Errno.None && source.Remaining > 0)
        {
            if (ReaderCount == 0)
            {
                return written > 0 ? written : Break(task);
            }

            if (!IsFull)
            {
                error = AddSlot(ref source);
                written = error == Errno.None ? source.Count : written;
                continue;
            }

            if (isNonBlocking)
            {
                error = Errno.EAGAIN;
                break;
            }

            if (!ReadReady.IsEmpty)
            {
                ReadReady.WakeAll();
            }

            error = task.Wait(WriteReady);
        }

        if (!ReadReady.IsEmpty)
        {
            ReadReady.WakeAll();
        }

        return written > 0 ? written : error;
    }

    /// <summary>F_SETPIPE_SZ: room for at least so many bytes. EBUSY: more slots than that are in use.</summary>
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

        if ((long)pages * PageSize > MaximumCapacity && pages > slots.Length && !task.Credentials.Has(Capability.ExceedResources))
        {
            return Errno.EPERM;
        }

        if (slotCount > pages)
        {
            return Errno.EBUSY;
        }

        if (!task.Kernel.Machine.Heap.TryReserve((pages * 16) + 4096))
        {
            return Errno.ENOMEM;
        }

        Slot[] resized = new Slot[pages];
        for (int i = 0; i < slotCount; i++)
        {
            ref Slot slot = ref slots[(firstSlot + i) % slots.Length];
            resized[i] = slot;
            slot.Frame = Frame.None;
        }

        ReleaseFrames(slots);

        slots = resized;
        firstSlot = 0;
        WriteReady.WakeAll();
        return Capacity;
    }

    /// <summary>poll(2) for one end.</summary>
    public uint Poll(bool reads, bool writes, int writerOpeningsAtOpen)
    {
        uint events = 0;
        if (reads)
        {
            if (slotCount > 0)
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
            if (!IsFull)
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

    private static Errno Break(Task task)
    {
        SignalSending.SendToTask(task, SignalInfo.FromProcess(SignalNumber.SIGPIPE, SignalInfo.SI_USER, task.Process.Id, task.Credentials.UserId));
        return Errno.EPIPE;
    }

    /// <summary>The part of a write that makes no whole page goes behind the last bytes, where it fits.</summary>
    private Errno AppendToLast(ref DataSource source)
    {
        int odd = source.Length & (PageSize - 1);
        int last = firstSlot + slotCount - 1;
        ref Slot slot = ref slots[last >= slots.Length ? last - slots.Length : last];
        int end = slot.Offset + slot.Length;
        if (odd == 0 || end + odd > PageSize)
        {
            return Errno.None;
        }

        if (!source.TryRead(allocator.Bytes(slot.Frame).Slice(end, odd)))
        {
            return Errno.EFAULT;
        }

        slot.Length += odd;
        Count += odd;
        return Errno.None;
    }

    private Errno AddSlot(ref DataSource source)
    {
        int next = firstSlot + slotCount;
        ref Slot slot = ref slots[next >= slots.Length ? next - slots.Length : next];
        if (slot.Frame.IsNone && !allocator.TryAllocate(FrameContents.Undefined, out slot.Frame))
        {
            return Errno.ENOMEM;
        }

        int length = source.Remaining < PageSize ? source.Remaining : PageSize;
        if (!source.TryRead(allocator.Bytes(slot.Frame).Slice(0, length)))
        {
            return Errno.EFAULT;
        }

        slot.Offset = 0;
        slot.Length = length;
        slotCount++;
        Count += length;
        return Errno.None;
    }

    private void Consume(ref Slot slot, int length)
    {
        slot.Offset += length;
        slot.Length -= length;
        Count -= length;
        if (slot.Length != 0)
        {
            return;
        }

        slotCount--;
        if (slotCount == 0)
        {
            firstSlot = 0; // small messages always use the first frames
        }
        else
        {
            firstSlot = firstSlot + 1 == slots.Length ? 0 : firstSlot + 1;
        }

        if (!MayKeepFrames)
        {
            allocator.Release(slot.Frame);
            slot.Frame = Frame.None;
        }
    }

    private void Changed()
    {
        if (ReaderCount == 0 && WriterCount == 0)
        {
            ReleaseFrames();
        }

        ReadReady.WakeAll();
        WriteReady.WakeAll();
    }

    private void ReleaseFrames()
    {
        slotCount = 0;
        firstSlot = 0;
        Count = 0;
        ReleaseFrames(slots);
    }

    private void ReleaseFrames(Slot[] released)
    {
        for (int i = 0; i < released.Length; i++)
        {
            if (!released[i].Frame.IsNone)
            {
                allocator.Release(released[i].Frame);
                released[i].Frame = Frame.None;
            }
        }
    }

    /// <summary>A page with bytes in it, or kept for the next ones.</summary>
    private struct Slot
    {
        public Frame Frame;
        public int Offset;
        public int Length;
    }
}
