using CsCheck;
using LiteBox.Fake;
using LiteBox.North.Memory;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Tests.Memory;

/// <summary>Where mappings without an address go: below the last ones, never on top of another, and everywhere before there is no room.</summary>
public class PlacementTests
{
    [Fact]
    public void Mappings_come_and_go_and_never_meet()
    {
        Gen.Select(Gen.Int[1, 40], Gen.Int[0, 100]).Array[1, 120].Sample(
            steps =>
            {
                AddressSpace space = Create();
                var live = new List<(ulong Start, ulong Length)>();
                foreach ((int pages, int choice) in steps)
                {
                    if (choice < 40 && live.Count > 0)
                    {
                        (ulong start, ulong length) = live[choice % live.Count];
                        live.RemoveAt(choice % live.Count);
                        space.Unmap(new(start), length);
                        continue;
                    }

                    ulong wanted = (ulong)pages << 12;
                    Result result = space.Map(new MapRequest { Length = wanted, Protection = PageProtection.Read });
                    Assert.False(result.IsError);
                    Assert.DoesNotContain(live, other => (ulong)result.Value < other.Start + other.Length && other.Start < (ulong)result.Value + wanted);
                    live.Add(((ulong)result.Value, wanted));
                }
            },
            iter: 2000);
    }

    [Fact]
    public void A_hole_above_is_used_again()
    {
        AddressSpace space = Create();
        ulong first = Map(space, 4);
        ulong second = Map(space, 4);
        Assert.Equal(first - 0x4000, second);
        space.Unmap(new(first), 0x4000);
        Assert.Equal(first, Map(space, 4));
    }

    [Fact]
    public void Eight_tebibytes_cost_nothing()
    {
        AddressSpace space = Create();
        Assert.False(space.Map(new MapRequest { Length = 8UL << 40, Protection = PageProtection.None, Flags = AreaFlags.NoReserve }).IsError);
        Assert.Equal(1, space.Areas.Count);
        Assert.Equal(0, space.CountResidentPages());
    }

    [Fact]
    public void The_limit_on_address_space_holds()
    {
        var limits = new ResourceLimits(10) { [Resource.AddressSpace] = new ResourceLimit(0x10000, 0x10000) };
        Assert.True(AddressSpace.TryCreate(new FakeMachine(64), limits, out AddressSpace? space));
        Assert.False(space.Map(new MapRequest { Length = 0x10000, Protection = PageProtection.Read }).IsError);
        Assert.True(space.Map(new MapRequest { Length = 0x1000, Protection = PageProtection.Read }).IsError);
    }

    [Fact]
    public void A_stack_grows_to_its_limit_and_keeps_its_distance()
    {
        var limits = new ResourceLimits(10) { [Resource.Stack] = new ResourceLimit(0x20_0000, 0x20_0000) };
        Assert.True(AddressSpace.TryCreate(new FakeMachine(64), limits, out AddressSpace? space));
        var top = new UserAddress(0x4000_0000);
        space.Map(new MapRequest
        {
            Address = top - 0x1000, Length = 0x1000, Protection = PageProtection.Read | PageProtection.Write, Flags = AreaFlags.GrowsDown,
            Placement = MapPlacement.Fixed,
        });
        Assert.Equal(FaultResult.Resolved, space.Resolve(top - 0x10_0000, PageAccess.Write));
        Assert.Equal(FaultResult.Resolved, space.Resolve(top - 0x20_0000, PageAccess.Write));
        Assert.Equal(FaultResult.NotMapped, space.Resolve(top - 0x20_1000, PageAccess.Write));
        Assert.Equal(0x20_0000UL, space.MappedBytes);
    }

    private static AddressSpace Create()
    {
        Assert.True(AddressSpace.TryCreate(new FakeMachine(256), new ResourceLimits(10), out AddressSpace? space));
        space.MappingTop = new(0x7000_0000_0000);
        return space;
    }

    private static ulong Map(AddressSpace space, int pages) =>
        (ulong)space.Map(new MapRequest { Length = (ulong)pages << 12, Protection = pages % 2 == 0 ? PageProtection.Read : PageProtection.None }).Value;
}
