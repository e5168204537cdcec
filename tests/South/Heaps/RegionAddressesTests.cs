using LiteBox.South.Heaps;
using Xunit;

namespace LiteBox.South.Tests.Heaps;

public class RegionAddressesTests
{
    private const ulong Slot = RegionAddresses.SlotSize;

    [Fact]
    public void The_lowest_gap_that_is_large_enough_is_taken()
    {
        ulong[] taken = [Take(Slot), Take(1), Take(Slot + 1), Take(Slot)];
        Assert.Equal([0, Slot, 2 * Slot, 4 * Slot], taken);
        RegionAddresses.Return(taken[1], 1);
        Assert.Equal(5 * Slot, Take(2 * Slot)); // passes over the gap of one
        Assert.Equal(Slot, Take(Slot)); // which is taken all the same
        RegionAddresses.Return(taken[2], Slot + 1);
        Assert.Equal(2 * Slot, Take(Slot));
        Assert.Equal(3 * Slot, Take(Slot));
        Assert.Equal(7 * Slot, Take(Slot));
        Assert.False(RegionAddresses.TryTake(RegionAddresses.SlotCount * Slot, out _));
    }

    private static ulong Take(ulong bytes)
    {
        Assert.True(RegionAddresses.TryTake(bytes, out ulong offset));
        return offset;
    }
}
