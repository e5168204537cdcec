namespace LiteBox.Boot;

/// <summary>Bytes of memory that firmware maps at their physical addresses.</summary>
internal static unsafe class Memory
{
    /// <summary>Fills whole pages with zeros.</summary>
    // SAFETY: the caller owns the range; its length is a multiple of 8.
    public static void Clear(byte* start, ulong length)
    {
        for (ulong* word = (ulong*)start, end = (ulong*)(start + length); word < end; word++)
        {
            *word = 0;
        }
    }

    /// <summary>Copies bytes between ranges that do not overlap.</summary>
    // SAFETY: the caller has checked both ranges.
    public static void Copy(byte* destination, byte* source, ulong length)
    {
        ulong i = 0;
        for (; i + 8 <= length; i += 8)
        {
            *(ulong*)(destination + i) = *(ulong*)(source + i);
        }

        for (; i < length; i++)
        {
            destination[i] = source[i];
        }
    }
}
