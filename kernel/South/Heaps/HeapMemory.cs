using LiteBox.Runtime;
using LiteBox.South.Handover;
using LiteBox.South.Memory;

namespace LiteBox.South.Heaps;

/// <summary>Frames for the collected heap, mapped one behind the other in its part of the address space.</summary>
internal static class HeapMemory
{
    /// <summary>Bytes mapped so far.</summary>
    internal static ulong Size { get; private set; }

    /// <summary>Maps more of it and gives it to the runtime. False when memory has run out.</summary>
    internal static bool TryGrow(ulong bytes)
    {
        ulong start = AddressSpaceLayout.Heap + Size;
        for (ulong offset = 0; offset < bytes; offset += PageSize.Bytes)
        {
            if (!KernelFrames.TryTakeCleared(FrameKind.Heap, out uint number)
                || !KernelPageTable.TryMap(start + offset, PhysicalAddress.OfFrame(number), KernelPageUse.ReadWrite))
            {
                return false;
            }
        }

        Size += bytes;
        Heap.AddRegion((nuint)start, (nuint)bytes);
        return true;
    }
}
