using LiteBox.South.Interrupts;
using LiteBox.South.Timekeeping;
using Xunit;

namespace LiteBox.South.Tests.Timekeeping;

public sealed class CalibrationTests
{
    [Theory]
    [InlineData(2_994_000_000, 2_995_000_000, 2_995_000_000)] // agrees: the announced one is more exact
    [InlineData(2_994_000_000, 3_100_000_000, 2_994_000_000)] // does not: what was measured counts
    [InlineData(2_994_000_000, 0, 2_994_000_000)]
    public void AnAnnouncedFrequencyIsOnlyAHint(ulong measured, ulong announced, ulong expected) =>
        Assert.Equal(expected, Calibration.Refine(measured, announced));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2_000_000_000, 62_500_001)] // a second
    [InlineData(ulong.MaxValue, 134_217_728)] // as far as is asked for at a time: 2^32 ticks
    public void TicksBecomeCounts(ulong ticks, uint counts) =>
        Assert.Equal(counts, new CountingTimer(null!, timestampFrequency: 2_000_000_000, apicFrequency: 62_500_000).CountsFor(ticks));
}
