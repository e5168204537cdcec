using LiteBox.Runtime;

namespace LiteBox.Conformance;

/// <summary>
/// Where the heap's regions come from: scattered, of odd sizes, with dirt between and in them, so that nothing depends on luck.
/// </summary>
internal static unsafe class MemoryPool
{
    private const nuint Start = 16 << 20;
    private const nuint End = 400 << 20;
    private const nuint Gap = 72 << 10;
    private const byte Dirt = 0xA5;

    private static nuint s_next = Start;
    private static nuint s_reusable;
    private static nuint s_reusableBytes;

    /// <summary>No more memory is to be had when so many bytes are out.</summary>
    internal static nuint Limit { get; set; } = nuint.MaxValue;

    internal static nuint Outstanding { get; private set; }

    internal static int Released { get; private set; }

    internal static bool Grow(nuint bytes)
    {
        bytes = (bytes + 0xFFFF) & ~(nuint)0xFFFF;
        if (Outstanding + bytes > Limit)
        {
            return false;
        }

        nuint region;
        if (s_reusableBytes >= bytes)
        {
            (region, bytes, s_reusableBytes) = (s_reusable, s_reusableBytes, 0);
        }
        else if (s_next + bytes <= End)
        {
            region = s_next + 16;
            s_next += bytes + Gap;
        }
        else
        {
            return false;
        }

        // SAFETY: the memory between Start and End belongs to this pool.
        for (nuint i = 0; i < bytes; i += 64)
        {
            *(byte*)(region + i) = Dirt;
        }

        Outstanding += bytes;
        Heap.AddRegion(region, bytes);
        return true;
    }

    internal static void Release(nuint start, nuint bytes)
    {
        Outstanding -= bytes;
        Released++;
        if (bytes > s_reusableBytes)
        {
            (s_reusable, s_reusableBytes) = (start, bytes);
        }
    }
}
