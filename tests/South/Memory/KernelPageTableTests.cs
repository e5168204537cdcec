using System.Collections.Generic;
using LiteBox.South.Handover;
using LiteBox.South.Memory;
using Xunit;

namespace LiteBox.South.Tests.Memory;

/// <summary>The kernel's own page tables, and that none of them stays when it maps nothing any more.</summary>
public unsafe class KernelPageTableTests
{
    private const int Frames = 512;
    private const ulong Heap = AddressSpaceLayout.Heap;
    private const uint Root = 0;
    private const uint PreparedTable = 1;

    public KernelPageTableTests()
    {
        PhysicalMemory.ResetWithFree(Frames);
        FrameDatabase.ClearBytes(Root);
        FrameDatabase.ClearBytes(PreparedTable);
        FrameDatabase.Mark(Root, FrameKind.Kernel);
        KernelPageTable.TakeOver(0);
        KernelFrames.BeginEarly(PreparedTable, PreparedTable + 1);
        Assert.True(KernelPageTable.TryPrepareRegion(Heap));
        KernelFrames.EndEarly();
        FrameDatabase.Mark(PreparedTable, FrameKind.Kernel);
    }

    [Fact]
    public void What_is_mapped_comes_back_and_so_do_the_tables()
    {
        var pages = new Dictionary<ulong, uint>();
        ulong[] addresses = [Heap, Heap + 0x1000, Heap + 0x200000, Heap + 0x1FF000, Heap + (1UL << 30), Heap + (63UL << 30)];
        foreach (ulong address in addresses)
        {
            Assert.True(FrameDatabase.TryTake(FrameKind.Heap, out uint number));
            Assert.False(KernelPageTable.IsMapped(address));
            Assert.True(KernelPageTable.TryMap(address, PhysicalAddress.OfFrame(number), KernelPageUse.ReadWrite));
            pages[address] = number;
        }

        Assert.Equal(3 + 4, FrameDatabase.CountOf(FrameKind.KernelPageTable)); // three gibibytes, four times two mebibytes
        foreach ((ulong address, uint number) in pages)
        {
            Assert.True(KernelPageTable.IsMapped(address));
            TranslationCache.Forget();
            Assert.Equal(number, KernelPageTable.Unmap(address).FrameNumber);
            Assert.True(TranslationCache.IsFlushed(address));
            Assert.False(KernelPageTable.IsMapped(address));
            FrameDatabase.Return(number, FrameKind.Heap);
        }

        Assert.Equal(0, FrameDatabase.CountOf(FrameKind.KernelPageTable));
        Assert.Equal(Frames, FrameDatabase.FreeCount);
    }

    [Fact]
    public void A_table_stays_as_long_as_it_maps_one_page()
    {
        Map(Heap);
        Map(Heap + 0x1000);
        KernelPageTable.Unmap(Heap);
        Assert.True(KernelPageTable.IsMapped(Heap + 0x1000));
        Assert.Equal(2, FrameDatabase.CountOf(FrameKind.KernelPageTable));
        Map(Heap);
        KernelPageTable.Unmap(Heap + 0x1000);
        KernelPageTable.Unmap(Heap);
        Assert.Equal(0, FrameDatabase.CountOf(FrameKind.KernelPageTable));
    }

    [Fact]
    public void Tables_from_before_the_records_stay()
    {
        Map(Heap);
        KernelPageTable.Unmap(Heap);
        Map(Heap); // by way of the prepared table, which is still there
        Assert.Equal(Frames - 4, FrameDatabase.FreeCount); // two pages that nobody gave back, and two tables
    }

    [Fact]
    public void Mapping_twice_and_unmapping_twice_stop()
    {
        Map(Heap);
        Assert.Throws<MachineStoppedException>(() => Map(Heap));
        KernelPageTable.Unmap(Heap);
        Assert.Throws<MachineStoppedException>(() => KernelPageTable.Unmap(Heap));
        Assert.Throws<MachineStoppedException>(() => KernelPageTable.Unmap(Heap + (1UL << 30)));
    }

    private static void Map(ulong address)
    {
        Assert.True(FrameDatabase.TryTake(FrameKind.Heap, out uint number));
        Assert.True(KernelPageTable.TryMap(address, PhysicalAddress.OfFrame(number), KernelPageUse.ReadWrite));
    }
}
