using System;
using System.Collections.Generic;
using CsCheck;
using LiteBox.SnpMachine.Memory;
using Xunit;

namespace LiteBox.SnpMachine.Tests;

/// <summary>The reverse map against what AMD's manual says of RMPUPDATE, PVALIDATE and RMPADJUST.</summary>
public sealed unsafe class RmpTests : IDisposable
{
    private const ulong Page = 0x5000;
    private const ulong Large = 0x20_0000;
    private readonly MachineFixture _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void Memory_is_what_is_memory()
    {
        Assert.True(Rmp.IsMemory(0));
        Assert.True(Rmp.IsMemory(0x9FFFF));
        Assert.False(Rmp.IsMemory(0xA0000));
        Assert.False(Rmp.IsMemory(0xBFFFF));
        Assert.True(Rmp.IsMemory(0xC0000));
        Assert.True(Rmp.IsMemory(MachineFixture.Memory - 1));
        Assert.False(Rmp.IsMemory(MachineFixture.Memory));
        Assert.True(Rmp.IsFirmware(0xFFFF_0000));
        Assert.False(Rmp.IsFirmware(0xFFFE_FFFF));
        Assert.False(Rmp.IsFirmware(0x1_0000_0000));
        Assert.True(Rmp.Find(0xA0000) == null);
        Assert.True(Rmp.Find(0xFEE0_0000) == null);
    }

    [Fact]
    public void Every_page_has_an_entry_of_its_own()
    {
        HashSet<ulong> seen = [];
        for (ulong page = 0; page < MachineFixture.Memory; page += 4096)
        {
            Assert.Equal(Rmp.IsMemory(page), seen.Add((ulong)Rmp.Find(page)) && Rmp.Find(page) != null);
            seen.Remove(0);
        }
        for (ulong page = 0xFFFF_0000; page < 0x1_0000_0000; page += 4096)
        {
            Assert.True(seen.Add((ulong)Rmp.Find(page)));
        }
    }

    [Fact]
    public void Validation_tells_whether_it_changed_anything()
    {
        Rmp.Update(Page, assigned: true, large: false);
        Assert.Equal(RmpResult.Success, Rmp.Validate(Page, false, true, out bool changed));
        Assert.True(changed);
        Assert.Equal(RmpResult.Success, Rmp.Validate(Page, false, true, out changed));
        Assert.False(changed);
        Assert.Equal(RmpResult.Success, Rmp.Validate(Page, false, false, out changed));
        Assert.True(changed);
        Assert.False(Rmp.Find(Page)->IsValidated);
    }

    [Fact]
    public void An_update_takes_validation_and_permissions_away()
    {
        MachineFixture.Accept(Page);
        Assert.Equal(RmpResult.Success, Rmp.Adjust(Page, 0, 1, VmplPermissions.All, vmsa: true));
        Rmp.Update(Page, assigned: true, large: false);
        Assert.False(Rmp.Find(Page)->IsValidated);
        Assert.False(Rmp.Find(Page)->IsVmsa);
        Assert.Equal(VmplPermissions.None, Rmp.Find(Page)->Permissions(1));
    }

    [Fact]
    public void A_large_validation_needs_a_large_entry()
    {
        for (ulong page = Large; page < Large + PhysicalLayout.LargePageSize; page += 4096)
        {
            Rmp.Update(page, assigned: true, large: false);
        }
        Assert.Equal(RmpResult.FailSizeMismatch, Rmp.Validate(Large, true, true, out _));
        for (ulong page = Large; page < Large + PhysicalLayout.LargePageSize; page += 4096)
        {
            Rmp.Update(page, assigned: true, large: true);
        }
        Assert.Equal(RmpResult.FailSizeMismatch, Rmp.Validate(Large + 4096, true, true, out _));
        Assert.Equal(RmpResult.Success, Rmp.Validate(Large, true, true, out bool changed));
        Assert.True(changed);
        Assert.True(Rmp.Find(Large + PhysicalLayout.LargePageSize - 4096)->IsValidated);
    }

    [Fact]
    public void A_small_validation_smashes_a_large_entry()
    {
        for (ulong page = Large; page < Large + PhysicalLayout.LargePageSize; page += 4096)
        {
            Rmp.Update(page, assigned: true, large: true);
        }
        Assert.Equal(RmpResult.Success, Rmp.Validate(Large + 4096, false, true, out _));
        Assert.False(Rmp.Find(Large)->IsLarge);
        Assert.False(Rmp.Find(Large)->IsValidated);
        Assert.Equal(RmpResult.FailSizeMismatch, Rmp.Validate(Large, true, true, out _));
    }

    [Theory]
    [InlineData(0, 1, (int)VmplPermissions.All, false, (int)RmpResult.Success)]
    [InlineData(0, 0, (int)VmplPermissions.All, false, (int)RmpResult.FailPermission)]
    [InlineData(0, 4, (int)VmplPermissions.All, false, (int)RmpResult.FailPermission)]
    [InlineData(1, 1, (int)VmplPermissions.Read, false, (int)RmpResult.FailPermission)]
    [InlineData(1, 2, (int)VmplPermissions.Read, false, (int)RmpResult.Success)]
    [InlineData(1, 2, (int)VmplPermissions.Write, false, (int)RmpResult.FailPermission)]
    [InlineData(1, 2, (int)VmplPermissions.Read, true, (int)RmpResult.FailPermission)]
    public void A_level_gives_only_to_lower_ones_and_only_what_it_has(int vmpl, int target, int permissions, bool vmsa, int expected)
    {
        MachineFixture.Accept(Page);
        Assert.Equal(RmpResult.Success, Rmp.Adjust(Page, 0, 1, VmplPermissions.Read, vmsa: false));
        Assert.Equal((RmpResult)expected, Rmp.Adjust(Page, vmpl, target, (VmplPermissions)permissions, vmsa));
    }

    [Fact]
    public void Any_sequence_of_updates_and_validations_keeps_the_rule_that_only_assigned_pages_are_validated()
    {
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 7]).Array[1, 60].Sample(steps =>
        {
            foreach ((int what, int number) in steps)
            {
                ulong page = (ulong)number * 4096;
                if (what < 2)
                {
                    GuestMemory.Update(page, assigned: what == 0, large: false);
                }
                else if (!Rmp.Find(page)->IsShared)
                {
                    bool before = Rmp.Find(page)->IsValidated;
                    Rmp.Validate(page, false, what == 2, out bool changed);
                    Assert.Equal(before != (what == 2), changed);
                }
                for (ulong i = 0; i < 8; i++)
                {
                    RmpEntry* entry = Rmp.Find(i * 4096);
                    Assert.False(entry->IsValidated && entry->IsShared);
                    Assert.Equal(entry->IsShared, GuestMemory.Shared(i * 4096, 1) != null);
                    Assert.Equal(entry->IsValidated, GuestMemory.Private(i * 4096) != null);
                }
            }
        }, iter: 100, threads: 1);
    }

    [Fact]
    public void Contents_do_not_survive_a_change_of_state()
    {
        *(ulong*)(_machine.Shared + Page) = 42;
        MachineFixture.Accept(Page);
        Assert.Equal(Memory.Page.Poison, *(ulong*)GuestMemory.Private(Page));
        *(ulong*)GuestMemory.Private(Page) = 43;
        Rmp.Validate(Page, false, false, out _);
        GuestMemory.Update(Page, assigned: false, large: false);
        Assert.Equal(Memory.Page.Poison, *(ulong*)GuestMemory.Shared(Page, 8));
    }

    [Fact]
    public void Shared_memory_is_shared_to_its_last_byte()
    {
        Assert.True(GuestMemory.Shared(0, MachineFixture.Memory) == null);
        Assert.True(GuestMemory.Shared(0x4FFF, 2) != null);
        MachineFixture.Accept(Page);
        Assert.True(GuestMemory.Shared(0x4FFF, 2) == null);
        Assert.True(GuestMemory.Shared(MachineFixture.Memory - 1, 1) != null);
        Assert.True(GuestMemory.Shared(MachineFixture.Memory - 1, 2) == null);
        Assert.True(GuestMemory.Shared(ulong.MaxValue, 2) == null);
        Assert.True(GuestMemory.Shared(0, 0) == null);
    }
}
