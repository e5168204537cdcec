using LiteBox.North.Memory;
using LiteBox.North.Processes;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>
/// Takes the pages that a truncated file no longer has out of all mappings of it, so that touching them is SIGBUS (mmap(2)). It looks at every
/// address space, which is slow, and happens only when a mapped file shrinks.
/// </summary>
internal static class MappedTruncation
{
    /// <summary>Unmaps what lies wholly beyond <paramref name="size"/> bytes of the object.</summary>
    public static void UnmapFrom(LinuxKernel kernel, MemoryObject memoryObject, long size)
    {
        ulong firstPage = ((ulong)size + UserAddress.PageSize - 1) >> UserAddress.PageShift;
        for (Process? process = kernel.Processes.NextProcess(0); process is not null; process = kernel.Processes.NextProcess(process.Id))
        {
            if (process.Memory is { } memory)
            {
                UnmapFrom(memory, memoryObject, firstPage);
            }
        }
    }

    private static void UnmapFrom(AddressSpace memory, MemoryObject memoryObject, ulong firstPage)
    {
        for (int i = 0; i < memory.Areas.Count; i++)
        {
            MemoryArea area = memory.Areas[i];
            if (area.Object != memoryObject || area.ObjectPage + area.PageCount <= firstPage)
            {
                continue;
            }

            ulong kept = firstPage > area.ObjectPage ? firstPage - area.ObjectPage : 0;
            memory.PageTable.Unmap(area.Start + (kept << UserAddress.PageShift), area.PageCount - kept);
        }
    }
}
