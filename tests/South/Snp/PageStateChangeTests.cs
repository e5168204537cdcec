using System;
using System.Linq;
using System.Runtime.InteropServices;
using CsCheck;
using LiteBox.South.Memory;
using LiteBox.South.Snp;
using Xunit;

namespace LiteBox.South.Tests.Snp;

/// <summary>Hardening rules T18, T19 and T22 for page-state changes: the host's counters.</summary>
public sealed unsafe class PageStateChangeTests : IDisposable
{
    private const ulong Address = 0x7654000;
    private readonly GhcbPage* page = (GhcbPage*)NativeMemory.AlignedAlloc(4096, 4096);
    private readonly LyingHost host = new();
    private readonly Ghcb ghcb;

    public PageStateChangeTests()
    {
        new Span<byte>(page, 4096).Clear();
        ghcb = new Ghcb(host, page, new PhysicalAddress(Address));
    }

    private ref ulong Header => ref page->SharedBuffer;

    public void Dispose() => NativeMemory.AlignedFree(page);

    [Fact]
    public void AListIsOneExit()
    {
        ulong[] entries = Enumerable.Range(0, 253).Select(i => PageStateEntry.PrivateBlock((uint)i * 512)).ToArray();
        host.OnPageExit = () =>
        {
            Assert.Equal((0x8000_0010UL, 0UL, 0UL), (page->ExitCode, page->ExitInfo1, page->ExitInfo2));
            Assert.Equal(252UL << 16, Header);
            Assert.Equal(entries, new ReadOnlySpan<ulong>(&page->SharedBuffer + 1, 253).ToArray());
            Reach(253, 252);
        };
        Assert.True(ghcb.TryChangePageStates(entries));
        Assert.Equal((1, 1L), (host.Exits, ghcb.PageStateExitCount));
    }

    [Fact]
    public void EntriesSayWhatTheyMean()
    {
        Assert.Equal(0x0010_0000_1234_5000UL, PageStateEntry.PrivateFrame(0x12345));
        Assert.Equal(0x0110_0000_1220_0000UL, PageStateEntry.PrivateBlock(0x12200));
        Assert.Equal(0x0020_0000_1234_5000UL, PageStateEntry.SharedFrame(0x12345));
    }

    [Fact]
    public void T22_TheListIsInTheGhcbItself()
    {
        host.OnPageExit = () =>
        {
            Assert.True(page->IsValid(GhcbPage.ScratchOffset));
            Assert.Equal(Address + 0x800, page->Scratch);
            Reach(1, 0);
        };
        Assert.True(ghcb.TryChangePageStates([PageStateEntry.PrivateFrame(1)]));
    }

    [Fact]
    public void T19_APartIsFollowedByTheRest()
    {
        uint reached = 0;
        host.OnPageExit = () =>
        {
            Assert.Equal(reached | (9UL << 16), Header);
            reached += 3;
            reached = Math.Min(reached, 10);
            Reach(reached, 9);
        };
        Assert.True(ghcb.TryChangePageStates(List(10)));
        Assert.Equal(4, host.Exits);
    }

    [Theory]
    [InlineData(3, 9, 2)] // cur_entry goes back
    [InlineData(3, 9, 0)]
    public void T19_CurEntryNeverDecreases(int first, int last, int second)
    {
        host.OnPageExit = () => Reach((uint)(host.Exits == 1 ? first : second), (uint)last);
        Assert.False(ghcb.TryChangePageStates(List(10)));
        Assert.Equal(2, host.Exits);
    }

    [Theory]
    [InlineData(10UL | (10UL << 16))] // end_entry grows
    [InlineData(10UL | (252UL << 16))]
    [InlineData(9UL | (8UL << 16))] // shrinks: some pages would be left out
    [InlineData(10UL | (9UL << 16) | (1UL << 32))] // reserved
    [InlineData(10UL | (9UL << 16) | (1UL << 63))]
    [InlineData(11UL | (9UL << 16))] // more than there was
    [InlineData(0xFFFFUL | (9UL << 16))]
    [InlineData(ulong.MaxValue)]
    public void T19_AHeaderThatMakesNoSenseIsRefused(ulong header)
    {
        host.OnPageExit = () =>
        {
            Reach(0, 0);
            Header = header;
        };
        Assert.False(ghcb.TryChangePageStates(List(10)));
        Assert.Equal(1, host.Exits);
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData((1UL << 32) | 1)] // 56421, 4.1.6: the header is invalid
    [InlineData(1UL << 63)]
    public void T19_ExitInfo2IsZero(ulong information)
    {
        host.OnPageExit = () =>
        {
            Reach(10, 9);
            page->ExitInfo2 = information;
        };
        Assert.False(ghcb.TryChangePageStates(List(10)));
    }

    [Fact]
    public void T19_AnAnswerWithoutItsValidBitIsNone()
    {
        host.OnPageExit = () =>
        {
            Reach(10, 9);
            (page->ValidLow, page->ValidHigh) = (0, 0);
        };
        Assert.False(ghcb.TryChangePageStates(List(10)));
    }

    [Fact]
    public void T19_AHostThatNeverGetsOnIsGivenUp()
    {
        host.OnPageExit = () => Reach(0, 9);
        Assert.False(ghcb.TryChangePageStates(List(10)));
        Assert.Equal(64, host.Exits);
    }

    [Fact]
    public void ListsThatDoNotFitAreNotSent()
    {
        Assert.False(ghcb.TryChangePageStates([]));
        Assert.False(ghcb.TryChangePageStates(List(254)));
        Assert.Equal(0, host.Exits);
    }

    [Fact]
    public void T18_NothingIsLeftInThePage()
    {
        host.OnPageExit = () => Reach(253, 252);
        Assert.True(ghcb.TryChangePageStates(List(253)));
        AssertScrubbed();
        host.OnPageExit = () => Reach(1, 9);
        Assert.False(ghcb.TryChangePageStates(List(10)));
        AssertScrubbed();
    }

    [Fact]
    public void T17_WhateverTheHostWritesOnlyACompleteAnswerIsTaken() =>
        Gen.Select(Gen.Byte.Array[4096], Gen.Int[1, 253]).Sample((bytes, count) =>
        {
            int before = host.Exits;
            host.OnPageExit = () =>
            {
                bytes.CopyTo(new Span<byte>(page, 4096));
                page->ExitInfo1 &= ~0xFFFF_FFFFUL;
            };
            bool isComplete = bytes[0x3A0..0x3A8].All(b => b == 0) && BitConverter.ToUInt64(bytes, 0x800) == ((uint)count | ((ulong)(count - 1) << 16));
            Assert.Equal(isComplete, ghcb.TryChangePageStates(List(count)));
            Assert.InRange(host.Exits - before, 1, 64);
        }, iter: 300, threads: 1);

    private static ulong[] List(int count) => Enumerable.Range(0, count).Select(i => PageStateEntry.PrivateFrame((uint)i)).ToArray();

    private void Reach(uint current, uint last)
    {
        (page->ValidLow, page->ValidHigh) = (0, 0);
        page->MarkValid(GhcbPage.ExitInfo1Offset);
        page->MarkValid(GhcbPage.ExitInfo2Offset);
        page->ExitInfo1 = 0;
        page->ExitInfo2 = 0;
        Header = current | (last << 16);
    }

    private void AssertScrubbed()
    {
        page->ProtocolVersion = 0; // no secret
        Assert.True(new ReadOnlySpan<byte>(page, 4096).IndexOfAnyExcept((byte)0) < 0);
    }
}
