using System;

namespace LiteBox.South.Consoles;

/// <summary>Bytes in the order in which they came, up to a fixed number of them.</summary>
internal sealed class ByteRing
{
    private readonly byte[] bytes;
    private int start;

    /// <param name="capacity">A power of two.</param>
    internal ByteRing(int capacity) => bytes = new byte[capacity];

    /// <summary>Bytes in it.</summary>
    internal int Count { get; private set; }

    /// <summary>Bytes that it has room for.</summary>
    internal int Room => bytes.Length - Count;

    /// <summary>Adds a byte. False where it is full.</summary>
    internal bool TryAdd(byte value)
    {
        if (Count == bytes.Length)
        {
            return false;
        }

        bytes[(start + Count) & (bytes.Length - 1)] = value;
        Count++;
        return true;
    }

    /// <summary>Takes the oldest byte. False where it is empty.</summary>
    internal bool TryTake(out byte value)
    {
        if (Count == 0)
        {
            value = 0;
            return false;
        }

        value = bytes[start];
        start = (start + 1) & (bytes.Length - 1);
        Count--;
        return true;
    }

    /// <summary>The oldest bytes, as many as lie in one piece; <see cref="Drop"/> takes them out.</summary>
    internal ReadOnlySpan<byte> FirstPiece => bytes.AsSpan(start, Math.Min(Count, bytes.Length - start));

    /// <summary>Takes out the oldest bytes.</summary>
    internal void Drop(int count)
    {
        start = (start + count) & (bytes.Length - 1);
        Count -= count;
    }
}
