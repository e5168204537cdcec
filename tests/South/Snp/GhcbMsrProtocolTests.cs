using LiteBox.South.Memory;
using LiteBox.South.Snp;
using Xunit;

namespace LiteBox.South.Tests.Snp;

/// <summary>Hardening rules T15, T16 and T23.</summary>
public class GhcbMsrProtocolTests
{
    private static readonly PhysicalAddress Page = new(0x1234000);

    [Fact]
    public void AnHonestHostIsBelieved()
    {
        LyingHost host = new();
        GhcbMsrProtocol protocol = new(host);
        Assert.True(protocol.TryNegotiate(51));
        Assert.True(protocol.TryGetFeatures(out ulong features));
        Assert.Equal(1UL, features);
        Assert.True(protocol.TryShare(Page));
        Assert.True(protocol.TryRegister(Page));
        Assert.Equal(Page.Value, host.GhcbMsr);
    }

    [Theory]
    [InlineData((2UL << 48) | (1UL << 32) | (47UL << 24) | 0x001)] // another C-bit
    [InlineData((1UL << 48) | (1UL << 32) | (51UL << 24) | 0x001)] // too old
    [InlineData((4UL << 48) | (3UL << 32) | (51UL << 24) | 0x001)] // too new
    [InlineData((2UL << 48) | (1UL << 32) | (51UL << 24) | 0x005)] // another answer
    [InlineData(0UL)]
    [InlineData(ulong.MaxValue)]
    public void AnotherProtocolIsRefused(ulong answer) => Assert.False(With(answer).TryNegotiate(51));

    [Theory]
    [InlineData(0x081UL)] // no SNP
    [InlineData((1UL << 12) | 0x080)]
    public void AHostWithoutSnpIsRefused(ulong answer) => Assert.False(With(answer).TryGetFeatures(out _));

    [Theory]
    [InlineData(0x1235000UL | 0x013)] // another page
    [InlineData(0x1234000UL | 0x012)] // the request itself
    [InlineData(0x000F_FFFF_FFFF_F000UL | 0x013)] // refused
    [InlineData(0x1234000UL | 0x013 | (1UL << 52))]
    public void AnotherPageThanAskedForIsRefused(ulong answer) => Assert.False(With(answer).TryRegister(Page));

    [Theory]
    [InlineData((1UL << 32) | 0x015)] // an error
    [InlineData(0x014UL)]
    [InlineData((1UL << 12) | 0x015)] // reserved bits
    public void APageThatIsNotSharedIsNotTakenForIt(ulong answer) => Assert.False(With(answer).TryShare(Page));

    [Fact]
    public void RequestsSayWhatTheyMean()
    {
        ulong asked = 0;
        LyingHost host = new() { OnMsrExit = request => asked = request };
        GhcbMsrProtocol protocol = new(host);
        protocol.TryShare(Page);
        Assert.Equal((2UL << 52) | Page.Value | 0x014, asked);
        protocol.Terminate(14);
        Assert.Equal((14UL << 16) | (2UL << 12) | 0x100, asked);
    }

    [Fact]
    public void TheGhcbStaysRegisteredThroughOtherRequests()
    {
        LyingHost host = new();
        GhcbMsrProtocol protocol = new(host);
        protocol.TryRegister(Page);
        protocol.TryShare(new PhysicalAddress(0x5000));
        Assert.Equal(Page.Value, host.GhcbMsr);
    }

    private static GhcbMsrProtocol With(ulong answer) => new(new LyingHost { OnMsrExit = _ => answer });
}
