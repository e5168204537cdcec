using System;
using LiteBox.SnpMachine.Diagnosis;
using LiteBox.SnpMachine.Host;
using LiteBox.SnpMachine.Memory;
using Xunit;

namespace LiteBox.SnpMachine.Tests;

/// <summary>The page-state-change engine: lists, errors, partial progress.</summary>
public sealed unsafe class PageStateChangeTests : IDisposable
{
    private const ulong InvalidHeader = 1UL << 32 | 1;
    private const ulong InvalidEntry = 1UL << 32 | 2;
    private const ulong Private = 1UL << 52;
    private const ulong Shared = 2UL << 52;
    private const ulong LargeBit = 1UL << 56;
    private readonly MachineFixture _machine = new();
    private readonly ulong[] _buffer = new ulong[Ghcb.SharedBufferSize / 8];

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void A_list_is_done_from_current_to_end()
    {
        Assert.Equal(0UL, Change(1, 2, Private | 0x1000, Private | 0x2000, Private | 0x3000));
        Assert.True(Rmp.Find(0x1000)->IsShared);
        Assert.False(Rmp.Find(0x2000)->IsShared);
        Assert.False(Rmp.Find(0x3000)->IsShared);
        Assert.Equal(3u, (ushort)_buffer[0]);
        Assert.Equal(1u, (uint)_buffer[2] & 0xFFF);
    }

    [Fact]
    public void With_a_limit_the_guest_has_to_ask_again()
    {
        PageStateChange.Limit = 2;
        Assert.Equal(0UL, Change(0, 2, Private | 0x1000, Private | 0x2000, Private | 0x3000));
        Assert.Equal(2u, (ushort)_buffer[0]);
        Assert.True(Rmp.Find(0x3000)->IsShared);
        Assert.Equal(0UL, Again());
        Assert.Equal(3u, (ushort)_buffer[0]);
        Assert.False(Rmp.Find(0x3000)->IsShared);
    }

    [Fact]
    public void A_large_entry_changes_all_its_pages()
    {
        Assert.Equal(0UL, Change(0, 0, Private | LargeBit | 0x20_0000));
        for (ulong page = 0x20_0000; page < 0x40_0000; page += 4096)
        {
            Assert.True(Rmp.Find(page)->IsLarge);
        }
        Assert.Equal(512u, (uint)_buffer[1] & 0xFFF);
        Assert.Equal(0UL, Change(0, 0, Shared | 0x20_1000));
        Assert.False(Rmp.Find(0x20_0000)->IsLarge);
        Assert.True(Rmp.Find(0x20_1000)->IsShared);
        Assert.False(Rmp.Find(0x20_2000)->IsShared);
    }

    [Theory]
    [InlineData(Private | LargeBit | 0x20_1000, (int)Rule.PageStateNotAligned)]
    [InlineData(Private | 1UL << 57 | 0x1000, (int)Rule.PageStateReservedBits)]
    [InlineData(0x1000UL, (int)Rule.PageStateOperation)]
    [InlineData(5UL << 52 | 0x1000, (int)Rule.PageStateOperation)]
    [InlineData(Private | 0xA0000, (int)Rule.PageStateNotMemory)]
    [InlineData(Private | 0x8000_0000, (int)Rule.PageStateNotMemory)]
    [InlineData(Shared | 0xFFFF_F000, (int)Rule.PageStateOfFirmware)]
    [InlineData(Shared | 0x6000, (int)Rule.PageStateStillValidated)]
    [InlineData(Private | 0x6000, (int)Rule.PageStateUnchanged)]
    public void A_wrong_entry_stops_the_list_where_it_is(ulong entry, int rule)
    {
        MachineFixture.Accept(0x6000);
        Assert.Equal(InvalidEntry, Change(0, 2, Private | 0x1000, entry, Private | 0x3000));
        Assert.Equal((Rule)rule, Refusal.Last);
        Assert.Equal(1u, (ushort)_buffer[0]);
        Assert.False(Rmp.Find(0x1000)->IsShared);
        Assert.True(Rmp.Find(0x3000)->IsShared);
    }

    [Theory]
    [InlineData(253, 253)]
    [InlineData(0, 253)]
    [InlineData(0, 0xFFFF)]
    public void A_header_that_points_outside_is_refused(int current, int end)
    {
        Assert.Equal(InvalidHeader, Change(current, end));
        Assert.Equal(Rule.PageStateHeader, Refusal.Last);
    }

    [Fact]
    public void In_strict_mode_a_wrong_entry_stops_the_machine()
    {
        Refusal.StopsAlways = true;
        Assert.Throws<MachineStoppedException>(() => { Change(0, 0, 0x1000); });
    }

    private ulong Change(int current, int end, params ulong[] entries)
    {
        Array.Clear(_buffer);
        _buffer[0] = (ushort)current | (ulong)(ushort)end << 16;
        entries.CopyTo(_buffer, 1);
        return Again();
    }

    private ulong Again()
    {
        fixed (ulong* buffer = _buffer)
        {
            return PageStateChange.ChangeList((byte*)buffer, Ghcb.SharedBufferSize);
        }
    }
}
