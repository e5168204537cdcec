using System;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>A path as a program passed it, copied in once. Dispose it when the walk is over, so that its buffer serves the next call.</summary>
internal readonly ref struct PathName
{
    /// <summary>PATH_MAX (include/uapi/linux/limits.h): the longest path with its terminating zero.</summary>
    public const int MaximumLength = 4096;

    private readonly PathBuffers? owner;
    private readonly byte[]? buffer;

    private PathName(PathBuffers owner, byte[] buffer, int length)
    {
        this.owner = owner;
        this.buffer = buffer;
        Bytes = new ReadOnlySpan<byte>(buffer, 0, length);
    }

    /// <summary>The path without its terminating zero.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    public bool IsEmpty => Bytes.Length == 0;

    /// <summary>Copies a path in. EFAULT, ENOMEM, or ENAMETOOLONG where no zero stands within <see cref="MaximumLength"/> bytes. It may be empty.</summary>
    public static Errno Read(Task task, ulong address, out PathName name)
    {
        PathBuffers buffers = task.FileSystemContext.VirtualFileSystem.PathBuffers;
        if (buffers.IsEmpty && !task.Kernel.Machine.Heap.TryReserve(2 * MaximumLength))
        {
            name = default;
            return Errno.ENOMEM;
        }

        byte[] buffer = buffers.Rent();
        if (!task.UserMemory.TryReadString(new UserAddress(address), buffer, out int length))
        {
            buffers.Return(buffer);
            name = default;
            return Errno.EFAULT;
        }

        if (length == MaximumLength)
        {
            buffers.Return(buffer);
            name = default;
            return Errno.ENAMETOOLONG;
        }

        name = new PathName(buffers, buffer, length);
        return Errno.None;
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        if (buffer is not null)
        {
            owner!.Return(buffer);
        }
    }
}

/// <summary>Buffers of <see cref="PathName.MaximumLength"/> bytes for reuse: a system call that takes a path does not allocate.</summary>
internal sealed class PathBuffers
{
    private const int Capacity = 16;

    private readonly byte[]?[] free = new byte[]?[Capacity];
    private int count;

    /// <summary>True where the next one must be made.</summary>
    public bool IsEmpty => count == 0;

    public byte[] Rent() => count == 0 ? new byte[PathName.MaximumLength] : free[--count]!;

    public void Return(byte[] buffer)
    {
        if (count < Capacity)
        {
            free[count++] = buffer;
        }
    }
}
