using System;
using System.Runtime.InteropServices;
using LiteBox.SnpMachine.Diagnosis;
using LiteBox.SnpMachine.Guest;
using LiteBox.SnpMachine.Hardware;
using LiteBox.SnpMachine.Host;
using LiteBox.SnpMachine.Memory;
using Xunit;

namespace LiteBox.SnpMachine.Tests;

/// <summary>The GHCB page: its layout, what is checked before an event is done, and what an answer leaves valid.</summary>
public sealed unsafe class GhcbTests : IDisposable
{
    private const ulong Address = 0x9000;
    private readonly MachineFixture _machine = new();

    public void Dispose() => _machine.Dispose();

    private Ghcb* Page => (Ghcb*)(_machine.Shared + Address);

    // 56421, table 3; Linux: struct ghcb_save_area.
    [Theory]
    [InlineData("Cpl", 0x0CB)]
    [InlineData("Rax", 0x1F8)]
    [InlineData("Rcx", 0x308)]
    [InlineData("Rdx", 0x310)]
    [InlineData("Rbx", 0x318)]
    [InlineData("ExitCode", 0x390)]
    [InlineData("ExitInfo1", 0x398)]
    [InlineData("ExitInfo2", 0x3A0)]
    [InlineData("Scratch", 0x3A8)]
    [InlineData("Xcr0", 0x3E8)]
    [InlineData("ValidBitmap", 0x3F0)]
    [InlineData("SharedBuffer", 0x800)]
    [InlineData("ProtocolVersion", 0xFFA)]
    [InlineData("Usage", 0xFFC)]
    public void Fields_are_where_the_specification_has_them(string field, int offset) =>
        Assert.Equal(offset, (int)Marshal.OffsetOf<Ghcb>(field));

    [Fact]
    public void The_structures_have_their_sizes()
    {
        Assert.Equal(4096, sizeof(Ghcb));
        Assert.Equal(4096, sizeof(Vmcb));
        Assert.Equal(4096, sizeof(Vmsa));
        Assert.Equal(4096, sizeof(GuestContext));
        Assert.Equal(16, sizeof(SegmentRegister));
    }

    [Fact]
    public void A_request_without_valid_exit_fields_is_malformed()
    {
        Assert.Equal(GhcbError.MissingInput, Read(out _));
        Assert.Equal(Rule.GhcbExitFieldsInvalid, Refusal.Last);
    }

    [Fact]
    public void Usage_and_version_are_checked()
    {
        Prepare(ExitCode.Cpuid);
        Page->Usage = 1;
        Assert.Equal(GhcbError.InvalidUsage, Read(out _));
        Page->Usage = 0;
        Page->ProtocolVersion = 3;
        Assert.Equal(GhcbError.InvalidInput, Read(out _));
        Assert.Equal(Rule.GhcbProtocolVersion, Refusal.Last);
    }

    [Fact]
    public void Fields_that_are_not_valid_are_not_read()
    {
        Prepare(ExitCode.Cpuid);
        Page->Rax = 0xDEAD;
        Page->Rcx = 7;
        Page->MarkValid(GhcbField.Rcx);
        Assert.Equal(GhcbError.None, Read(out GhcbRequest request));
        Assert.Equal(0UL, request.Rax);
        Assert.Equal(7UL, request.Rcx);
        Assert.False(request.Has(rax: true));
        Assert.Equal(Rule.GhcbMissingInput, Refusal.Last);
        Assert.True(request.Has(rcx: true));
    }

    [Fact]
    public void A_request_is_a_copy()
    {
        Prepare(ExitCode.Msr);
        Read(out GhcbRequest request);
        Page->ExitCode = ExitCode.Io;
        Assert.Equal(ExitCode.Msr, request.Code);
    }

    [Fact]
    public void An_answer_marks_valid_what_it_returns_and_nothing_else()
    {
        Prepare(ExitCode.Cpuid);
        Page->MarkValid(GhcbField.Scratch);
        Read(out GhcbRequest request);
        request.ReturnRax(1);
        request.ReturnRdx(4);
        request.Write(GhcbError.None, raisesGeneralProtection: false, 9);
        Assert.True(Page->IsValid(GhcbField.Rax) && Page->IsValid(GhcbField.Rdx) && Page->IsValid(GhcbField.ExitInfo1) && Page->IsValid(GhcbField.ExitInfo2));
        Assert.False(Page->IsValid(GhcbField.Rbx) || Page->IsValid(GhcbField.Rcx) || Page->IsValid(GhcbField.Scratch) || Page->IsValid(GhcbField.ExitCode));
        Assert.Equal((1UL, 4UL, 0UL, 9UL), (Page->Rax, Page->Rdx, Page->ExitInfo1, Page->ExitInfo2));
    }

    [Fact]
    public void A_malformed_request_returns_the_reason_and_no_registers()
    {
        Prepare(ExitCode.Cpuid);
        Read(out GhcbRequest request);
        request.ReturnRax(1);
        request.Write(GhcbError.InvalidEvent, raisesGeneralProtection: false, 9);
        Assert.Equal((2UL, 6UL), (Page->ExitInfo1, Page->ExitInfo2));
        Assert.False(Page->IsValid(GhcbField.Rax));
    }

    [Fact]
    public void A_refused_msr_is_a_general_protection_fault_for_the_guest()
    {
        Prepare(ExitCode.Msr);
        Read(out GhcbRequest request);
        request.Write(GhcbError.None, raisesGeneralProtection: true, 0);
        Assert.Equal((1UL, 0x8000_0B0DUL), (Page->ExitInfo1, Page->ExitInfo2));
    }

    [Theory]
    [InlineData(Address + 0x800, 2032UL, true)]
    [InlineData(Address + 0x800, 2033UL, false)]
    [InlineData(Address + 0x801, 2032UL, false)]
    [InlineData(Address + 0x7FF, 1UL, false)]
    [InlineData(Address + 0xFEF, 1UL, true)]
    [InlineData(Address + 0xFF0, 1UL, false)]
    [InlineData(0xB000UL, 4096UL, true)]
    [InlineData(0xC000UL, 1UL, false)]
    [InlineData(0xBFFFUL, 2UL, false)]
    [InlineData(ulong.MaxValue, 1UL, false)]
    public void The_scratch_area_is_in_the_buffer_or_in_other_shared_memory(ulong scratch, ulong length, bool expected)
    {
        MachineFixture.Accept(0xC000);
        Prepare(ExitCode.Io);
        Page->Scratch = scratch;
        Page->MarkValid(GhcbField.Scratch);
        Read(out GhcbRequest request);
        Assert.Equal(expected, request.ScratchArea(length) != null);
    }

    [Theory]
    [InlineData(1UL, 0x7UL)]
    [InlineData(0x3UL, 0xFUL)]
    [InlineData(0x21UL, 0x87UL)]
    public void Sev_status_follows_the_features(ulong features, ulong status) => Assert.Equal(status, OwnMsrs.Status(features));

    private void Prepare(ulong code)
    {
        Page->ExitCode = code;
        Page->ProtocolVersion = 2;
        Page->MarkValid(GhcbField.ExitCode);
        Page->MarkValid(GhcbField.ExitInfo1);
        Page->MarkValid(GhcbField.ExitInfo2);
    }

    private GhcbError Read(out GhcbRequest request) => GhcbRequest.Read(Page, Address, out request);
}
