using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using LiteBox.South.Memory;
using LiteBox.South.Snp;
using LiteBox.South.Tests.Simulation;
using Xunit;

namespace LiteBox.South.Tests.Snp;

/// <summary>
/// Hardening rule T30: nothing hands out, reads or writes memory that is not accepted. Unaccepted ranges are poisoned: the test's own page tables refuse every
/// access to them until the model of the RMP says that they are validated, so that a touch ends the test run.
/// </summary>
public sealed unsafe class MemoryAcceptanceTests : IDisposable
{
    private const uint First = 8 * 512;
    private const uint End = PhysicalMemory.FrameCount;
    private const ulong EncryptionMask = 1UL << 51;

    private readonly LyingHost host = new();
    private readonly FencedRmp rmp = new();
    private readonly List<int> lists = [];
    private readonly HostConnection connection;

    public MemoryAcceptanceTests()
    {
        PhysicalMemory.ResetWithFree(2 * 512);
        PageTableEntry.UseEncryptionMask(EncryptionMask);
        SimulatedKernelTable.Build(First);
        host.OnMsrExit = OnMsr;
        host.OnPageExit = OnPage;
        connection = HostConnection.Open(host, new GhcbMsrProtocol(host), new PageValidation(rmp, true));
        lists.Clear();
    }

    public void Dispose()
    {
        FencedRmp.Protect(0, PhysicalMemory.FrameCount, true);
        PageTableEntry.UseEncryptionMask(0);
        PhysicalMemory.Reset();
    }

    [Fact]
    public void T30_EveryFrameIsAcceptedBeforeItIsHandedOut()
    {
        Sleep((First, End));
        FrameKind[] kinds = [FrameKind.Data, FrameKind.PageTable, FrameKind.KernelStack, FrameKind.Heap, FrameKind.Device, FrameKind.Kernel];
        int count = 0;
        while (FrameDatabase.TryTake(kinds[count % kinds.Length], out uint frame))
        {
            Assert.True(rmp.IsValidated(frame));
            FrameDatabase.ClearBytes(frame); // faults where it is fenced
            count++;
        }

        Assert.True(count > (int)(End - First) - 64);
        Assert.Equal(0UL, connection.Validation.Map.UnvalidatedCount - SharedPool.PageCount);
        Assert.Single(lists); // 8 blocks: one exit
    }

    [Fact]
    public void T30_PageTablesOutOfUnacceptedMemoryToo()
    {
        while (FrameDatabase.TryTake(FrameKind.Data, out _))
        {
            // The allocator runs dry: the next table wakes a block.
        }

        PageTablePool.TryReclaim();
        Sleep((First, End));
        Assert.True(KernelPageTable.TryMap(Handover.AddressSpaceLayout.Stacks, new PhysicalAddress(0x5000), KernelPageUse.ReadWrite));
        Assert.True(rmp.IsValidated(First));
    }

    [Fact]
    public void T30_AcceptedBlocksEnterTheDirectMapAndOthersDoNot()
    {
        Sleep((First, End));
        Assert.True(DormantMemory.TryWakeUnaccepted());
        Assert.Equal(
            ((ulong)First << 12) | EncryptionMask | PageTableEntry.Present | PageTableEntry.Writable | PageTableEntry.Large | PageTableEntry.NoExecute,
            *SimulatedKernelTable.BlockEntry(First) & ~(PageTableEntry.Accessed | PageTableEntry.Dirty | PageTableEntry.Global));
        Assert.Equal(0UL, *SimulatedKernelTable.BlockEntry(First + 512));
    }

    [Fact]
    public void AsMuchAsFitsIntoOneExitIsAskedForAtOnceAndValidatedBlockByBlock()
    {
        Sleep((First, End));
        for (int block = 1; block <= 8; block++)
        {
            Assert.True(DormantMemory.TryWakeUnaccepted());
            Assert.Equal([8], lists);
            Assert.Equal(block, connection.Validation.LargeCount);
        }

        Assert.False(DormantMemory.TryWakeUnaccepted());
    }

    [Fact]
    public void RangesAreAskedForOneByOneAndEdgesInSmallPages()
    {
        // A block and a half, and behind a gap 300 frames: three pieces, each within one block.
        PhysicalMemory.TryMapRecords(First + 512, End);
        Sleep((First, First + 512), (First + 512, First + 768), (First + 1100, First + 1400));
        while (DormantMemory.TryWakeUnaccepted())
        {
            // All of it.
        }

        Assert.Equal([1, 253, 3, 253, 47], lists);
        Assert.Equal((1L, 556L), (connection.Validation.LargeCount, connection.Validation.SmallCount));
    }

    [Fact]
    public void T19_AHostThatDoesNotGiveTheMemoryIsFatalAndTheAddressNamed()
    {
        Sleep((First, End));
        host.OnPageExit = () =>
        {
            OnPage();
            Ghcb->ExitInfo2 = 1;
        };
        Assert.Contains($"{(ulong)First << 12:x}", Assert.Throws<MachineStoppedException>(() => DormantMemory.TryWakeUnaccepted()).Message);
    }

    [Fact]
    public void T25_AHostThatSwapsAPageIsFoundOut()
    {
        Sleep((First, End));
        Assert.True(DormantMemory.TryWakeUnaccepted());
        rmp.SmallBlocks.Add(First + 512);
        rmp.Swap(First + 512 + 9);
        Assert.Contains($"already {(ulong)(First + 521) << 12:x}", Assert.Throws<MachineStoppedException>(() => DormantMemory.TryWakeUnaccepted()).Message);
    }

    [Fact]
    public void T26_MemoryThatFirmwareNamesTwiceIsRefused()
    {
        MemoryAcceptance acceptance = new(connection);
        acceptance.Expect(First, End);
        Assert.Contains("twice", Assert.Throws<MachineStoppedException>(() => acceptance.Expect(First + 5, First + 6)).Message);
        uint shared = (uint)(connection.Pool.Range.Start >> 12);
        Assert.Contains("twice", Assert.Throws<MachineStoppedException>(() => acceptance.Expect(shared, shared + 1)).Message);
    }

    private GhcbPage* Ghcb => (GhcbPage*)(PhysicalMemory.Base + host.GhcbMsr);

    private void Sleep(params (uint Start, uint End)[] ranges)
    {
        foreach ((uint start, uint end) in ranges)
        {
            rmp.Assign(start, end - start, false);
            FencedRmp.Protect(start, end - start, false);
            Assert.True(DormantMemory.TryAdd(start, end, false));
        }

        DormantMemory.AcceptBy(new MemoryAcceptance(connection));
    }

    private ulong OnMsr(ulong request)
    {
        if ((request & 0xFFF) == 0x014)
        {
            rmp.Assign((uint)((request & 0x000F_FFFF_FFFF_F000) >> 12), 1, false);
        }

        return LyingHost.Honest(request);
    }

    private void OnPage()
    {
        uint last = (uint)Ghcb->SharedBuffer >> 16;
        lists.Add((int)last + 1);
        for (uint i = 0; i <= last; i++)
        {
            ulong entry = (&Ghcb->SharedBuffer)[i + 1];
            uint frame = (uint)((entry & 0x000F_FFFF_FFFF_F000) >> 12);
            uint count = (entry >> 56 & 1) != 0 ? 512u : 1u;
            if ((entry >> 52 & 15) == 1)
            {
                rmp.Give(frame, count);
            }
            else
            {
                rmp.Assign(frame, count, false);
            }
        }

        Ghcb->SharedBuffer = (last + 1) | (last << 16);
        Ghcb->MarkValid(GhcbPage.ExitInfo2Offset);
        (Ghcb->ExitInfo1, Ghcb->ExitInfo2) = (0, 0);
    }
}
