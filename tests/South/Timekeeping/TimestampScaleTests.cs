using System;
using CsCheck;
using LiteBox.South.Timekeeping;
using Xunit;

namespace LiteBox.South.Tests.Timekeeping;

public sealed class TimestampScaleTests
{
    private const ulong NanosecondsPerSecond = 1_000_000_000;

    private static readonly Gen<ulong> Frequencies = Gen.ULong[TimestampScale.LowestFrequency, TimestampScale.HighestFrequency];

    [Fact]
    public void NanosecondsAreTicksTimesTheFactorExactly()
    {
        Gen.Select(Frequencies, Gen.ULong[0, 1UL << 60]).Sample((frequency, ticks) =>
        {
            UInt128 factor = (NanosecondsPerSecond << 28) / frequency;
            Assert.Equal((ulong)(ticks * factor >> 28), new TimestampScale(frequency).ToNanoseconds(ticks));
        });
    }

    [Fact]
    public void AYearIsAYearToAFewNanosecondsASecond()
    {
        Frequencies.Sample(frequency =>
        {
            const ulong Year = 31_556_952;
            ulong nanoseconds = new TimestampScale(frequency).ToNanoseconds(Year * frequency);
            ulong expected = Year * NanosecondsPerSecond;
            Assert.InRange(nanoseconds, expected - (Year * 64), expected);
        });
    }

    [Fact]
    public void MoreTicksAreNeverFewerNanoseconds()
    {
        Gen.Select(Frequencies, Gen.ULong[0, 1UL << 60], Gen.ULong[0, 1000]).Sample((frequency, ticks, more) =>
        {
            TimestampScale scale = new(frequency);
            Assert.True(scale.ToNanoseconds(ticks + more) >= scale.ToNanoseconds(ticks));
        });
    }

    [Fact]
    public void TicksForNanosecondsAreNotLaterThanTheyShouldBe()
    {
        Gen.Select(Frequencies, Gen.ULong[0, 1UL << 58]).Sample((frequency, nanoseconds) =>
        {
            UInt128 exact = (UInt128)nanoseconds * frequency / NanosecondsPerSecond;
            ulong ticks = new TimestampScale(frequency).ToTicks(nanoseconds);
            Assert.True(ticks <= exact);
            Assert.True(exact - ticks <= (exact >> 24) + 1);
        });
    }

    [Fact]
    public void NeverIsFarAway() => Assert.Equal(ulong.MaxValue, new TimestampScale(NanosecondsPerSecond).ToTicks(ulong.MaxValue));
}
