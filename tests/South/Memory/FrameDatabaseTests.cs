using System.Collections.Generic;
using System.Linq;
using CsCheck;
using LiteBox.South.Memory;
using Xunit;

namespace LiteBox.South.Tests.Memory;

public class FrameDatabaseTests
{
    private const int Frames = 3 * 512 + 100;

    [Fact]
    public void AllFramesCanBeTakenOnceAndNoMore()
    {
        PhysicalMemory.ResetWithFree(Frames);
        var taken = new HashSet<uint>();
        while (FrameDatabase.TryTake(FrameKind.Data, out uint number))
        {
            Assert.InRange(number, 512u, 512u + Frames - 1);
            Assert.True(taken.Add(number));
        }

        Assert.Equal(Frames, taken.Count);
        Assert.Equal(0, FrameDatabase.FreeCount);
    }

    [Fact]
    public void BlocksGrowTogetherAgain()
    {
        PhysicalMemory.ResetWithFree(Frames);
        var taken = new List<uint>();
        while (FrameDatabase.TryTake(FrameKind.Data, out uint number))
        {
            taken.Add(number);
        }

        Assert.False(FrameDatabase.TryTakeBlock(FrameKind.Heap, out _));
        foreach (uint number in taken.OrderBy(n => n * 2654435761 % 65537))
        {
            FrameDatabase.Release(number);
        }

        for (int i = 0; i < 3; i++)
        {
            Assert.True(FrameDatabase.TryTakeBlock(FrameKind.Heap, out uint first));
            Assert.Equal(0u, first % 512);
        }

        Assert.False(FrameDatabase.TryTakeBlock(FrameKind.Heap, out _));
        Assert.Equal(Frames - (3 * 512), FrameDatabase.FreeCount);
    }

    [Fact]
    public void EachKindIsCounted()
    {
        PhysicalMemory.ResetWithFree(Frames);
        Assert.True(FrameDatabase.TryTake(FrameKind.PageTable, out uint table));
        Assert.True(FrameDatabase.TryTake(FrameKind.Data, out uint data));
        Assert.True(FrameDatabase.TryTakeBlock(FrameKind.Heap, out uint block));
        Assert.True(FrameDatabase.TryTakeExactly(600, FrameKind.Kernel));
        FrameDatabase.Mark(3, FrameKind.Kernel);
        FrameDatabase.AddOwner(data);
        Assert.Equal([1, 1, 512, 2], CountsOf(FrameKind.PageTable, FrameKind.Data, FrameKind.Heap, FrameKind.Kernel));
        FrameDatabase.Release(data);
        Assert.Equal(1, FrameDatabase.CountOf(FrameKind.Data));
        FrameDatabase.Release(data);
        FrameDatabase.Return(table, FrameKind.PageTable);
        FrameDatabase.ReturnBlock(block, FrameKind.Heap);
        FrameDatabase.Donate(3, FrameKind.Kernel);
        Assert.Equal([0, 0, 0, 1], CountsOf(FrameKind.PageTable, FrameKind.Data, FrameKind.Heap, FrameKind.Kernel));
    }

    private static long[] CountsOf(params FrameKind[] kinds) => [.. kinds.Select(FrameDatabase.CountOf)];

    [Fact]
    public void FreeingTwiceStops()
    {
        PhysicalMemory.ResetWithFree(Frames);
        Assert.True(FrameDatabase.TryTake(FrameKind.PageTable, out uint number));
        FrameDatabase.Return(number, FrameKind.PageTable);
        Assert.Throws<MachineStoppedException>(() => FrameDatabase.Return(number, FrameKind.PageTable));
        Assert.Throws<MachineStoppedException>(() => FrameDatabase.Release(number));
        Assert.Throws<MachineStoppedException>(() => FrameDatabase.AddOwner(number));
        Assert.Throws<MachineStoppedException>(() => FrameBlocks.ReturnFrame(600));
    }

    [Fact]
    public void FreeingAsAnotherKindStops()
    {
        PhysicalMemory.ResetWithFree(Frames);
        Assert.True(FrameDatabase.TryTake(FrameKind.PageTable, out uint table));
        Assert.True(FrameDatabase.TryTake(FrameKind.Data, out uint data));
        Assert.Throws<MachineStoppedException>(() => FrameDatabase.Return(table, FrameKind.Heap));
        Assert.Throws<MachineStoppedException>(() => FrameDatabase.Release(table));
        Assert.Throws<MachineStoppedException>(() => FrameDatabase.Return(data, FrameKind.Data));
        Assert.Throws<MachineStoppedException>(() => FrameDatabase.AddOwner(3));
    }

    [Fact]
    public void OneFrameCanBeTakenByItsNumber()
    {
        PhysicalMemory.ResetWithFree(Frames);
        Assert.True(FrameDatabase.TryTakeExactly(700, FrameKind.Kernel));
        Assert.False(FrameDatabase.TryTakeExactly(700, FrameKind.Kernel));
        Assert.Equal(Frames - 1, FrameDatabase.FreeCount);
        Assert.Equal(2, FrameBlocks.FreeBlockCount);
        var rest = new HashSet<uint>();
        while (FrameDatabase.TryTake(FrameKind.Data, out uint number))
        {
            rest.Add(number);
        }

        Assert.DoesNotContain(700u, rest);
        Assert.Equal(Frames - 1, rest.Count);
    }

    [Fact]
    public void PooledTablesComeBackWhenMemoryIsShort()
    {
        PhysicalMemory.ResetWithFree(2);
        UserPageTable table = UserPageTable.TryCreate()!;
        table.Free();
        Assert.Equal(2, FrameDatabase.FreeCount);
        Assert.Equal(1, PageTablePool.Count);
        Assert.True(FrameDatabase.TryTake(FrameKind.Data, out _));
        Assert.True(FrameDatabase.TryTake(FrameKind.Data, out _));
        Assert.False(FrameDatabase.TryTake(FrameKind.Data, out _));
        Assert.Equal(0, FrameDatabase.FreeCount);
    }

    [Fact]
    public void AnyOrderOfTakingAndFreeingKeepsCount() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 1 << 20]).Array[1, 3000].Sample(steps =>
        {
            PhysicalMemory.ResetWithFree(Frames);
            var frames = new List<uint>();
            var owners = new Dictionary<uint, int>();
            var blocks = new List<uint>();
            foreach ((int action, int choice) in steps)
            {
                Step(action, choice, frames, owners, blocks);
                Assert.Equal(Frames - frames.Count - (512 * blocks.Count), FrameDatabase.FreeCount);
            }
        }, iter: 200, threads: 1);

    private static unsafe void Step(int action, int choice, List<uint> frames, Dictionary<uint, int> owners, List<uint> blocks)
    {
        switch (action)
        {
            case <= 3 when FrameDatabase.TryTake(FrameKind.Data, out uint number):
                Assert.True(owners.TryAdd(number, 1));
                Assert.DoesNotContain(number & ~511u, blocks);
                frames.Add(number);
                break;
            case 4 or 5 or 6 when frames.Count != 0:
                Release(choice % frames.Count, frames, owners);
                break;
            case 7 when frames.Count != 0:
                uint shared = frames[choice % frames.Count];
                FrameDatabase.AddOwner(shared);
                Assert.Equal((uint)++owners[shared], FrameDatabase.Record(shared)->Owners);
                break;
            case 8 when FrameDatabase.TryTakeBlock(FrameKind.Heap, out uint first):
                Assert.DoesNotContain(first, blocks);
                Assert.DoesNotContain(frames, f => (f & ~511u) == first);
                blocks.Add(first);
                break;
            case 9 when blocks.Count != 0:
                FrameDatabase.ReturnBlock(blocks[choice % blocks.Count], FrameKind.Heap);
                blocks.RemoveAt(choice % blocks.Count);
                break;
        }
    }

    private static void Release(int index, List<uint> frames, Dictionary<uint, int> owners)
    {
        uint number = frames[index];
        FrameDatabase.Release(number);
        if (--owners[number] == 0)
        {
            owners.Remove(number);
            frames.RemoveAt(index);
        }
    }
}
