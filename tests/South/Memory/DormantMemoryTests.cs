using System.Collections.Generic;
using System.Linq;
using CsCheck;
using LiteBox.South.Memory;
using Xunit;

namespace LiteBox.South.Tests.Memory;

/// <summary>Memory without records: it wakes when it is needed, once, and counts as free all the time.</summary>
public unsafe class DormantMemoryTests
{
    private const uint First = 1024;
    private const uint End = PhysicalMemory.FrameCount;

    public DormantMemoryTests()
    {
        PhysicalMemory.Reset();
        PhysicalMemory.PoisonRecords();
    }

    [Fact]
    public void NothingWakesBeforeItIsNeeded()
    {
        Assert.True(DormantMemory.TryAdd(First, End, true));
        Assert.Empty(PhysicalMemory.MappedRecords);
        Assert.Equal(DormantMemory.FrameCount, FrameDatabase.FreeCount);
    }

    [Fact]
    public void EveryFrameIsHandedOutOnceButForThoseThatHoldRecords()
    {
        Assert.True(DormantMemory.TryAdd(First, End, true));
        long free = FrameDatabase.FreeCount;
        HashSet<uint> taken = TakeAll();
        Assert.Equal(free, taken.Count);
        Assert.All(taken, frame => Assert.InRange(frame, First, End - 1));

        // Two pages of records for each of the 14 blocks, and one for the blocks' own records.
        Assert.Equal((int)(End - First) - 29, taken.Count);
        Assert.Equal(29, PhysicalMemory.MappedRecords.Count);
    }

    [Fact]
    public void WhatIsFreeIsCountedWhetherItSleepsOrNot()
    {
        Assert.True(DormantMemory.TryAdd(First, End, true));
        long free = FrameDatabase.FreeCount;
        for (int taken = 1; FrameDatabase.TryTake(FrameKind.Data, out _); taken++)
        {
            Assert.Equal(free - taken, FrameDatabase.FreeCount);
        }
    }

    [Fact]
    public void AWholeBlockCanBeHadFromSleepingMemory()
    {
        Assert.True(DormantMemory.TryAdd(First, End, true));
        long free = FrameDatabase.FreeCount;
        Assert.True(FrameDatabase.TryTakeBlock(FrameKind.Heap, out uint first));
        Assert.Equal(0u, first % 512);
        Assert.NotEqual(First, first); // that one holds records
        Assert.Equal(free - 512, FrameDatabase.FreeCount);
    }

    [Fact]
    public void RangesThatShareAPageOfBlockRecordsPayForItOnce()
    {
        Assert.True(DormantMemory.TryAdd(512, 1024, true));
        Assert.True(DormantMemory.TryAdd(2048, 3072, true));
        long free = FrameDatabase.FreeCount;
        Assert.Equal((3 * 512) - 7, free);
        Assert.Equal(free, TakeAll().Count);
    }

    [Fact]
    public void UnacceptedMemorySleepsUntilThereIsWhoAcceptsIt()
    {
        Assert.True(DormantMemory.TryAdd(512, 1024, true));
        Assert.True(DormantMemory.TryAdd(First, End, false));
        Assert.Equal((long)(End - First), DormantMemory.UnacceptedCount);
        Assert.DoesNotContain(TakeAll(), frame => frame >= First);
        Assert.False(DormantMemory.TryWakeUnaccepted());
        RecordingAcceptor acceptor = new();
        DormantMemory.AcceptBy(acceptor);
        Assert.Equal([(First, (ulong)End)], acceptor.Expected);
        TakeAll();
        Assert.Equal((int)(End - First) / 512, acceptor.Accepted.Count);
        Assert.Equal(0, DormantMemory.UnacceptedCount);
        Assert.False(DormantMemory.TryWakeUnaccepted());
    }

    [Fact]
    public void IdleTimeAcceptsOneBlockAndLeavesAcceptedMemoryAsleep()
    {
        Assert.True(DormantMemory.TryAdd(512, 1024, true));
        Assert.True(DormantMemory.TryAdd(First, End, false));
        RecordingAcceptor acceptor = new();
        DormantMemory.AcceptBy(acceptor);
        long free = FrameDatabase.FreeCount;
        Assert.True(DormantMemory.TryWakeUnaccepted());
        Assert.Equal([(First, 512u, (ulong)End)], acceptor.Accepted);
        Assert.Equal(free, FrameDatabase.FreeCount);
        Assert.Equal((long)(End - First) - 512, DormantMemory.UnacceptedCount);
    }

    [Fact]
    public void TooManyRangesAreRefused()
    {
        for (uint i = 0; i < 128; i++)
        {
            Assert.True(DormantMemory.TryAdd(First + (2 * i), First + (2 * i) + 1, false));
        }

        Assert.False(DormantMemory.TryAdd(First + 300, First + 301, false));
        Assert.True(DormantMemory.TryAdd(5, 5, true)); // nothing
    }

    [Fact]
    public void AnyRangesGiveAllTheirFrames() =>
        Gen.Select(Gen.Int[1, 15].HashSet[1, 8], Gen.Bool.Array[16]).Sample((blocks, accepted) =>
        {
            PhysicalMemory.Reset();
            PhysicalMemory.PoisonRecords();
            foreach (int block in blocks.Order())
            {
                Assert.True(DormantMemory.TryAdd((ulong)block * 512, (ulong)(block + 1) * 512, accepted[block]));
            }

            DormantMemory.AcceptBy(new RecordingAcceptor());
            long free = FrameDatabase.FreeCount;
            HashSet<uint> taken = TakeAll();
            Assert.Equal(free, taken.Count);
            Assert.Equal(blocks.Order(), taken.Select(frame => (int)frame / 512).Distinct().Order());
            Assert.Equal(0, FrameDatabase.FreeCount);
        }, iter: 200, threads: 1);

    private static HashSet<uint> TakeAll()
    {
        HashSet<uint> taken = [];
        while (FrameDatabase.TryTake(FrameKind.Data, out uint frame))
        {
            Assert.True(taken.Add(frame));
        }

        return taken;
    }

    private sealed class RecordingAcceptor : MemoryAcceptor
    {
        public List<(uint First, ulong End)> Expected { get; } = [];

        public List<(uint First, uint Count, ulong RangeEnd)> Accepted { get; } = [];

        public override void Expect(ulong start, ulong end) => Expected.Add(((uint)start, end));

        public override void Accept(uint first, uint count, ulong rangeEnd) => Accepted.Add((first, count, rangeEnd));
    }
}
