using System;
using System.Runtime.InteropServices;
using System.Threading;
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

    /// <summary>T20: what the host finds in the page at each request, to the byte.</summary>
    [Fact]
    public void ThePageHoldsTheRequestAndNothingElse()
    {
        const ulong Secret = 0x1122_3344_5566_7788;
        int[] always = [0x390, 0x391, 0x392, 0x393, 0x398, 0x399, 0x39A, 0x39B, 0x39C, 0x39D, 0x39E, 0x39F, 0x3A0, 0xFFA];
        (Action Request, int[] Fields)[] requests =
        [
            (() => ghcb.TryReadPort(0x60, 4, out _), []),
            (() => ghcb.TryWritePort(0x60, 1, 0x88), [0x1F8]),
            (() => ghcb.TryReadMsr(0x1B, out _), [0x308]),
            (() => ghcb.TryWriteMsr(0x1B, Secret), [0x308, 0x1F8, 0x1F9, 0x1FA, 0x1FB, 0x310, 0x311, 0x312, 0x313]),
            (() => ghcb.TryReadDevice(0xFEE0_0000, out _), [0x3A8, 0x3A9, 0x3AA, 0x3AB]),
            (() => ghcb.TryWriteDevice(0xFEE0_0000, 0x5566_7788), [0x3A8, 0x3A9, 0x3AA, 0x3AB, 0x800, 0x801, 0x802, 0x803]),
        ];
        foreach ((Action request, int[] fields) in requests)
        {
            host.OnPageExit = () =>
            {
                (page->ValidLow, page->ValidHigh) = (0, 0);
                ReadOnlySpan<byte> bytes = new(page, 4096);
                for (int offset = 0; offset < bytes.Length; offset++)
                {
                    Assert.True(bytes[offset] == 0 || Array.IndexOf(fields, offset) >= 0 || Array.IndexOf(always, offset) >= 0, $"byte {offset:x}");
                }
            };
            request();
        }
    }

    /// <summary>T17: each byte of the page, turned around in the host's answer, changes the verdict or the value where the specification says so, and nowhere else.</summary>
    [Fact]
    public void EachByteOfAnAnswerCountsWhereTheSpecificationSaysAndNowhereElse()
    {
        const ulong Value = 0x0102_0304_0506_0708;
        for (int offset = 0; offset < 4096; offset++)
        {
            host.OnPageExit = () =>
            {
                Answer(GhcbPage.RaxOffset, GhcbPage.RdxOffset);
                (page->Rax, page->Rdx) = (Value, Value);
                ((byte*)page)[offset] ^= 0xFF;
            };
            bool hasError = offset is >= GhcbPage.ExitInfo1Offset and < GhcbPage.ExitInfo1Offset + 4;
            bool lacksRax = offset == 0x3F0 + (GhcbPage.RaxOffset / 64);
            bool lacksRdx = offset == 0x3F0 + (GhcbPage.RdxOffset / 64);
            Assert.Equal(!hasError && !lacksRax, ghcb.TryReadPort(0x60, 4, out uint port));
            Assert.Equal(hasError || lacksRax ? 0 : Turned(0x0506_0708, offset - GhcbPage.RaxOffset), port);
            Assert.Equal(!hasError && !lacksRax && !lacksRdx, ghcb.TryReadMsr(0x1B, out ulong register));
            ulong expected = Turned(0x0506_0708, offset - GhcbPage.RaxOffset) | ((ulong)Turned(0x0506_0708, offset - GhcbPage.RdxOffset) << 32);
            Assert.True(hasError || lacksRax || lacksRdx || expected == register, $"byte {offset:x}: {register:x}");
            Assert.Equal(!hasError, ghcb.TryWritePort(0x60, 1, 1));
            Assert.Equal(!hasError, ghcb.TryWriteMsr(0x1B, 1));
        }

        static uint Turned(uint value, int index) => index is >= 0 and < 4 ? value ^ (0xFFu << (8 * index)) : value;
    }

    /// <summary>
    /// T17: a second processor of the host's changes every field all the time while the answer is read. What comes out was in the field at one time, whole, or it is
    /// nothing: no check is made of one reading and no use of another.
    /// </summary>
    [Fact]
    public void WhatChangesWhileItIsReadIsReadOnce()
    {
        const ulong First = 0x1111_1111_1111_1111;
        const ulong Second = 0xEEEE_EEEE_EEEE_EEEE;
        using ManualResetEventSlim stop = new();
        Thread other = new(() =>
        {
            for (ulong turn = 0; !stop.IsSet; turn++)
            {
                ulong value = turn % 2 == 0 ? First : Second;
                Volatile.Write(ref page->Rax, value);
                Volatile.Write(ref page->Rdx, value);
                Volatile.Write(ref page->SharedBuffer, value);
                Volatile.Write(ref page->ExitInfo1, turn % 3 == 0 ? 2UL : 0);
                Volatile.Write(ref page->ValidLow, turn % 5 == 0 ? 0 : ulong.MaxValue);
                Volatile.Write(ref page->ValidHigh, turn % 7 == 0 ? 0 : ulong.MaxValue);
            }
        });
        other.Start();
        host.OnPageExit = () => Answer(GhcbPage.RaxOffset, GhcbPage.RdxOffset);
        int believed = 0;
        for (int i = 0; i < 200_000; i++)
        {
            bool success = ghcb.TryReadPort(0x60, 4, out uint port);
            Assert.True(success ? port is 0x1111_1111 or 0xEEEE_EEEE or 0 : port == 0); // 0: scrubbed, and not yet written again
            believed += success ? 1 : 0;
            success = ghcb.TryReadDevice(0xFEE0_0000, out uint device);
            Assert.True(success ? device is 0x1111_1111 or 0xEEEE_EEEE or 0 : device == 0);
            success = ghcb.TryReadMsr(0x1B, out ulong register);
            Assert.True((uint)register is 0x1111_1111 or 0xEEEE_EEEE or 0 && register >> 32 is 0x1111_1111 or 0xEEEE_EEEE or 0);
        }

        stop.Set();
        other.Join();
        Assert.NotEqual(0, believed);
    }

    /// <summary>T21.</summary>
    [Fact]
    public void ARequestWithinARequestStopsTheMachine()
    {
        host.OnPageExit = () => ghcb.TryReadPort(0x61, 1, out _);
        Assert.Throws<MachineStoppedException>(() => ghcb.TryReadPort(0x60, 1, out _));
    }

    /// <summary>T14: an exception at the exit itself comes within a request, and its report has requests of its own.</summary>
    [Fact]
    public void AReportMayAskAfterARequestWasCutOff()
    {
        bool isReported = false;
        host.OnPageExit = () =>
        {
            host.OnPageExit = () => Answer(GhcbPage.RaxOffset);
            ghcb.Abandon();
            AssertScrubbed();
            isReported = ghcb.TryReadPort(0x3FD, 1, out _);
        };
        ghcb.TryReadPort(0x60, 1, out _);
        Assert.True(isReported);
    }

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
