using System;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>
/// Where a read puts its bytes: a range of user memory, or a span of the kernel's own (execve, sendfile, tests). A file writes piece by piece;
/// the destination keeps count.
/// </summary>
public ref struct DataDestination
{
    private readonly UserMemory? userMemory;
    private readonly UserAddress userAddress;
    private readonly Span<byte> kernelBytes;

    /// <summary>User memory: a claim, checked by each copy.</summary>
    public DataDestination(UserMemory memory, UserAddress address, int length)
    {
        userMemory = memory;
        userAddress = address;
        Length = length;
    }

    /// <summary>The kernel's own memory.</summary>
    public DataDestination(Span<byte> bytes)
    {
        kernelBytes = bytes;
        Length = bytes.Length;
    }

    /// <summary>Bytes asked for.</summary>
    public int Length { get; }

    /// <summary>Bytes put there so far.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes still wanted.</summary>
    public readonly int Remaining => Length - Count;

    /// <summary>Appends bytes, at most <see cref="Remaining"/> of them. False: EFAULT.</summary>
    public bool TryWrite(ReadOnlySpan<byte> bytes)
    {
        if (userMemory is not null)
        {
            if (!userMemory.TryWrite(userAddress + (ulong)Count, bytes))
            {
                return false;
            }
        }
        else
        {
            bytes.CopyTo(kernelBytes.Slice(Count));
        }

        Count += bytes.Length;
        return true;
    }

    /// <summary>Appends zeros, at most <see cref="Remaining"/> of them. False: EFAULT.</summary>
    public bool TryWriteZeros(int length)
    {
        if (userMemory is not null)
        {
            if (!userMemory.TryClear(userAddress + (ulong)Count, (ulong)length))
            {
                return false;
            }
        }
        else
        {
            kernelBytes.Slice(Count, length).Clear();
        }

        Count += length;
        return true;
    }
}

/// <summary>Where a write takes its bytes from: user memory or the kernel's own. Each byte is fetched once.</summary>
public ref struct DataSource
{
    private readonly UserMemory? userMemory;
    private readonly UserAddress userAddress;
    private readonly ReadOnlySpan<byte> kernelBytes;

    /// <summary>User memory: a claim, checked by each copy.</summary>
    public DataSource(UserMemory memory, UserAddress address, int length)
    {
        userMemory = memory;
        userAddress = address;
        Length = length;
    }

    /// <summary>The kernel's own memory.</summary>
    public DataSource(ReadOnlySpan<byte> bytes)
    {
        kernelBytes = bytes;
        Length = bytes.Length;
    }

    /// <summary>Bytes offered.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes taken so far.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes still offered.</summary>
    public readonly int Remaining => Length - Count;

    /// <summary>Takes the next bytes: as many as the span holds, at most <see cref="Remaining"/>. False: EFAULT.</summary>
    public bool TryRead(Span<byte> destination)
    {
        if (userMemory is not null)
        {
            if (!userMemory.TryRead(userAddress + (ulong)Count, destination))
            {
                return false;
            }
        }
        else
        {
            kernelBytes.Slice(Count, destination.Length).CopyTo(destination);
        }

        Count += destination.Length;
        return true;
    }

    /// <summary>Offers only the first <paramref name="length"/> bytes, which is less than before.</summary>
    public void Shorten(int length) => Length = length;

    /// <summary>Leaves out the next bytes (a sink that throws data away, /dev/null).</summary>
    public void Skip(int length) => Count += length;
}
