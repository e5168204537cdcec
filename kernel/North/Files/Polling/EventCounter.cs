using System;
using System.Buffers.Binary;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>A counter as a file (eventfd(2)): a write adds, a read takes all, or one with EFD_SEMAPHORE.</summary>
internal sealed class EventCounter : OpenFile
{
    private const int Semaphore = 1; // EFD_SEMAPHORE
    private const int Heap = 8 << 10;

    private readonly bool isSemaphore;
    private readonly WaitQueue readReady = new();
    private readonly WaitQueue writeReady = new();
    private ulong count;

    private EventCounter(in Location location, int flags, ulong count, bool isSemaphore)
        : base(location, flags)
    {
        this.count = count;
        this.isSemaphore = isSemaphore;
    }

    public static void AddTo(SystemCallTable table)
    {
        table.Add(SystemCallNumber.eventfd, (Task task, in SystemCallArguments a) => Create(task, (uint)a.A0, 0), heapBytes: Heap);
        table.Add(SystemCallNumber.eventfd2, (Task task, in SystemCallArguments a) => Create(task, (uint)a.A0, a.Int1), heapBytes: Heap);
    }

    /// <inheritdoc/>
    public override Result Read(Task task, ref DataDestination destination)
    {
        if (destination.Length < 8)
        {
            return Errno.EINVAL;
        }

        while (count == 0)
        {
            Errno error = IsNonBlocking ? Errno.EAGAIN : task.Wait(readReady);
            if (error != Errno.None)
            {
                return error;
            }
        }

        ulong value = isSemaphore ? 1 : count;
        count -= value;
        if (!writeReady.IsEmpty)
        {
            writeReady.WakeAll();
        }

        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return destination.TryWrite(bytes) ? 8 : Errno.EFAULT;
    }

    /// <inheritdoc/>
    public override Result Write(Task task, ref DataSource source)
    {
        if (source.Length < 8)
        {
            return Errno.EINVAL;
        }

        Span<byte> bytes = stackalloc byte[8];
        if (!source.TryRead(bytes))
        {
            return Errno.EFAULT;
        }

        ulong value = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        if (value == ulong.MaxValue)
        {
            return Errno.EINVAL;
        }

        while (ulong.MaxValue - count <= value)
        {
            Errno error = IsNonBlocking ? Errno.EAGAIN : task.Wait(writeReady);
            if (error != Errno.None)
            {
                return error;
            }
        }

        count += value;
        if (count > 0 && !readReady.IsEmpty)
        {
            readReady.WakeAll();
        }

        return 8;
    }

    /// <inheritdoc/>
    public override uint Poll(PollRegistration? registration) => registration is null ? Events : Register(registration);

    private uint Events => (count > 0 ? PollEvents.In : 0) | (count < ulong.MaxValue - 1 ? PollEvents.Out : 0);

    private uint Register(PollRegistration registration)
    {
        registration.Add(readReady);
        registration.Add(writeReady);
        return Events;
    }

    private static Result Create(Task task, uint initial, int flags)
    {
        if ((flags & ~(Semaphore | OpenFlags.CloseOnExec | OpenFlags.NonBlocking)) != 0)
        {
            return Errno.EINVAL;
        }

        Location place = task.Kernel.FileSystems.Anonymous.CreatePlace(task, 0x180, "anon_inode:[eventfd]"u8); // 0600, and no type, as on Linux
        EventCounter file = new(place, OpenFlags.ReadWrite | (flags & OpenFlags.NonBlocking), initial, (flags & Semaphore) != 0);
        return OpenCalls.Install(task, file, flags);
    }
}
