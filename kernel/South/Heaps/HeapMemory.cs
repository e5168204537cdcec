using LiteBox.Runtime;
using LiteBox.South.Handover;
using LiteBox.South.Memory;
using LiteBox.South.Scheduling;

namespace LiteBox.South.Heaps;

/// <summary>What the collected heap needs of the machine: frames mapped as regions, taken back when they are empty, and where the stacks are.</summary>
internal static unsafe class HeapMemory
{
    /// <summary>Enough for the kernel's objects of a small workload; more comes when it is asked for.</summary>
    private const ulong FirstRegion = 1 << 20;

    /// <summary>Between two collections the heap may take this part of memory...</summary>
    private const int DebtDivisor = 128;

    /// <summary>... or this many bytes.</summary>
    private const ulong LargestDebt = 8 << 20;

    /// <summary>Below this part of memory free, the heap gives back what it does not need.</summary>
    private const int ScarceDivisor = 8;

    /// <summary>Bytes mapped.</summary>
    internal static ulong Size { get; private set; }

    private static bool releases;

    /// <summary>Gives the heap its first region and tells it where more comes from. False when memory has run out.</summary>
    // SAFETY: the functions have the signatures that the heap asks for and live as long as it does.
    internal static bool TryStart()
    {
        ulong debt = (ulong)FrameDatabase.TotalCount * PageSize.Bytes / DebtDivisor;
        Heap.LeastDebt = (nuint)(debt < LargestDebt ? debt : LargestDebt);
        Heap.SetRegionSource(&TryGrow, null);
        Heap.SetBlockSource(&TrySupply, &Withdraw);
        Heap.SetStackEnumerator(&EnumerateStacks);
        return TryGrow((nuint)FirstRegion);
    }

    /// <summary>
    /// Collects if it is due. What becomes free stays with the heap while memory is plenty: mapping it again costs more than it is worth.
    /// </summary>
    // SAFETY: as in TryStart.
    internal static void CollectIfDue()
    {
        ChooseRelease();
        Heap.CollectIfDue();
    }

    /// <summary>Collects, and gives back all that became free.</summary>
    // SAFETY: as in TryStart.
    internal static void CollectAll()
    {
        Heap.SetRegionSource(&TryGrow, &Release);
        Heap.CollectAndGiveBack();
        Heap.SetRegionSource(&TryGrow, releases ? &Release : null);
    }

    // SAFETY: as in TryStart.
    private static void ChooseRelease()
    {
        bool isScarce = FrameDatabase.FreeCount < FrameDatabase.TotalCount / ScarceDivisor;
        if (isScarce != releases)
        {
            releases = isScarce;
            Heap.SetRegionSource(&TryGrow, isScarce ? &Release : null);
        }
    }

    private static bool TryGrow(nuint bytes)
    {
        ulong size = PageSize.PagesFor(bytes) << PageSize.Shift;
        if (!RegionAddresses.TryTake(size, out ulong offset))
        {
            return false;
        }

        ulong start = AddressSpaceLayout.Heap + offset;
        if (!TryMap(start, size))
        {
            RegionAddresses.Return(offset, size);
            return false;
        }

        Heap.AddRegion((nuint)start, (nuint)size);
        return true;
    }

    private static void Release(nuint start, nuint bytes)
    {
        Unmap(start, bytes);
        RegionAddresses.Return(start - AddressSpaceLayout.Heap, bytes);
    }

    private static bool TrySupply(nuint block) => TryMap(block, Heap.BlockBytes);

    private static void Withdraw(nuint block) => Unmap(block, Heap.BlockBytes);

    /// <summary>Maps all pages of a range, or none: then memory has run out.</summary>
    private static bool TryMap(ulong start, ulong bytes)
    {
        for (ulong mapped = 0; mapped < bytes; mapped += PageSize.Bytes)
        {
            if (!TryMapPage(start + mapped))
            {
                Unmap(start, mapped);
                return false;
            }
        }

        return true;
    }

    /// <summary>Maps a frame with whatever it holds: the heap clears what it hands out.</summary>
    private static bool TryMapPage(ulong address)
    {
        if (!KernelFrames.TryTake(FrameKind.Heap, out uint number))
        {
            return false;
        }

        if (!KernelPageTable.TryMap(address, PhysicalAddress.OfFrame(number), KernelPageUse.ReadWrite))
        {
            FrameDatabase.Return(number, FrameKind.Heap);
            return false;
        }

        Size += PageSize.Bytes;
        return true;
    }

    /// <summary>Unmaps a range; pages of blocks that were withdrawn are not there.</summary>
    private static void Unmap(ulong start, ulong bytes)
    {
        for (ulong address = start; address < start + bytes; address += PageSize.Bytes)
        {
            if (KernelPageTable.IsMapped(address))
            {
                FrameDatabase.Return(KernelPageTable.Unmap(address).FrameNumber, FrameKind.Heap);
                Size -= PageSize.Bytes;
            }
        }
    }

    // SAFETY: a thread that does not run has saved its registers above its stack pointer (InitialStack, SwitchStack).
    private static void EnumerateStacks(nuint stackPointer, delegate*<nuint, nuint, void> scan)
    {
        if (SouthScheduler.FirstOfAll is null)
        {
            scan(stackPointer, (nuint)KernelStack.Boot.Top);
        }

        for (Execution? execution = SouthScheduler.FirstOfAll; execution is not null; execution = execution.NextOfAll)
        {
            ulong low = SouthScheduler.IsCurrent(execution) ? stackPointer : execution.StackPointer;
            scan((nuint)low, (nuint)execution.Stack.Top);
        }
    }
}
