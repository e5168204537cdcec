using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using LiteBox.South.Memory;
using LiteBox.South.Snp;
using Xunit;

namespace LiteBox.South.Tests.Snp;

/// <summary>Hardening rules T32 and T50: shared pages come from one pool, and are reached through typed accessors only.</summary>
public sealed unsafe class SharedPoolTests : IDisposable
{
    private static readonly PhysicalAddress Start = new(0x800000);
    private readonly byte* memory = (byte*)NativeMemory.AlignedAlloc(SharedPool.PageCount * 4096, 4096);
    private readonly SharedPool pool;

    public SharedPoolTests()
    {
        new Span<byte>(memory, SharedPool.PageCount * 4096).Clear();
        pool = new SharedPool(memory, Start);
    }

    public void Dispose() => NativeMemory.AlignedFree(memory);

    [Fact]
    public void T32_ThereAreSoManyPagesAndNoMore()
    {
        HashSet<ulong> addresses = [];
        while (pool.TryTake(1) is { } pages)
        {
            Assert.True(addresses.Add(pages.Address.Value));
        }

        Assert.Equal(SharedPool.PageCount, addresses.Count);
        Assert.All(addresses, a => Assert.InRange(a, pool.Range.Start, pool.Range.Start + pool.Range.Length - 4096));
    }

    [Fact]
    public void RunsFollowEachOther()
    {
        SharedPages first = pool.TryTake(3)!;
        SharedPages second = pool.TryTake(5)!;
        Assert.Equal(Start.Value + (3 * 4096), second.Address.Value);
        pool.Return(first);
        Assert.Equal(Start.Value + (8 * 4096), pool.TryTake(4)!.Address.Value);
        Assert.Equal(Start.Value, pool.TryTake(3)!.Address.Value);
        Assert.Null(pool.TryTake(SharedPool.PageCount - 11));
        Assert.Null(pool.TryTake(0));
        Assert.Null(pool.TryTake(-1));
        Assert.Null(pool.TryTake(int.MaxValue));
    }

    [Fact]
    public void NothingIsLeftInPagesThatAreGivenBack()
    {
        SharedPages pages = pool.TryTake(2)!;
        pages.CopyFrom(0, Enumerable.Repeat((byte)0xEE, pages.Length).ToArray());
        pool.Return(pages);
        Assert.True(new ReadOnlySpan<byte>(memory, SharedPool.PageCount * 4096).IndexOfAnyExcept((byte)0) < 0);
    }

    [Fact]
    public void GivingBackTwiceStops()
    {
        SharedPages pages = pool.TryTake(2)!;
        pool.Return(pages);
        Assert.Throws<MachineStoppedException>(() => pool.Return(pages));
        Assert.Throws<MachineStoppedException>(() => pool.Return(new SharedPages(memory, new PhysicalAddress(0x1000), 1)));
        Assert.Throws<MachineStoppedException>(() => pool.Return(new SharedPages(memory, Start + (SharedPool.PageCount * 4096), 1)));
    }

    [Fact]
    public void T50_WhatIsWrittenIsRead()
    {
        SharedPages pages = pool.TryTake(2)!;
        pages.Write64(4088, 0x1122_3344_5566_7788);
        Assert.Equal(0x1122_3344_5566_7788UL, pages.Read64(4088));
        byte[] copy = new byte[10];
        pages.CopyTo(4087, copy);
        Assert.Equal([0, 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11, 0], copy);
        pages.CopyFrom(8191, [7]);
        pages.CopyTo(8190, copy.AsSpan(0, 2));
        Assert.Equal([0, 7], copy[..2]);
    }

    [Theory]
    [InlineData(-8)]
    [InlineData(8192)]
    [InlineData(4)]
    [InlineData(int.MaxValue)]
    public void T50_WordsOutsideThePagesStop(int offset)
    {
        SharedPages pages = pool.TryTake(2)!;
        Assert.Throws<MachineStoppedException>(() => pages.Read64(offset));
        Assert.Throws<MachineStoppedException>(() => pages.Write64(offset, 1));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(8192, 1)]
    [InlineData(8191, 2)]
    [InlineData(0, 8193)]
    [InlineData(int.MaxValue, 1)]
    public void T50_CopiesBeyondThePagesStop(int offset, int length)
    {
        SharedPages pages = pool.TryTake(2)!;
        Assert.Throws<MachineStoppedException>(() => pages.CopyTo(offset, new byte[length]));
        Assert.Throws<MachineStoppedException>(() => pages.CopyFrom(offset, new byte[length]));
    }
}
