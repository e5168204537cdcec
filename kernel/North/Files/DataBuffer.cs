using System;
using System.Buffers.Binary;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>
/// Where a read puts its bytes: user memory in one piece or several (readv), or a span of the kernel's own (execve, sendfile, tests). A file writes
/// piece by piece; the destination keeps count.
/// </summary>
internal ref struct DataDestination
{
    private readonly UserMemory? userMemory;
    private readonly Span<byte> kernelBytes;
    private UserPieces pieces;

    /// <summary>User memory: a claim, checked by each copy.</summary>
    public DataDestination(UserMemory memory, UserAddress address, int length)
    {
        userMemory = memory;
        pieces = new UserPieces(address, length);
        Length = length;
    }

    /// <summary>
    /// Pieces of user memory, as <see cref="UserPieces"/> has them, of together <paramref name="length"/> bytes.
    /// </summary>
    public DataDestination(UserMemory memory, ReadOnlySpan<byte> vectors, int length)
    {
        userMemory = memory;
        pieces = new UserPieces(vectors);
        Length = length;
    }

    /// <summary>The kernel's own memory.</summary>
    public DataDestination(Span<byte> bytes)
    {
        kernelBytes = bytes;
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
    public bool TryWrite(scoped ReadOnlySpan<byte> bytes)
    {
        if (userMemory is null)
        {
            bytes.CopyTo(kernelBytes.Slice(Count));
            Count += bytes.Length;
            return true;
        }

        while (bytes.Length > 0)
        {
            int length = pieces.Next(bytes.Length, out UserAddress address);
            if (!userMemory.TryWrite(address, length == bytes.Length ? bytes : bytes.Slice(0, length)))
            {
                WriteUpToFault(address, bytes.Slice(0, length));
                return false;
            }

            pieces.Advance(length);
            Count += length;
            bytes = bytes.Slice(length);
        }

        return true;
    }

    // What comes before the page that cannot be written is written and counts, as on Linux.
    private void WriteUpToFault(UserAddress address, scoped ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int length = Math.Min(bytes.Length, UserAddress.PageSize - address.PageOffset);
            if (!userMemory!.TryWrite(address, bytes.Slice(0, length)))
            {
                return;
            }

            Count += length;
            address += (ulong)length;
            bytes = bytes.Slice(length);
        }
    }

    /// <summary>Appends zeros, at most <see cref="Remaining"/> of them. False: EFAULT.</summary>
    public bool TryWriteZeros(int length)
    {
        if (userMemory is null)
        {
            kernelBytes.Slice(Count, length).Clear();
            Count += length;
            return true;
        }

        while (length > 0)
        {
            int part = pieces.Next(length, out UserAddress address);
            if (!userMemory.TryClear(address, (ulong)part))
            {
                return false;
            }

            pieces.Advance(part);
            Count += part;
            length -= part;
        }

        return true;
    }
}

/// <summary>Where a write takes its bytes from: user memory in one piece or several (writev), or the kernel's own. Each byte is fetched once.</summary>
internal ref struct DataSource
{
    private readonly UserMemory? userMemory;
    private readonly ReadOnlySpan<byte> kernelBytes;
    private UserPieces pieces;

    /// <summary>User memory: a claim, checked by each copy.</summary>
    public DataSource(UserMemory memory, UserAddress address, int length)
    {
        userMemory = memory;
        pieces = new UserPieces(address, length);
        Length = length;
    }

    /// <summary>
    /// Pieces of user memory, as <see cref="UserPieces"/> has them, of together <paramref name="length"/> bytes.
    /// </summary>
    public DataSource(UserMemory memory, ReadOnlySpan<byte> vectors, int length)
    {
        userMemory = memory;
        pieces = new UserPieces(vectors);
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

    /// <summary>Offers the first <paramref name="length"/> bytes only, which is less than before.</summary>
    public void Shorten(int length) => Length = length;

    /// <summary>Takes the next bytes: as many as the span holds, at most <see cref="Remaining"/>. False: EFAULT; <see cref="Count"/> says how many came.</summary>
    public bool TryRead(scoped Span<byte> destination)
    {
        if (userMemory is null)
        {
            kernelBytes.Slice(Count, destination.Length).CopyTo(destination);
            Count += destination.Length;
            return true;
        }

        while (destination.Length > 0)
        {
            int length = pieces.Next(destination.Length, out UserAddress address);
            if (!userMemory.TryRead(address, length == destination.Length ? destination : destination.Slice(0, length)))
            {
                ReadUpToFault(address, destination.Slice(0, length));
                return false;
            }

            pieces.Advance(length);
            Count += length;
            destination = destination.Slice(length);
        }

        return true;
    }

    // What comes before the page that cannot be read is taken and counts, as on Linux.
    private void ReadUpToFault(UserAddress address, scoped Span<byte> destination)
    {
        while (destination.Length > 0)
        {
            int length = Math.Min(destination.Length, UserAddress.PageSize - address.PageOffset);
            if (!userMemory!.TryRead(address, destination.Slice(0, length)))
            {
                return;
            }

            Count += length;
            address += (ulong)length;
            destination = destination.Slice(length);
        }
    }

    /// <summary>Leaves out all that is left (a sink that throws data away, /dev/null).</summary>
    public void SkipRest() => Count = Length;
}

/// <summary>
/// Walks over pieces of user memory: one, or an array of struct iovec (readv(2)) as it was copied from the program, once, and checked.
/// </summary>
internal ref struct UserPieces
{
    /// <summary>sizeof(struct iovec): base and length, eight bytes each.</summary>
    public const int VectorSize = 16;

    private UserAddress address;
    private int left;
    private ReadOnlySpan<byte> vectors;

    public UserPieces(UserAddress address, int length)
    {
        this.address = address;
        left = length;
    }

    public UserPieces(ReadOnlySpan<byte> vectors)
    {
        this.vectors = vectors;
    }

    /// <summary>The next piece of at most <paramref name="wanted"/> bytes; the caller knows that there are that many.</summary>
    public int Next(int wanted, out UserAddress start)
    {
        while (left == 0)
        {
            address = new UserAddress(BinaryPrimitives.ReadUInt64LittleEndian(vectors));
            ulong length = BinaryPrimitives.ReadUInt64LittleEndian(vectors.Slice(8));
            left = length > int.MaxValue ? int.MaxValue : (int)length;
            vectors = vectors.Slice(VectorSize);
        }

        start = address;
        return wanted < left ? wanted : left;
    }

    /// <summary>So many bytes of the piece are done.</summary>
    public void Advance(int length)
    {
        address += (ulong)length;
        left -= length;
    }
}
