using System;
using System.Linq;
using CsCheck;
using LiteBox.South.Timekeeping;
using Xunit;

namespace LiteBox.South.Tests.Timekeeping;

/// <summary>Hardening rule T41.</summary>
public sealed class ForwardTimeTests
{
    [Fact]
    public void Whatever_the_counter_does_time_never_goes_back() =>
        Gen.ULong.Array[0, 50].Sample(readings =>
        {
            ForwardTime time = default;
            ulong[] told = [.. readings.Select(reading => time.Take(reading))];
            Assert.Equal(readings.Select((_, index) => readings.Take(index + 1).Max()), told);
        });

    [Fact]
    public void Steps_back_are_counted()
    {
        ForwardTime time = default;
        foreach (ulong reading in new ulong[] { 5, 7, 6, 7, 3, 8 })
        {
            time.Take(reading);
        }

        Assert.Equal(2, time.BackwardCount);
    }
}
