using LiteBox.Runtime;
using System.Runtime.CompilerServices;

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
    private static Pages s_withdrawn;

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
        MakeDirty(region, bytes);
        Outstanding += bytes;
        Heap.AddRegion(region, bytes);
        return true;
    }

    /// <summary>Takes a region back; of its memory, what was withdrawn has come back before.</summary>
    internal static void Release(nuint start, nuint bytes)
    {
        Outstanding -= bytes;
        for (nuint page = start & ~(nuint)0xFFF; page < start + bytes; page += 4096)
        {
            Outstanding += IsWithdrawn(page) ? Heap.BlockBytes : 0;
            IsWithdrawn(page) = false;
        }

        Released++;
        if (bytes > s_reusableBytes)
        {
            (s_reusable, s_reusableBytes) = (start, bytes);
        }
    }

    /// <summary>Gives a block that was withdrawn memory again.</summary>
    internal static bool Supply(nuint block)
    {
        if (Outstanding + Heap.BlockBytes > Limit)
        {
            return false;
        }

        MakeDirty(block, Heap.BlockBytes);
        IsWithdrawn(block) = false;
        Outstanding += Heap.BlockBytes;
        return true;
    }

    /// <summary>Takes a block's memory: whoever looks at it from now on finds dirt.</summary>
    internal static void Withdraw(nuint block)
    {
        MakeDirty(block, Heap.BlockBytes);
        IsWithdrawn(block) = true;
        Outstanding -= Heap.BlockBytes;
    }

    private static ref bool IsWithdrawn(nuint block) => ref s_withdrawn[(int)((block - Start) >> 12)];

    // SAFETY: the memory belongs to this pool.
    private static void MakeDirty(nuint start, nuint bytes)
    {
        for (nuint i = 0; i < bytes; i += 64)
        {
            *(byte*)(start + i) = Dirt;
        }
    }

    [InlineArray((int)((End - Start) >> 12))]
    private struct Pages
    {
        private bool _first;
    }
}
