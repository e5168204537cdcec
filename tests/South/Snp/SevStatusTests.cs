using LiteBox.South.Snp;
using Xunit;

namespace LiteBox.South.Tests.Snp;

/// <summary>Hardening rule T39.</summary>
public class SevStatusTests
{
    [Theory]
    [InlineData(0b111UL, true)]
    [InlineData(0b111UL | (1 << 7) | (1 << 8) | (1 << 9), true)]
    [InlineData(0b011UL, false)]
    [InlineData(0UL, false)]
    public void WhatTheGuestNeeds(ulong status, bool supported) => Assert.Equal(supported, SevStatus.IsSupported(status));

    [Theory]
    [InlineData(3)] // vTOM
    [InlineData(4)] // #VC reflection
    [InlineData(5)] // restricted injection
    [InlineData(6)] // alternate injection
    [InlineData(10)] // VMPL supervisor shadow stacks
    [InlineData(11)] // secure TSC
    [InlineData(16)] // VMSA register protection
    [InlineData(63)] // unknown
    public void WhatItWouldHaveToKnow(int bit) => Assert.False(SevStatus.IsSupported(0b111 | (1UL << bit)));
}
