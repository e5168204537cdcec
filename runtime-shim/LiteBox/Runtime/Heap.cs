using System;
using System.Runtime.CompilerServices;

namespace LiteBox.Runtime;

/// <summary>
/// The collected heap: mark and sweep, nothing moves. Memory comes in regions from the heap's user, is divided into blocks of 8 KiB, and a
/// block holds cells of one size class or a part of one large object. <c>new</c> takes a cell from a list; it never collects.
/// Collections run where the user calls for them: <see cref="CollectIfDue"/>, <see cref="TryReserve"/>, <see cref="Collect"/>.
/// Not for use by two processors at once, nor in interrupt handlers.
/// </summary>
/// <remarks>
/// What lies where: Regions (memory and lookup), Blocks (taking and giving back), AbsentBlocks (those without memory), SizeClasses, FreeLists (the fast path), Marker (roots and
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
    /// <param name="release">Gets back a region, start and bytes as it was added, without the memory of blocks that were withdrawn
    /// (<see cref="SetBlockSource"/>). May be null: then the heap keeps what it has.</param>
    public static void SetRegionSource(delegate*<nuint, bool> grow, delegate*<nuint, nuint, void> release)
    {
        s_grow = grow;
        s_release = release;
    }

    /// <summary>
    /// Says how the memory of a single free block can be given back while its region stays. Blocks have <see cref="BlockBytes"/> and begin at
    /// multiples of 4096.
    /// </summary>
    /// <param name="supply">Gives memory for the block at an address again; its content does not matter. False: there is none.</param>
    /// <param name="withdraw">Takes the memory of the block at an address.</param>
    public static void SetBlockSource(delegate*<nuint, bool> supply, delegate*<nuint, void> withdraw) => AbsentBlocks.SetSource(supply, withdraw);

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

    /// <summary>Collects now. Empty regions go back, but for what the next reservation is likely to need.</summary>
    public static void Collect() => Collect(Blocks.KeptFree);

    /// <summary>Collects now, and gives back every region and every block that is empty then. The next reservation has to ask for memory again.</summary>
    public static void CollectAndGiveBack()
    {
        Collect(0);
        AbsentBlocks.WithdrawFree();
    }

    private static void Collect(int keptFree)
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
        Regions.ReleaseEmpty(s_release, keptFree);
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

    /// <summary>Size classes of objects, and one more for those that are larger than all of them.</summary>
    public static int ClassCount => SizeClasses.Count + 1;

    /// <summary>Bytes of each cell of a size class; for the class of large objects, those of a block.</summary>
    public static nuint CellBytes(int sizeClass) => sizeClass < SizeClasses.Count ? SizeClasses.CellBytes(sizeClass) : Blocks.Bytes;

    /// <summary>Bytes of a block, which holds the cells of one size class, or a part of one large object.</summary>
    public static nuint BlockBytes => Blocks.Bytes;

    /// <summary>Bytes of blocks that nothing is in.</summary>
    public static nuint FreeBlockBytes => (nuint)Blocks.FreeCount << Blocks.Shift;

    /// <summary>Counts the heap, cell by cell. Objects that are no longer reachable count until they are collected.</summary>
    public static HeapStatistics Measure()
    {
        Span<HeapClassStatistics> classes = stackalloc HeapClassStatistics[SizeClasses.Count + 1];
        Measure(classes);
        nuint bytes = 0;
        nuint objects = 0;
        foreach (HeapClassStatistics count in classes)
        {
            bytes += count.BytesInUse;
            objects += count.Objects;
        }

        return new HeapStatistics
        {
            RegionBytes = Regions.TotalBytes,
            BytesInUse = bytes,
            Objects = objects,
            FreeBlockBytes = FreeBlockBytes,
        };
    }

    /// <summary>The same by size class: fills the first <see cref="ClassCount"/> elements.</summary>
    public static void Measure(Span<HeapClassStatistics> classes)
    {
        classes.Slice(0, ClassCount).Clear();
        Sweeper.Measure(classes);
    }

    /// <summary>Checks every cell, list and red zone, and stops the machine at the first that is wrong. Slow.</summary>
    public static void Verify() => Sweeper.Verify();

    internal static bool CanGrow(nuint bytes) =>
        AbsentBlocks.TrySupply(Blocks.RunFor(bytes)) || (s_grow != null && (s_grow(Regions.PreferredBytesFor(bytes)) || s_grow(Regions.BytesFor(bytes))));

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

/// <summary>What the heap holds of one size class.</summary>
public struct HeapClassStatistics
{
    /// <summary>Objects that are there.</summary>
    public nuint Objects { get; internal set; }

    /// <summary>Bytes of the cells, or of the blocks of large objects, that are taken.</summary>
    public nuint BytesInUse { get; internal set; }

    /// <summary>Blocks that have objects of this class in them.</summary>
    public nuint Blocks { get; internal set; }
}
