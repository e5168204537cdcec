using System;
using System.Runtime.InteropServices;
using CsCheck;
using LiteBox.South.Memory;
using LiteBox.South.Snp;
using Xunit;

namespace LiteBox.South.Tests.Snp;

/// <summary>Hardening rules T17, T18, T20 and T22.</summary>
public sealed unsafe class GhcbTests : IDisposable
{
    private const ulong Address = 0x7654000;
    private readonly GhcbPage* page = (GhcbPage*)NativeMemory.AlignedAlloc(4096, 4096);
    private readonly LyingHost host = new();
    private readonly Ghcb ghcb;

    public GhcbTests()
    {
        new Span<byte>(page, 4096).Clear();
        ghcb = new Ghcb(host, page, new PhysicalAddress(Address));
    }

    public void Dispose() => NativeMemory.AlignedFree(page);

    [Theory]
    [InlineData(1, 0x3F9_0000UL | 0x10 | 0x200 | 1, 0xDEu)]
    [InlineData(2, 0x3F9_0000UL | 0x20 | 0x200 | 1, 0xBEDEu)]
    [InlineData(4, 0x3F9_0000UL | 0x40 | 0x200 | 1, 0xDEADBEDEu)]
    public void APortIsRead(int size, ulong information, uint expected)
    {
        host.OnPageExit = () =>
        {
            Assert.Equal(0x7BUL, page->ExitCode);
            Assert.Equal(information, page->ExitInfo1);
            Assert.Equal(2, page->ProtocolVersion);
            Answer(GhcbPage.RaxOffset);
            page->Rax = 0x1234_5678_DEAD_BEDE;
        };
        Assert.True(ghcb.TryReadPort(0x3F9, size, out uint value));
        Assert.Equal(expected, value);
    }

    [Fact]
    public void AnMsrIsReadAndWritten()
    {
        host.OnPageExit = () =>
        {
            Assert.Equal((0x7CUL, 0UL, 0x1BUL), (page->ExitCode, page->ExitInfo1, page->Rcx));
            Answer(GhcbPage.RaxOffset, GhcbPage.RdxOffset);
            (page->Rax, page->Rdx) = (0xFFFF_FFFF_1111_2222, 0x3333_4444);
        };
        Assert.True(ghcb.TryReadMsr(0x1B, out ulong value));
        Assert.Equal(0x3333_4444_1111_2222UL, value);
        host.OnPageExit = () =>
        {
            Assert.Equal((0x7CUL, 1UL, 0x1BUL), (page->ExitCode, page->ExitInfo1, page->Rcx));
            Assert.Equal((0x89AB_CDEFUL, 0x0123_4567UL), (page->Rax, page->Rdx));
            Answer();
        };
        Assert.True(ghcb.TryWriteMsr(0x1B, 0x0123_4567_89AB_CDEF));
    }

    [Fact]
    public void ADeviceIsReadThroughTheBufferOfThePageItself()
    {
        host.OnPageExit = () =>
        {
            Assert.Equal((0x8000_0001UL, 0xFEE0_0020UL, 4UL), (page->ExitCode, page->ExitInfo1, page->ExitInfo2));
            Assert.Equal(Address + 0x800, page->Scratch);
            Answer();
            page->SharedBuffer = 0xCAFE_F00D;
        };
        Assert.True(ghcb.TryReadDevice(0xFEE0_0020, out uint value));
        Assert.Equal(0xCAFE_F00Du, value);
    }

    [Fact]
    public void AGuestRequestNamesItsPages()
    {
        host.OnPageExit = () =>
        {
            Assert.Equal((0x8000_0011UL, 0x1000UL, 0x2000UL), (page->ExitCode, page->ExitInfo1, page->ExitInfo2));
            Assert.False(page->IsValid(GhcbPage.RaxOffset));
            Answer();
            page->ExitInfo2 = 2UL << 32;
        };
        Assert.True(ghcb.TryGuestRequest(0x1000, 0x2000, out ulong answer));
        Assert.Equal(2UL << 32, answer);
        AssertScrubbed();
    }

    [Fact]
    public void AnExtendedGuestRequestNamesThePagesForCertificatesAndTakesWhatTheyNeed()
    {
        ulong pages = 1;
        host.OnPageExit = () =>
        {
            Assert.Equal((0x8000_0012UL, 0x1000UL, 0x2000UL), (page->ExitCode, page->ExitInfo1, page->ExitInfo2));
            Assert.True(page->IsValid(GhcbPage.RaxOffset) && page->IsValid(GhcbPage.RbxOffset));
            Assert.Equal((0x3000UL, 1UL), (page->Rax, page->Rbx));
            Answer(GhcbPage.RbxOffset);
            (page->ExitInfo2, page->Rbx) = (1UL << 32, 5);
        };
        Assert.True(ghcb.TryExtendedGuestRequest(0x1000, 0x2000, 0x3000, ref pages, out ulong answer));
        Assert.Equal((1UL << 32, 5UL), (answer, pages));
        AssertScrubbed();
    }

    [Fact]
    public void AGuestRequestWithoutAnAnswerIsNone()
    {
        ulong pages = 4;
        host.OnPageExit = () =>
        {
            Answer();
            (page->ValidLow, page->ValidHigh, page->ExitInfo2) = (0, 0, 0);
        };
        Assert.False(ghcb.TryGuestRequest(0x1000, 0x2000, out _));
        Assert.False(ghcb.TryExtendedGuestRequest(0x1000, 0x2000, 0x3000, ref pages, out _));
        host.OnPageExit = () =>
        {
            Answer();
            page->ExitInfo1 = 2;
        };
        Assert.False(ghcb.TryGuestRequest(0x1000, 0x2000, out _));
        AssertScrubbed();
    }

    [Fact]
    public void NothingIsLeftInThePage()
    {
        host.OnPageExit = () => Answer(GhcbPage.RaxOffset, GhcbPage.RdxOffset);
        ghcb.TryReadPort(0x60, 4, out _);
        AssertScrubbed();
        ghcb.TryWritePort(0x60, 4, 0x5555_5555);
        AssertScrubbed();
        ghcb.TryReadMsr(0x1B, out _);
        AssertScrubbed();
        ghcb.TryWriteMsr(0x1B, ulong.MaxValue);
        AssertScrubbed();
        ghcb.TryReadDevice(0xFEE0_0000, out _);
        AssertScrubbed();
        ghcb.TryWriteDevice(0xFEE0_0000, uint.MaxValue);
        AssertScrubbed();
    }

    [Fact]
    public void OnlyTheRegistersOfTheRequestAreShown()
    {
        host.OnPageExit = () =>
        {
            Assert.False(page->IsValid(GhcbPage.RcxOffset));
            Assert.False(page->IsValid(GhcbPage.RdxOffset));
            Assert.False(page->IsValid(GhcbPage.ScratchOffset));
            Answer();
        };
        Assert.True(ghcb.TryWritePort(0x60, 1, 1));
    }

    [Fact]
    public void AnAnswerWithoutItsValidBitIsNone()
    {
        host.OnPageExit = () =>
        {
            Answer();
            page->Rax = 7;
        };
        Assert.False(ghcb.TryReadPort(0x60, 1, out uint value));
        Assert.Equal(0u, value);
        Assert.False(ghcb.TryReadMsr(0x1B, out _));
    }

    [Theory]
    [InlineData(1UL)] // an exception that nothing here earns
    [InlineData(2UL)] // malformed
    [InlineData(0x8000_0000UL)]
    public void AnErrorIsAnError(ulong information)
    {
        host.OnPageExit = () =>
        {
            Answer(GhcbPage.RaxOffset, GhcbPage.RdxOffset);
            page->ExitInfo1 = information;
        };
        Assert.False(ghcb.TryReadPort(0x60, 1, out _));
        Assert.False(ghcb.TryWritePort(0x60, 1, 1));
        Assert.False(ghcb.TryReadMsr(0x1B, out _));
        Assert.False(ghcb.TryWriteMsr(0x1B, 1));
        Assert.False(ghcb.TryReadDevice(0xFEE0_0000, out _));
        Assert.False(ghcb.TryWriteDevice(0xFEE0_0000, 1));
    }

    [Fact]
    public void WhateverTheHostWritesThePageIsScrubbedAndTheValueFits() =>
        Gen.Select(Gen.Byte.Array[4096], Gen.Int[0, 2]).Sample((bytes, sizeShift) =>
        {
            host.OnPageExit = () => bytes.CopyTo(new Span<byte>(page, 4096));
            int size = 1 << sizeShift;
            ghcb.TryReadPort(0x60, size, out uint value);
            Assert.True(size == 4 || value < 1u << (8 * size));
            Assert.Equal((0UL, 0UL), (page->ValidLow, page->ValidHigh));
        }, iter: 300, threads: 1);

    private void Answer(params int[] registers)
    {
        (page->ValidLow, page->ValidHigh) = (0, 0);
        page->ExitInfo1 = 0;
        page->ExitInfo2 = 0;
        page->MarkValid(GhcbPage.ExitInfo1Offset);
        page->MarkValid(GhcbPage.ExitInfo2Offset);
        foreach (int register in registers)
        {
            page->MarkValid(register);
        }
    }

    private void AssertScrubbed()
    {
        page->ProtocolVersion = 0; // no secret
        Assert.True(new ReadOnlySpan<byte>(page, 4096).IndexOfAnyExcept((byte)0) < 0);
    }
}
