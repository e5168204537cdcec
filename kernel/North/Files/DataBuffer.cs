using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>
/// Where a read puts its bytes: user memory in one piece or several (readv), or a span of the kernel's own (execve, sendfile, tests). A file writes
/// piece by piece; the destination keeps count.
/// </summary>
internal ref struct DataDestination
{
    private readonly UserMemory? userMemory;

    // The kernel's own memory; or, with user memory, the pieces behind the one that stands at address (see UserVectors).
    private Span<byte> bytes;
    private UserAddress address;
    private int left;

    /// <summary>User memory: a claim, checked by each copy.</summary>
    public DataDestination(UserMemory memory, UserAddress address, int length)
    {
        userMemory = memory;
        this.address = address;
        left = length;
        Length = length;
    }

    /// <summary>Pieces of user memory (<see cref="UserVectors"/>), of together <paramref name="length"/> bytes.</summary>
    public DataDestination(UserMemory memory, Span<byte> vectors, int length)
    {
        userMemory = memory;
        bytes = vectors;
        Length = length;
    }

    /// <summary>The kernel's own memory.</summary>
    public DataDestination(Span<byte> bytes)
    {
        this.bytes = bytes;
        Length = bytes.Length;
    }

    /// <summary>Bytes asked for.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes put there so far.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes still wanted.</summary>
    public readonly int Remaining => Length - Count;

    /// <summary>Asks for the first <paramref name="length"/> bytes only, which is less than before.</summary>
    public void Shorten(int length) => Length = length;

    /// <summary>Appends bytes, at most <see cref="Remaining"/> of them. False: EFAULT; <see cref="Count"/> says how many are there.</summary>
    public bool TryWrite(scoped ReadOnlySpan<byte> source)
    {
        if (userMemory is null || source.Length > left)
        {
            return TryWritePieces(source);
        }

        if (!userMemory.TryWrite(address, source))
        {
            WriteUpToFault(source);
            return false;
        }

        Advance(source.Length);
        return true;
    }

    /// <summary>Appends zeros, at most <see cref="Remaining"/> of them. False: EFAULT.</summary>
    public bool TryWriteZeros(int length)
    {
        if (userMemory is null || length > left)
        {
            return TryWriteZeroPieces(length);
        }

        if (!userMemory.TryClear(address, (uint)length))
        {
            return false;
        }

        Advance(length);
        return true;
    }

    private bool TryWriteZeroPieces(int length)
    {
        while (userMemory is not null && length > 0)
        {
            while (left == 0)
            {
                UserVectors.Take(ref bytes, out address, out left);
            }

            int part = length < left ? length : left;
            if (!userMemory.TryClear(address, (ulong)part))
            {
                return false;
            }

            Advance(part);
            length -= part;
        }

        if (length > 0)
        {
            bytes.Slice(Count, length).Clear();
            Count += length;
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Advance(int length)
    {
        address += (ulong)length;
        left -= length;
        Count += length;
    }

    private bool TryWritePieces(scoped ReadOnlySpan<byte> source)
    {
        if (userMemory is null)
        {
            source.CopyTo(bytes.Slice(Count));
            Count += source.Length;
            return true;
        }

        while (source.Length > 0)
        {
            while (left == 0)
            {
                UserVectors.Take(ref bytes, out address, out left);
            }

            ReadOnlySpan<byte> part = source.Slice(0, Math.Min(source.Length, left));
            if (!userMemory.TryWrite(address, part))
            {
                WriteUpToFault(part);
                return false;
            }

            Advance(part.Length);
            source = source.Slice(part.Length);
        }

        return true;
    }

    // What comes before the page that cannot be written is written and counts, as on Linux.
    private void WriteUpToFault(scoped ReadOnlySpan<byte> source)
    {
        while (source.Length > 0)
        {
            int length = Math.Min(source.Length, UserAddress.PageSize - address.PageOffset);
            if (!userMemory!.TryWrite(address, source.Slice(0, length)))
            {
                return;
            }

            Advance(length);
            source = source.Slice(length);
        }
    }
}

/// <summary>Where a write takes its bytes from: user memory in one piece or several (writev), or the kernel's own. Each byte is fetched once.</summary>
internal ref struct DataSource
{
    private readonly UserMemory? userMemory;

    // The kernel's own memory; or, with user memory, the pieces behind the one that stands at address (see UserVectors).
    private ReadOnlySpan<byte> bytes;
    private UserAddress address;
    private int left;

    /// <summary>User memory: a claim, checked by each copy.</summary>
    public DataSource(UserMemory memory, UserAddress address, int length)
    {
        userMemory = memory;
        this.address = address;
        left = length;
        Length = length;
    }

    /// <summary>Pieces of user memory (<see cref="UserVectors"/>), of together <paramref name="length"/> bytes.</summary>
    public DataSource(UserMemory memory, ReadOnlySpan<byte> vectors, int length)
    {
        userMemory = memory;
        bytes = vectors;
        Length = length;
    }

    /// <summary>The kernel's own memory.</summary>
    public DataSource(ReadOnlySpan<byte> bytes)
    {
        this.bytes = bytes;
        Length = bytes.Length;
    }

    /// <summary>Bytes offered.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes taken so far.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes still offered.</summary>
    public readonly int Remaining => Length - Count;

    /// <summary>Offers the first <paramref name="length"/> bytes only, which is less than before.</summary>
    public void Shorten(int length) => Length = length;

    /// <summary>Takes the next bytes: as many as the span holds, at most <see cref="Remaining"/>. False: EFAULT; <see cref="Count"/> says how many came.</summary>
    public bool TryRead(scoped Span<byte> destination)
    {
        if (userMemory is null || destination.Length > left)
        {
            return TryReadPieces(destination);
        }

        if (!userMemory.TryRead(address, destination))
        {
            ReadUpToFault(destination);
            return false;
        }

        Advance(destination.Length);
        return true;
    }

    private void Advance(int length)
    {
        address += (ulong)length;
        left -= length;
        Count += length;
    }

    private bool TryReadPieces(scoped Span<byte> destination)
    {
        if (userMemory is null)
        {
            bytes.Slice(Count, destination.Length).CopyTo(destination);
            Count += destination.Length;
            return true;
        }

        while (destination.Length > 0)
        {
            while (left == 0)
            {
                UserVectors.Take(ref bytes, out address, out left);
            }

            Span<byte> part = destination.Slice(0, Math.Min(destination.Length, left));
            if (!userMemory.TryRead(address, part))
            {
                ReadUpToFault(part);
                return false;
            }

            Advance(part.Length);
            destination = destination.Slice(part.Length);
        }

        return true;
    }

    // What comes before the page that cannot be read is taken and counts, as on Linux.
    private void ReadUpToFault(scoped Span<byte> destination)
    {
        while (destination.Length > 0)
        {
            int length = Math.Min(destination.Length, UserAddress.PageSize - address.PageOffset);
            if (!userMemory!.TryRead(address, destination.Slice(0, length)))
            {
                return;
            }

            Advance(length);
            destination = destination.Slice(length);
        }
    }
}

/// <summary>
/// Arrays of struct iovec (readv(2)): base and length, eight bytes each, as they were copied from the program, once, and checked.
/// </summary>
internal static class UserVectors
{
    /// <summary>sizeof(struct iovec).</summary>
    public const int Size = 16;

    /// <summary>Takes the first one off.</summary>
    public static void Take(ref Span<byte> vectors, out UserAddress address, out int length)
    {
        Decode(vectors, out address, out length);
        vectors = vectors.Slice(Size);
    }

    /// <summary>Takes the first one off.</summary>
    public static void Take(ref ReadOnlySpan<byte> vectors, out UserAddress address, out int length)
    {
        Decode(vectors, out address, out length);
        vectors = vectors.Slice(Size);
    }

    private static void Decode(ReadOnlySpan<byte> vectors, out UserAddress address, out int length)
    {
        address = new UserAddress(BinaryPrimitives.ReadUInt64LittleEndian(vectors));
        ulong claimed = BinaryPrimitives.ReadUInt64LittleEndian(vectors.Slice(8));
        length = claimed > int.MaxValue ? int.MaxValue : (int)claimed;
    }
}
