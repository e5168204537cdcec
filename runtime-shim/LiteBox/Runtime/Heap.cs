using System.Runtime.CompilerServices;

namespace LiteBox.Runtime;

/// <summary>
/// The collected heap: mark and sweep, nothing moves. Memory comes in regions from the heap's user, is divided into blocks of 8 KiB, and a
/// block holds cells of one size class or a part of one large object. <c>new</c> takes a cell from a list; it never collects.
/// Collections run where the user calls for them: <see cref="CollectIfDue"/>, <see cref="TryReserve"/>, <see cref="Collect"/>.
/// Not for use by two processors at once, nor in interrupt handlers.
/// </summary>
/// <remarks>
/// What lies where: Regions (memory and lookup), Blocks (taking and giving back), SizeClasses, FreeLists (the fast path), Marker (roots and
/// references), Sweeper, and this, the public face.
/// </remarks>
// SAFETY (all members): regions, their source and the enumerator of stacks come from the image's own start-up code, which answers for them.
public static unsafe class Heap
{
    private static delegate*<nuint, bool> s_grow;
    private static delegate*<nuint, nuint, void> s_release;
    private static nuint s_threshold = 512 << 10;
    private static bool s_collecting;

    /// <summary>Gives memory to the heap, for as long as the heap does not give it back. Any address, any content;
    /// 64 KiB or more, the first one 128 KiB or more.</summary>
    public static void AddRegion(nuint start, nuint bytes) => Regions.Add(start, bytes);

    /// <summary>Says where more memory comes from and where unused memory goes.</summary>
    /// <param name="grow">Is asked for a region of at least so many bytes; calls <see cref="AddRegion"/> and returns true, or returns false.</param>
    /// <param name="release">Gets back a region, start and bytes as it was added. May be null: then the heap keeps what it has.</param>
    public static void SetRegionSource(delegate*<nuint, bool> grow, delegate*<nuint, nuint, void> release)
    {
        s_grow = grow;
        s_release = release;
    }

    /// <summary>
    /// Says how to find the stacks. The function gets the current stack pointer and a function to call with [low, high) of every stack:
    /// the current one from the stack pointer up, and those of threads that wait from their saved stack pointers up. Registers that a waiting
    /// thread has saved must lie in the range.
    /// </summary>
    public static void SetStackEnumerator(delegate*<nuint, delegate*<nuint, nuint, void>, void> enumerate) => Marker.SetStackEnumerator(enumerate);

    /// <summary>
    /// Makes sure that <c>new</c> can take so many bytes, in objects of any size together, without failing. Collects if it has to, so it is
    /// called where that is safe. False if the memory is not to be had.
    /// </summary>
    public static bool TryReserve(nuint bytes)
    {
        if (Blocks.CanReserve(bytes))
        {
            return true;
        }

        if (CanGrow(Blocks.BytesToReserve(bytes)) && Blocks.CanReserve(bytes))
        {
            return true;
        }

        Collect();
        return Blocks.CanReserve(bytes);
    }

    /// <summary>Collects if as much has been allocated since the last time as was alive then. For points where nothing is half done.</summary>
    public static void CollectIfDue()
    {
        if (Blocks.TakenBytes >= s_threshold)
        {
            Collect();
        }
    }

    /// <summary>Collects now.</summary>
    public static void Collect()
    {
        if (s_collecting)
        {
            FailFast.Stop("A collection inside a collection.");
        }

        s_collecting = true;
        ulong start = TimeStamp();
        Marker.MarkAll();
        Sweeper.Sweep();
        FreeLists.HideIfNeeded();
        Regions.ReleaseEmpty(s_release);
        nuint live = Sweeper.LiveBytes;
        s_threshold = live > LeastDebt ? live : LeastDebt;
        Blocks.TakenBytes = 0;
        Collections++;
        CollectionTicks += TimeStamp() - start;
        s_collecting = false;
    }

    /// <summary>
    /// How many bytes are allocated at the least between two collections that are due. The less, the smaller the heap; the more, the less time goes
    /// into looking at what is alive anyway. From the next collection on.
    /// </summary>
    public static nuint LeastDebt { get; set; } = 512 << 10;

    /// <summary>Collections since the start.</summary>
    public static ulong Collections { get; private set; }

    /// <summary>Time stamp counter ticks spent in collections since the start.</summary>
    public static ulong CollectionTicks { get; private set; }

    /// <summary>Collect at every allocation: a test for whatever keeps an object where the collector does not look.</summary>
    public static bool Torture
    {
        get => FreeLists.Torture;
        set => FreeLists.Torture = value;
    }

    /// <summary>Counts the heap, cell by cell. Objects that are no longer reachable count until they are collected.</summary>
    public static HeapStatistics Measure() => Sweeper.Measure();

    /// <summary>Checks every cell, list and red zone, and stops the machine at the first that is wrong. Slow.</summary>
    public static void Verify() => Sweeper.Verify();

    internal static bool CanGrow(nuint bytes) =>
        s_grow != null && (s_grow(Regions.PreferredBytesFor(bytes)) || s_grow(Regions.BytesFor(bytes)));

    [System.Runtime.RuntimeImport("LiteBoxTimeStamp"), MethodImpl(MethodImplOptions.InternalCall)]
    private static extern ulong TimeStamp();
}

/// <summary>What the heap holds.</summary>
public readonly struct HeapStatistics
{
    /// <summary>Bytes of all regions.</summary>
    public nuint RegionBytes { get; init; }

    /// <summary>Bytes of cells and large objects that are taken.</summary>
    public nuint BytesInUse { get; init; }

    /// <summary>Objects that are there.</summary>
    public nuint Objects { get; init; }

    /// <summary>Bytes of blocks that nothing is in.</summary>
    public nuint FreeBlockBytes { get; init; }
}
