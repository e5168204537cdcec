using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using LiteBox.Platform;
using LiteBox.South.Memory;
using LiteBox.South.Tests.Simulation;
using Xunit;

namespace LiteBox.South.Tests.Memory;

/// <summary>The page table against a dictionary, and against a processor that walks the tables.</summary>
public class UserPageTableTests
{
    private const int Frames = 1500;

    /// <summary>Pages that tests use: some close together, some that share no table with the others, the first and the last.</summary>
    private static readonly ulong[] Starts =
        [0x0, 0x400000, 0x5FF000, 0x7FFFF000, 0x5555_5540_0000, 0x7FFF_FFE0_0000, 0x7FFF_FFFF_0000, 0x80_0000_0000];

    [Fact]
    public void APageIsWhereItWasMappedAndNowhereElse()
    {
        PhysicalMemory.ResetWithFree(Frames);
        UserPageTable table = UserPageTable.TryCreate()!;
        Frame frame = Take();
        Assert.True(table.TryMapOwned(new UserAddress(0x401000), frame, PageProtection.Read | PageProtection.Write));
        Assert.True(SimulatedProcessor.TryTranslate(table.Root, 0x401234, out ulong physical, out bool write, out bool execute));
        Assert.Equal(((ulong)frame.Number << 12) + 0x234, physical);
        Assert.True(write);
        Assert.False(execute);
        Assert.False(SimulatedProcessor.TryTranslate(table.Root, 0x402000, out _, out _, out _));
        Assert.False(table.TryLookup(new UserAddress(0x402000), out _, out _));
    }

    [Fact]
    public unsafe void TheKernelHalfIsTheKernels()
    {
        PhysicalMemory.ResetWithFree(Frames);
        for (int round = 0; round < 2; round++)
        {
            UserPageTable table = UserPageTable.TryCreate()!;
            ulong* root = (ulong*)(PhysicalMemory.Base + table.Root);
            for (ulong i = 0; i < 512; i++)
            {
                Assert.Equal(i < 256 ? 0 : 0xABC000UL + i, root[i]);
            }

            table.TryMapOwned(new UserAddress(0), Take(), PageProtection.Read);
            table.Free(); // the second round gets the same table back
        }
    }

    [Fact]
    public void NoProtectionKeepsTheFrame()
    {
        PhysicalMemory.ResetWithFree(Frames);
        UserPageTable table = UserPageTable.TryCreate()!;
        Frame frame = Take();
        table.TryMapOwned(new UserAddress(0x1000), frame, PageProtection.Read | PageProtection.Write);
        table.Protect(new UserAddress(0x1000), 1, PageProtection.None, PageSharing.Private);
        Assert.False(SimulatedProcessor.TryTranslate(table.Root, 0x1000, out _, out _, out _));
        Assert.True(table.TryLookup(new UserAddress(0x1000), out Frame found, out PageProtection protection));
        Assert.Equal(frame, found);
        Assert.Equal(PageProtection.None, protection);
        table.Protect(new UserAddress(0x1000), 1, PageProtection.Read | PageProtection.Write, PageSharing.Private);
        Assert.True(SimulatedProcessor.TryTranslate(table.Root, 0x1000, out _, out bool write, out _));
        Assert.True(write);
    }

    [Fact]
    public void ASharedFrameDoesNotBecomeWritableInAPrivateMapping()
    {
        PhysicalMemory.ResetWithFree(Frames);
        UserPageTable table = UserPageTable.TryCreate()!;
        Frame frame = Take();
        table.TryMap(new UserAddress(0x1000), frame, PageProtection.Read); // two owners: the test and the table
        table.Protect(new UserAddress(0x1000), 1, PageProtection.Read | PageProtection.Write, PageSharing.Private);
        table.TryLookup(new UserAddress(0x1000), out _, out PageProtection protection);
        Assert.Equal(PageProtection.Read, protection);
        table.Protect(new UserAddress(0x1000), 1, PageProtection.Read | PageProtection.Write, PageSharing.Shared);
        table.TryLookup(new UserAddress(0x1000), out _, out protection);
        Assert.Equal(PageProtection.Read | PageProtection.Write, protection);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(100)]
    public void WhateverTheirNumberUnmappedPagesAreFlushed(int count)
    {
        PhysicalMemory.ResetWithFree(Frames);
        UserPageTable table = UserPageTable.TryCreate()!;
        table.Activate();
        for (int i = 0; i < count; i++)
        {
            table.TryMapOwned(new UserAddress((ulong)i << 12), Take(), PageProtection.Read);
        }

        TranslationCache.Forget();
        table.Unmap(new UserAddress(0), (ulong)count);
        Assert.All(Enumerable.Range(0, count), i => Assert.True(TranslationCache.IsFlushed((ulong)i << 12)));
    }

    [Theory]
    [InlineData(0x1001UL)]
    [InlineData(UserAddress.Limit)]
    [InlineData(0xFFFF_8000_0000_0000UL)]
    public void AddressesThatAreNoProgramsStop(ulong address)
    {
        PhysicalMemory.ResetWithFree(Frames);
        UserPageTable table = UserPageTable.TryCreate()!;
        Frame frame = Take();
        Assert.Throws<MachineStoppedException>(() => table.TryMap(new UserAddress(address), frame, PageProtection.Read));
        Assert.Throws<MachineStoppedException>(() => table.Unmap(new UserAddress(address), 1));
        Assert.Throws<MachineStoppedException>(() => table.Unmap(new UserAddress(0), ulong.MaxValue));
        Assert.Throws<MachineStoppedException>(() => table.Unmap(new UserAddress(0x1000), UserAddress.Limit >> 12));
    }

    [Fact]
    public void FramesOfTheKernelCannotBeMapped()
    {
        PhysicalMemory.ResetWithFree(Frames);
        UserPageTable table = UserPageTable.TryCreate()!;
        Frame own = new((uint)(table.Root >> 12));
        Assert.Throws<MachineStoppedException>(() => table.TryMap(new UserAddress(0x1000), own, PageProtection.Read));
        Assert.Throws<MachineStoppedException>(() => table.TryMapOwned(new UserAddress(0x1000), own, PageProtection.Read));
        Assert.Throws<MachineStoppedException>(() => table.TryMapOwned(new UserAddress(0x1000), new Frame(3), PageProtection.Read));
    }

    [Fact]
    public void WithoutMemoryForTablesNothingChanges()
    {
        for (int frames = 2; frames < 5; frames++)
        {
            PhysicalMemory.ResetWithFree(frames);
            UserPageTable table = UserPageTable.TryCreate()!;
            Frame frame = Take();
            long free = FrameDatabase.FreeCount;
            Assert.Equal(frames - 2, free);
            Assert.False(table.TryMapOwned(new UserAddress(0x1000), frame, PageProtection.Read));
            Assert.Equal(free, FrameDatabase.FreeCount);
            Assert.False(table.TryLookup(new UserAddress(0x1000), out _, out _));
            FrameDatabase.Release(frame.Number);
            table.Free();
            Assert.Equal(frames, FrameDatabase.FreeCount);
        }
    }

    [Fact]
    public void AMoveWithoutMemoryForTablesChangesNothing()
    {
        PhysicalMemory.ResetWithFree(6); // root, three tables, two pages: nothing left for the destination
        UserPageTable table = UserPageTable.TryCreate()!;
        Frame[] frames = [Take(), Take()];
        table.TryMapOwned(new UserAddress(0x1000), frames[0], PageProtection.Read);
        table.TryMapOwned(new UserAddress(0x2000), frames[1], PageProtection.Read);
        Assert.False(table.TryMove(new UserAddress(0x1000), new UserAddress(0x1FF000), 2));
        Assert.Equal(2, table.CountMapped(default, UserAddress.Limit >> 12));
        Assert.True(table.TryLookup(new UserAddress(0x2000), out Frame found, out _));
        Assert.Equal(frames[1], found);
        table.Free();
        Assert.Equal(6, FrameDatabase.FreeCount);
    }

    [Fact]
    public void AnyOrderOfChangesAgreesWithTheModel() =>
        Gen.Select(Gen.Int[0, 8], Gen.Int[0, Starts.Length - 1], Gen.Int[0, 15], Gen.Int[1, 12], Gen.Int[0, 7], Gen.Bool)
            .Array[1, 200].Sample(steps =>
        {
            PhysicalMemory.ResetWithFree(Frames);
            var models = new[] { new Model(), new Model() };
            models[0].Table.Activate();
            foreach (var (action, start, offset, count, protection, second) in steps)
            {
                ulong page = Starts[start] + ((ulong)offset << 12);
                Model model = models[second ? 1 : 0];
                TranslationCache.Forget();
                var before = models[0].Visible();
                model.Apply(action, page, (ulong)count, Allowed[protection % Allowed.Length], models[second ? 0 : 1]);
                AssertStaleAreFlushed(before, models[0].Visible());
            }

            foreach (Model model in models)
            {
                model.Check(models);
            }

            models[0].Table.Free();
            models[1].Table.Free();
            Assert.Equal(Frames, FrameDatabase.FreeCount);
        }, iter: 300, threads: 1);

    private static readonly PageProtection[] Allowed =
    [
        PageProtection.None,
        PageProtection.Read,
        PageProtection.Read | PageProtection.Write,
        PageProtection.Read | PageProtection.Execute,
        PageProtection.Read | PageProtection.Write | PageProtection.Execute,
    ];

    private static Frame Take()
    {
        Assert.True(FrameDatabase.TryTake(FrameKind.Data, out uint number));
        return new Frame(number);
    }

    /// <summary>What the processor may have cached of the first table and is no longer so must have been flushed.</summary>
    private static void AssertStaleAreFlushed(Dictionary<ulong, (Frame, PageProtection)> before, Dictionary<ulong, (Frame, PageProtection)> after)
    {
        foreach (var (page, was) in before)
        {
            if (was.Item2 != PageProtection.None && (!after.TryGetValue(page, out var now) || now != was))
            {
                bool onlyGained = now.Item1 == was.Item1 && (now.Item2 & was.Item2) == was.Item2;
                Assert.True(TranslationCache.IsFlushed(page) || onlyGained, $"page {page:x} is stale");
            }
        }
    }

    /// <summary>An address space as a dictionary beside the real one.</summary>
    private sealed class Model
    {
        private readonly Dictionary<ulong, (Frame Frame, PageProtection Protection)> pages = [];

        public UserPageTable Table { get; } = UserPageTable.TryCreate()!;

        public Dictionary<ulong, (Frame, PageProtection)> Visible() => pages.ToDictionary(p => p.Key, p => (p.Value.Frame, p.Value.Protection));

        public void Apply(int action, ulong page, ulong count, PageProtection protection, Model other)
        {
            if (page >= UserAddress.Limit)
            {
                return;
            }

            count = Math.Min(count, (UserAddress.Limit - page) >> 12);
            switch (action)
            {
                case 0 or 1 or 2:
                    MapFresh(page, protection);
                    break;
                case 3:
                    MapAgain(page, protection, other);
                    break;
                case 4:
                    Table.Unmap(new UserAddress(page), count);
                    Range(page, count).ForEach(p => pages.Remove(p));
                    break;
                case 5:
                    Protect(page, count, protection, PageSharing.Private);
                    break;
                case 6:
                    Protect(page, count, protection, PageSharing.Shared);
                    break;
                case 7:
                    CopyFrom(other, page, count);
                    break;
                case 8:
                    Move(page, count);
                    break;
            }

            Assert.Equal(pages.Count, Table.CountMapped(default, UserAddress.Limit >> 12));
        }

        public unsafe void Check(Model[] all)
        {
            foreach (var (page, (frame, protection)) in pages)
            {
                Assert.True(Table.TryLookup(new UserAddress(page), out Frame found, out PageProtection allowed));
                Assert.Equal(frame, found);
                Assert.Equal(protection, allowed);
                bool present = SimulatedProcessor.TryTranslate(Table.Root, page, out ulong physical, out bool write, out bool execute);
                Assert.Equal(protection != PageProtection.None, present);
                if (present)
                {
                    Assert.Equal((ulong)frame.Number << 12, physical);
                    Assert.Equal((protection & PageProtection.Write) != 0, write);
                    Assert.Equal((protection & PageProtection.Execute) != 0, execute);
                }

                long owners = all.Sum(m => m.pages.Values.LongCount(v => v.Frame == frame));
                Assert.Equal(owners, FrameDatabase.Record(frame.Number)->Owners);
            }
        }

        private static List<ulong> Range(ulong page, ulong count) => Enumerable.Range(0, (int)count).Select(i => page + ((ulong)i << 12)).ToList();

        private void MapFresh(ulong page, PageProtection protection)
        {
            Frame frame = Take();
            Assert.True(Table.TryMapOwned(new UserAddress(page), frame, protection));
            pages[page] = (frame, protection);
        }

        private void MapAgain(ulong page, PageProtection protection, Model other)
        {
            if (other.pages.Count != 0)
            {
                Frame frame = other.pages.Values.First().Frame;
                Assert.True(Table.TryMap(new UserAddress(page), frame, protection));
                pages[page] = (frame, protection);
            }
        }

        private unsafe void Protect(ulong page, ulong count, PageProtection protection, PageSharing sharing)
        {
            foreach (ulong p in Range(page, count).Where(pages.ContainsKey))
            {
                bool shared = sharing == PageSharing.Private && FrameDatabase.Record(pages[p].Frame.Number)->Owners > 1;
                pages[p] = (pages[p].Frame, shared ? protection & ~PageProtection.Write : protection);
            }

            Table.Protect(new UserAddress(page), count, protection, sharing);
        }

        private void CopyFrom(Model other, ulong page, ulong count)
        {
            Table.Unmap(new UserAddress(page), count);
            Range(page, count).ForEach(p => pages.Remove(p));
            Assert.True(Table.TryCopyFrom(other.Table, new UserAddress(page), count, PageSharing.Private));
            foreach (ulong p in Range(page, count).Where(other.pages.ContainsKey))
            {
                var copied = (other.pages[p].Frame, other.pages[p].Protection & ~PageProtection.Write);
                pages[p] = copied;
                other.pages[p] = copied;
            }
        }

        private void Move(ulong page, ulong count)
        {
            ulong to = 0x1234_5678_0000 + (page & 0x1FF000);
            if (Range(to, count).Any(pages.ContainsKey))
            {
                return;
            }

            Assert.True(Table.TryMove(new UserAddress(page), new UserAddress(to), count));
            foreach (ulong p in Range(page, count).Where(pages.ContainsKey).ToList())
            {
                pages[p - page + to] = pages[p];
                pages.Remove(p);
            }
        }
    }
}
