using LiteBox.SnpMachine.Memory;

namespace LiteBox.SnpMachine.Hardware;

/// <summary>The machine's own page tables: everything one to one, in pages of 1 GiB, up to 128 TiB, where OVMF puts 64-bit BARs.</summary>
internal static unsafe class HostPaging
{
    private const ulong PresentWritable = 3;
    private const ulong LargePage = 1 << 7;
    private const ulong PointersMapped = 256;

    /// <summary>With five levels the processor is in that mode already, in tables that the reset stub made.</summary>
    public static void MapEverything(bool fiveLevels)
    {
        ulong* top = (ulong*)PageAllocator.Allocate(1);
        for (ulong i = 0; i < PointersMapped; i++)
        {
            ulong* pointers = (ulong*)PageAllocator.Allocate(1);
            for (ulong j = 0; j < 512; j++)
            {
                pointers[j] = i << 39 | j << 30 | PresentWritable | LargePage;
            }
            top[i] = (ulong)pointers | PresentWritable;
        }
        if (fiveLevels)
        {
            ulong* outer = (ulong*)PageAllocator.Allocate(1);
            outer[0] = (ulong)top | PresentWritable;
            top = outer;
        }
        Root = (ulong)top;
        Processor.WriteCr3(Root);
    }

    /// <summary>Value of CR3 for the other processors.</summary>
    public static ulong Root { get; private set; }
}
