using System.Diagnostics.CodeAnalysis;
using LiteBox.North.Processes;
using LiteBox.Platform;

namespace LiteBox.North.Memory;

/// <summary>
/// The memory of one process: which addresses mean what (its areas), over the page table that the processor sees. Pages come into the table
/// when they are touched. Counted by the processes that share it (CLONE_VM without CLONE_THREAD, vfork).
/// </summary>
internal sealed partial class AddressSpace
{
    /// <summary>The most areas a process may have (/proc/sys/vm/max_map_count).</summary>
    public const int MaximumAreas = 65530;

    /// <summary>No mapping below this address (/proc/sys/vm/mmap_min_addr).</summary>
    public const ulong LowestAddress = 65536;

    private readonly FrameAllocator frames;
    private readonly ResourceLimits limits;
    private readonly AreaList areas;
    private int ownerCount = 1;

    private AddressSpace(Machine machine, PageTable pageTable, ResourceLimits limits, int areaCapacity)
    {
        Machine = machine;
        frames = machine.Frames;
        this.limits = limits;
        PageTable = pageTable;
        areas = new AreaList(areaCapacity);
    }

    /// <summary>What the processor sees.</summary>
    public PageTable PageTable { get; }

    /// <summary>Its areas, in order of address: for /proc/PID/maps.</summary>
    public AreaList Areas => areas;

    /// <summary>Bytes in all areas (VmSize).</summary>
    public ulong MappedBytes { get; private set; }

    /// <summary>Bytes locked by mlock(2) (VmLck).</summary>
    public ulong LockedBytes { get; private set; }

    /// <summary>Where the program's code, data, heap, stack, arguments and environment lie, as execve laid them out.</summary>
    public ProgramLayout Layout { get; set; }

    /// <summary>Counts changes of the areas: a fault that had to wait looks whether the area is still what it was.</summary>
    private uint Generation { get; set; }

    private Machine Machine { get; }

    /// <summary>An empty address space. False when memory has run out.</summary>
    public static bool TryCreate(Machine machine, ResourceLimits limits, [NotNullWhen(true)] out AddressSpace? space)
    {
        if (!machine.Scheduler.TryCreatePageTable(out PageTable? pageTable))
        {
            space = null;
            return false;
        }

        space = new AddressSpace(machine, pageTable, limits, 0);
        return true;
    }

    /// <summary>One more process uses it.</summary>
    public void AddOwner() => ownerCount++;

    /// <summary>A process less uses it; the last one frees everything. It must not be the running thread's page table any more.</summary>
    public void Release()
    {
        if (--ownerCount != 0)
        {
            return;
        }

        PageTable.Free();
        for (int i = 0; i < areas.Count; i++)
        {
            areas[i].Drop();
        }

        areas.RemoveRange(0, areas.Count);
        MappedBytes = 0;
        LockedBytes = 0;
    }

    /// <summary>True where the pages have more than one process.</summary>
    public bool IsShared => ownerCount > 1;

    /// <summary>Pages in memory (VmRSS).</summary>
    public long CountResidentPages()
    {
        long count = 0;
        for (int i = 0; i < areas.Count; i++)
        {
            count += PageTable.CountMapped(areas[i].Start, areas[i].PageCount);
        }

        return count;
    }

    /// <summary>
    /// fork(2): a copy whose private pages are shared until one side writes. False when memory has run out.
    /// Pages that can be found again in their object are left for the child to fault in.
    /// </summary>
    public bool TryCopy(ResourceLimits childLimits, [NotNullWhen(true)] out AddressSpace? child)
    {
        child = null;
        if (!Machine.Scheduler.TryCreatePageTable(out PageTable? pageTable))
        {
            return false;
        }

        var copy = new AddressSpace(Machine, pageTable, childLimits, areas.Count)
        {
            Layout = Layout,
            heapStart = heapStart,
            heapEnd = heapEnd,
            mappingTop = mappingTop,
            searchTop = searchTop,
            largestHoleAbove = largestHoleAbove,
        };

        for (int i = 0; i < areas.Count; i++)
        {
            MemoryArea area = areas[i];
            if ((area.Flags & AreaFlags.NotInChild) != 0)
            {
                copy.searchTop = mappingTop;
                continue;
            }

            MemoryArea copied = area.CopyPart(area.Start, area.End);
            copied.Flags &= ~AreaFlags.Locked;
            copy.areas.Insert(copy.areas.Count, copied);
            copy.MappedBytes += copied.Length;
            if ((area.Flags & AreaFlags.EmptyInChild) != 0)
            {
                copied.HasOwnPages = false;
            }
            else if (area.HasOwnPages && !pageTable.TryCopyFrom(PageTable, area.Start, area.PageCount, area.Sharing))
            {
                copy.Release();
                return false;
            }
        }

        child = copy;
        return true;
    }
}
