using System;
using CsCheck;
using LiteBox.South.Timekeeping;
using Xunit;

namespace LiteBox.South.Tests.Timekeeping;

public sealed class RealTimeReadingTests
{
    private static readonly Gen<DateTime> Times =
        Gen.Long[0, 3_155_759_999].Select(seconds => new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(seconds));

    [Fact]
    public void AllFormsOfTheSameTimeAreTheSameSeconds()
    {
        Times.Sample(time =>
        {
            ulong expected = (ulong)new DateTimeOffset(time).ToUnixTimeSeconds();
            foreach (bool isBinary in new[] { false, true })
            {
                foreach (bool is24Hours in new[] { false, true })
                {
                    Assert.Equal(expected, Read(time, isBinary, is24Hours).ToUnixSeconds());
                }
            }
        });
    }

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(13, 1, 0)]
    [InlineData(1, 0, 0)]
    [InlineData(1, 32, 0)]
    [InlineData(1, 1, 60)]
    public void WhatIsNoDateIsZero(byte month, byte day, byte minute) =>
        Assert.Equal(0UL, new RealTimeReading(26, month, day, 0, minute, 0, isBinary: true, is24Hours: true).ToUnixSeconds());

    private static RealTimeReading Read(DateTime time, bool isBinary, bool is24Hours)
    {
        byte hour = is24Hours
            ? Encode(time.Hour)
            : (byte)(Encode(time.Hour % 12 == 0 ? 12 : time.Hour % 12) | (time.Hour >= 12 ? 0x80 : 0));
        return new RealTimeReading(
            Encode(time.Year - 2000), Encode(time.Month), Encode(time.Day), hour, Encode(time.Minute), Encode(time.Second), isBinary, is24Hours);

        byte Encode(int value) => (byte)(isBinary ? value : (value / 10 * 16) + (value % 10));
    }
}
