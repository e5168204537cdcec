using System.Text;
using LiteBox.South.Snp;
using LiteBox.South.Stops;
using Xunit;

namespace LiteBox.South.Tests.Snp;

/// <summary>Hardening rules T39 and T45.</summary>
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

    [Theory]
    [InlineData(0b111UL, " SEV SEV-ES SEV-SNP")]
    [InlineData(0b111UL | (1 << 7) | (1 << 17), " SEV SEV-ES SEV-SNP DebugSwap SMTProtection")]
    [InlineData(1UL << 63, " unknown")]
    public void FeaturesAreToldByTheirNames(ulong status, string names)
    {
        LineWriter line = new(new byte[200]);
        SevStatus.WriteNames(ref line, status);
        Assert.Equal(names, Encoding.ASCII.GetString(line.Written));
    }
}
