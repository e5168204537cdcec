using System;
using LiteBox.South.Memory;

namespace LiteBox.South.Tests.Simulation;

/// <summary>The kernel's page tables as the boot application leaves them: a direct map of the simulated memory in large pages, and tables for all of it.</summary>
internal static unsafe class SimulatedKernelTable
{
    /// <summary>Physical address of the top-level table.</summary>
    public const ulong Root = 0x1000;

    private const ulong Pointers = 0x2000;
    private const ulong Directory = 0x3000;
    private const ulong Large = PageTableEntry.Present | PageTableEntry.Writable | PageTableEntry.NoExecute | PageTableEntry.Large;

    /// <summary>Frames below this one hold the tables.</summary>
    public const uint FirstFreeFrame = 16;

    /// <summary>Maps all blocks, but for those from <paramref name="firstUnmapped"/> on.</summary>
    public static void Build(uint firstUnmapped = PhysicalMemory.FrameCount)
    {
        new Span<byte>((byte*)PhysicalMemory.Base + Root, 3 * PageSize.Bytes).Clear();
        Words(Root)[256] = PageTableEntry.ToTable(new PhysicalAddress(Pointers));
        Words(Pointers)[0] = PageTableEntry.ToTable(new PhysicalAddress(Directory));
        for (uint frame = 0; frame < firstUnmapped; frame += PageSize.FramesPerLarge)
        {
            *BlockEntry(frame) = PageTableEntry.ToPage(PhysicalAddress.OfFrame(frame), Large);
        }

        KernelPageTable.TakeOver(Root);
        TranslationCache.Forget();
    }

    /// <summary>The direct map's entry for the block around a frame.</summary>
    public static ulong* BlockEntry(uint frame) => Words(Directory) + (frame / PageSize.FramesPerLarge);

    private static ulong* Words(ulong address) => (ulong*)(PhysicalMemory.Base + address);
}
