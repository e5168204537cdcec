using System;
using System.Runtime.InteropServices;
using LiteBox.South.Memory;
using LiteBox.South.Snp;
using Xunit;

namespace LiteBox.South.Tests.Snp;

/// <summary>Hardening rule T59: messages pass through shared pages by copies only, and old ones do not lie about in them.</summary>
public sealed unsafe class GhcbMessageHostTests : IDisposable
{
    private const ulong Address = 0x900000;
    private readonly byte* memory = (byte*)NativeMemory.AlignedAlloc((GhcbMessageHost.PageCount + 1) * 4096, 4096);
    private readonly GhcbPage* ghcbPage;
    private readonly LyingHost host = new();
    private readonly GhcbMessageHost carrier;
    private readonly byte[] request = new byte[4096];
    private readonly byte[] response = new byte[4096];

    public GhcbMessageHostTests()
    {
        Shared.Fill(0xA5);
        ghcbPage = (GhcbPage*)(memory + (GhcbMessageHost.PageCount * 4096));
        new Span<byte>(ghcbPage, 4096).Clear();
        SharedPages pages = new(memory, new PhysicalAddress(Address), GhcbMessageHost.PageCount);
        carrier = new GhcbMessageHost(new Ghcb(host, ghcbPage, new PhysicalAddress(0x800000)), pages, null!, null!);
        request.AsSpan().Fill(0x11);
    }

    private Span<byte> Shared => new(memory, GhcbMessageHost.PageCount * 4096);

    public void Dispose() => NativeMemory.AlignedFree(memory);

    [Fact]
    public void T59_TheHostSeesTheMessageAndNothingOlder()
    {
        bool wasAsked = false;
        host.OnPageExit = () =>
        {
            wasAsked = true;
            Assert.Equal((0x8000_0011UL, Address, Address + 4096), (ghcbPage->ExitCode, ghcbPage->ExitInfo1, ghcbPage->ExitInfo2));
            Assert.True(Shared[..4096].SequenceEqual(request));
            Assert.Equal(-1, Shared[4096..].IndexOfAnyExcept((byte)0));
            Answer(0);
        };
        Assert.True(carrier.TryCarry(request, response, out _));
        Assert.True(wasAsked);
        Assert.Equal(new byte[4096], response); // no answer is not an old one
    }

    [Fact]
    public void T59_TheAnswerIsCopiedAndLaterChangesDoNotCount()
    {
        host.OnPageExit = () =>
        {
            Shared.Slice(4096, 4096).Fill(0x22);
            Answer(0);
        };
        Assert.True(carrier.TryCarry(request, response, out ulong answer));
        Shared.Fill(0x33);
        Assert.Equal(0UL, answer);
        Assert.Equal(-1, response.AsSpan().IndexOfAnyExcept((byte)0x22));
    }

    [Fact]
    public void T59_CertificatesComeFromTheirOwnPages()
    {
        ulong pages = 4;
        host.OnPageExit = () =>
        {
            Assert.Equal((0x8000_0012UL, Address + 8192, 4UL), (ghcbPage->ExitCode, ghcbPage->Rax, ghcbPage->Rbx));
            Shared.Slice(8192, 5000).Fill(0x44);
            Answer(0);
        };
        Assert.True(carrier.TryCarryExtended(request, response, ref pages, out _));
        byte[] certificates = new byte[16384];
        carrier.CopyCertificates(certificates);
        Assert.Equal(-1, certificates.AsSpan(0, 5000).IndexOfAnyExcept((byte)0x44));
        Assert.Equal(-1, certificates.AsSpan(5000).IndexOfAnyExcept((byte)0));
    }

    private void Answer(ulong information2)
    {
        ghcbPage->ExitInfo1 = 0;
        ghcbPage->ExitInfo2 = information2;
        ghcbPage->MarkValid(GhcbPage.ExitInfo2Offset);
    }
}
