using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>
/// The descriptors of one poll(2), as an array of struct pollfd: descriptor (4 bytes), events wanted (2), events found (2). select(2) is turned into the
/// same.
/// </summary>
internal ref struct PollSet
{
    /// <summary>sizeof(struct pollfd).</summary>
    public const int EntrySize = 8;

    /// <summary>As many entries are kept on the stack.</summary>
    public const int SmallCount = 16;

    /// <summary>Heap that a wait takes for each entry: its place in the wait queues.</summary>
    public const int HeapPerEntry = 256;

    private readonly Task task;
    private readonly Span<byte> entries;

    public PollSet(Task task, Span<byte> entries)
    {
        this.task = task;
        this.entries = entries;
    }

    /// <summary>Descriptors with events.</summary>
    public int ReadyCount { get; private set; }

    /// <summary>
    /// Looks at all descriptors and, while none has events, waits until <paramref name="deadline"/>. None: <see cref="ReadyCount"/> counts, which is 0 after
    /// the deadline; ERESTARTSYS: a signal came.
    /// </summary>
    public Errno Wait(ulong deadline)
    {
        Scan(null);
        return ReadyCount > 0 || deadline == 0 ? Errno.None : WaitForEvents(deadline);
    }

    private Errno WaitForEvents(ulong deadline)
    {
        if (!task.Kernel.Machine.Heap.TryReserve(((entries.Length / EntrySize) + 16) * HeapPerEntry))
        {
            return Errno.ENOMEM;
        }

        PollWaiter waiter = task.PollWaiter ??= new PollWaiter(task.Kernel.Machine.Scheduler);
        Scan(waiter);
        Errno error = Errno.None;
        while (ReadyCount == 0 && error == Errno.None)
        {
            error = waiter.Wait(deadline);
            Scan(null);
        }

        waiter.LeaveAll();
        return error == Errno.ETIMEDOUT || ReadyCount > 0 ? Errno.None : error;
    }

    private void Scan(PollRegistration? registration)
    {
        int ready = 0;
        for (int i = 0; i < entries.Length; i += EntrySize)
        {
            // struct pollfd is one little-endian word: the descriptor below, then the events wanted and found.
            Span<byte> entry = entries.Slice(i, EntrySize);
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(entry);
            uint found = Look((int)(uint)word, (uint)(word >> 32) & 0xFFFF, registration);
            BinaryPrimitives.WriteUInt64LittleEndian(entry, (word & 0x0000_FFFF_FFFF_FFFF) | (ulong)found << 48);
            if (found != 0)
            {
                ready++;
                registration = null; // no need to wait any more
            }
        }

        ReadyCount = ready;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly uint Look(int descriptor, uint wanted, PollRegistration? registration)
    {
        if (descriptor < 0)
        {
            return 0;
        }

        if (!task.Files.TryGet(descriptor, out OpenFile? file) || (file.StatusFlags & OpenFlags.PathOnly) != 0)
        {
            return PollEvents.Invalid;
        }

        return file.Poll(registration) & (wanted | PollEvents.Error | PollEvents.HangUp);
    }
}
