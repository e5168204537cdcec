using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Iced.Intel;
using LiteBox.GuestKit;
using LiteBox.Qemu;
using Xunit;
using static Iced.Intel.AssemblerRegisters;
using static LiteBox.SnpGuests.Tests.MistakeFirmware;

namespace LiteBox.SnpGuests.Tests;

/// <summary>
/// One guest mistake each, made by a firmware of its own: the machine names it. Where the specification has an answer, the guest gets it in
/// the machine's lenient mode and tells it by its termination code; in the strict mode every one of them ends the machine.
/// </summary>
public sealed class MistakeTests
{
    private const long Private = 1L << 52;
    private const long Shared = 2L << 52;
    private const int SharedPage = 0x2_0000;

    /// <summary>What the guest does, what the machine calls it, and what the guest then hears: null when nothing runs on.</summary>
    private sealed record Mistake(string Name, string Rule, byte? Answer, Action<Assembler> Code);

    private static readonly Mistake[] All =
    [
        // Memory.
        new("access to memory that is not validated", "access-not-validated", 0x84, a => { MsrProtocol(a, SharedPage | Private | 0x014); a.mov(al, __byte_ptr[SharedPage]); }),
        new("private access to a shared page", "private-access-to-shared-page", null, a => a.mov(al, __byte_ptr[SharedPage])),
        new("shared read of a private page", "shared-access-to-private-page", null, a => { a.mov(rsi, FreePage + SharedAlias); a.mov(al, __byte_ptr[rsi]); }),
        new("shared write to a private page", "shared-access-to-private-page", null, a => { a.mov(rsi, FreePage + SharedAlias); a.mov(__byte_ptr[rsi], al); }),
        new("code in a shared page", "fetch-from-shared-page", null, a => { a.mov(rsi, SharedPage + SharedAlias); a.jmp(rsi); }),
        new("page tables in a shared page", "table-in-shared-page", null, a => { a.mov(eax, SharedPage); a.mov(cr3, rax); a.nop(); }),
        new("page tables outside of memory", "table-outside-memory", null, a => { a.mov(eax, 0x7000_0000); a.mov(cr3, rax); a.nop(); }),
        new("access to a device without a handler's help", "", 0x00, a => { a.mov(esi, 0xFEE0_0020); a.mov(eax, __dword_ptr[rsi]); }),

        // PVALIDATE.
        new("PVALIDATE of a shared page", "pvalidate-shared", null, a => Pvalidate(a, SharedPage, 0, 1)),
        new("PVALIDATE twice", "pvalidate-twice", 1, a => { Pvalidate(a, FreePage, 0, 1); a.setb(al); SayAl(a); }),
        new("PVALIDATE twice with false", "pvalidate-twice", 1, a => { Pvalidate(a, FreePage, 0, 0); Pvalidate(a, FreePage, 0, 0); a.setb(al); SayAl(a); }),
        new("PVALIDATE of 2 MiB on small pages", "", 6, a => { List(a, 0, 0, 0x100_0000 | Private | 1L << 56); Pvalidate(a, 0x100_0000, 0, 1); Pvalidate(a, 0x100_0000, 1, 1); SayAl(a); }),
        new("PVALIDATE of 2 MiB that are partly shared", "pvalidate-shared", null, a => Pvalidate(a, 0x80_0000, 1, 1)),
        new("PVALIDATE of 2 MiB not aligned", "pvalidate-size-mismatch", 1, a => { Pvalidate(a, FreePage, 1, 1); SayAl(a); }),
        new("PVALIDATE outside of memory", "pvalidate-not-memory", null, a => Pvalidate(a, 0x3000_0000, 0, 1)),
        new("PVALIDATE of an address that is not mapped", "pvalidate-unmapped", null, a => Pvalidate(a, 0x8000_0000, 0, 1)),

        // RMPADJUST.
        new("RMPADJUST of the caller's own level", "rmpadjust-permission", 2, a => { Rmpadjust(a, FreePage, 0, 0x0F00); SayAl(a); }),
        new("RMPADJUST of a level that does not exist", "rmpadjust-permission", 2, a => { Rmpadjust(a, FreePage, 0, 0x0F04); SayAl(a); }),
        new("RMPADJUST with reserved bits", "rmpadjust-reserved-bits", 1, a => { Rmpadjust(a, FreePage, 0, 0x0010_0F01); SayAl(a); }),
        new("RMPADJUST of a page that is not validated", "rmpadjust-not-validated", 2, a => { Pvalidate(a, FreePage, 0, 0); Rmpadjust(a, FreePage, 0, 0x0F01); SayAl(a); }),
        new("RMPADJUST of an address that is not mapped", "rmpadjust-unmapped", null, a => Rmpadjust(a, 0x8000_0000, 0, 0x0F01)),

        // The MSR protocol.
        new("unknown request in the MSR protocol", "msr-protocol-unknown", null, a => MsrProtocol(a, 0x0FF)),
        new("a response as a request", "msr-protocol-unknown", null, a => MsrProtocol(a, 0x013)),
        new("reserved bits in the MSR protocol", "msr-protocol-reserved-bits", 1, a => { MsrProtocol(a, 0x1000 | 0x002); Say(a, 1); }),
        new("a GHCB outside of memory", "ghcb-registration-not-memory", 1, a => { MsrProtocol(a, 0x7000_0012); Say(a, 1); }),
        new("page-state change of a validated page by MSR", "page-state-still-validated", 2, a => { MsrProtocol(a, FreePage | Shared | 0x014); Answer(a); }),
        new("page-state change of device memory by MSR", "page-state-not-memory", 2, a => { MsrProtocol(a, 0x7000_0000 | Shared | 0x014); Answer(a); }),
        new("page-state change of the firmware", "page-state-of-firmware", 2, a => { MsrProtocol(a, 0xFFFF_0000L | Shared | 0x014); Answer(a); }),
        new("page-state change to private of a private page", "page-state-unchanged", 2, a => { MsrProtocol(a, FreePage | Private | 0x014); Answer(a); }),
        new("page-state change with no such operation", "page-state-operation", 2, a => { MsrProtocol(a, SharedPage | 7L << 52 | 0x014); Answer(a); }),
        new("a level that has no VMSA, by MSR", "vmpl-not-runnable", 1, a => { MsrProtocol(a, 2L << 32 | 0x016); Say(a, 1); }),

        // The GHCB page.
        new("a GHCB that was not registered", "ghcb-not-registered", null, a => { SetGhcbMsr(a, Ghcb); Vmgexit(a); }),
        new("another GHCB than the registered one", "ghcb-not-registered", null, a => { UseGhcb(a); SetGhcbMsr(a, SharedPage); Vmgexit(a); }),
        new("a private GHCB", "ghcb-not-shared", null, a => { MsrProtocol(a, FreePage | 0x012); SetGhcbMsr(a, FreePage); Vmgexit(a); }),
        new("a GHCB without valid exit fields", "ghcb-exit-fields-invalid", 4, a => { UseGhcb(a); Vmgexit(a); SayInfo2(a); }),
        new("a GHCB with another usage", "ghcb-usage", 2, a => { UseGhcb(a); a.mov(__dword_ptr[rbx + 0xFFC], 1); Event(a, 0x72); SayInfo2(a); }),
        new("a GHCB of a later version", "ghcb-protocol-version", 5, a => { UseGhcb(a); a.mov(__word_ptr[rbx + 0xFFA], 9); Event(a, 0x72); SayInfo2(a); }),
        new("CPUID without RCX", "ghcb-missing-input", 4, a => { UseGhcb(a); Field(a, 0x1F8, 0); Event(a, 0x72); SayInfo2(a); }),
        new("CPUID 0xD without XCR0", "ghcb-missing-input", 4, a => { UseGhcb(a); Field(a, 0x1F8, 0xD); Field(a, 0x308, 0); Event(a, 0x72); SayInfo2(a); }),
        new("WRMSR without RDX", "ghcb-missing-input", 4, a => { UseGhcb(a); Field(a, 0x308, 0x1B); Field(a, 0x1F8, 0); Event(a, 0x7C, 1); SayInfo2(a); }),
        new("an event that does not exist", "ghcb-unknown-event", 6, a => { UseGhcb(a); Event(a, 0x1234); SayInfo2(a); }),
        new("an event that was not offered", "ghcb-event-not-offered", 6, a => { UseGhcb(a); Event(a, 0x8000_0014); SayInfo2(a); }),
        new("a reported unsupported event", "guest-unsupported-event", null, a => { UseGhcb(a); Event(a, 0x8000_FFFF, 0x72); }),
        new("an MSR that is the host's own", "msr-not-offered", 0x0D, a => { UseGhcb(a); Field(a, 0x308, 0xC001_0117); Event(a, 0x7C); SayInfo2(a); }),
        new("a port access of three bytes", "io-size-invalid", 5, a => { UseGhcb(a); Event(a, 0x7B, 0x80 << 16 | 0x31); SayInfo2(a); }),
        new("a port access with reserved bits", "io-size-invalid", 5, a => { UseGhcb(a); Event(a, 0x7B, 0x80 << 16 | 0x2011); SayInfo2(a); }),
        new("a string without a scratch area", "ghcb-missing-input", 4, a => { UseGhcb(a); Event(a, 0x7B, 0x80 << 16 | 0x1C, 4); SayInfo2(a); }),
        new("a scratch area beyond the shared buffer", "ghcb-scratch-invalid", 3, a => { UseGhcb(a); Field(a, 0x3A8, Ghcb + 0x800); Event(a, 0x7B, 0x80 << 16 | 0x1C, 3000); SayInfo2(a); }),
        new("a scratch area in a private page", "ghcb-scratch-invalid", 3, a => { UseGhcb(a); Field(a, 0x3A8, FreePage); Event(a, 0x7B, 0x80 << 16 | 0x1C, 4); SayInfo2(a); }),
        new("MMIO of three bytes", "mmio-size-invalid", 5, a => { UseGhcb(a); Field(a, 0x3A8, Ghcb + 0x800); Event(a, 0x8000_0001, 0xFEE0_0020, 3); SayInfo2(a); }),
        new("MMIO to memory", "mmio-to-memory", 5, a => { UseGhcb(a); Field(a, 0x3A8, Ghcb + 0x800); Event(a, 0x8000_0001, SharedPage, 4); SayInfo2(a); }),

        // Page-state changes by list.
        new("a list that ends outside of the buffer", "page-state-header", 1, a => { List(a, 0, 253); SayInfo2(a); }),
        new("a list with reserved bits", "page-state-reserved-bits", 2, a => { List(a, 0, 0, SharedPage | Private | 1L << 60); SayInfo2(a); }),
        new("a list with 2 MiB not aligned", "page-state-not-aligned", 2, a => { List(a, 0, 0, SharedPage | Private | 1L << 56); SayInfo2(a); }),
        new("a list with a validated page", "page-state-still-validated", 2, a => { List(a, 0, 0, FreePage | Shared); SayInfo2(a); }),

        // Virtual CPUs.
        new("AP creation for no CPU", "ap-unknown", 5, a => { UseGhcb(a); Field(a, 0x1F8, 1); Event(a, 0x8000_0013, 9L << 32 | 1, FreePage); SayInfo2(a); }),
        new("AP creation with no such request", "ap-request-invalid", 5, a => { UseGhcb(a); Field(a, 0x1F8, 1); Event(a, 0x8000_0013, 3, FreePage); SayInfo2(a); }),
        new("AP creation with a page that is no VMSA", "vmsa-not-vmsa-page", 5, a => { UseGhcb(a); Field(a, 0x1F8, 1); Event(a, 0x8000_0013, 1L << 32 | 1, FreePage); SayInfo2(a); }),
        new("AP creation with a VMSA that is not aligned", "vmsa-not-aligned", 5, a => { UseGhcb(a); Field(a, 0x1F8, 1); Event(a, 0x8000_0013, 1L << 32 | 1, FreePage + 8); SayInfo2(a); }),
        new("AP creation with other features", "vmsa-features", 5, a => { Rmpadjust(a, FreePage, 0, 0x1_0001); UseGhcb(a); Field(a, 0x1F8, 1); Event(a, 0x8000_0013, 1L << 32 | 1, FreePage); SayInfo2(a); }),
        new("a level that has no VMSA", "vmpl-not-runnable", 5, a => { UseGhcb(a); Event(a, 0x8000_0018, 1); SayInfo2(a); }),

        // Guest messages.
        new("a message and its answer in one page", "request-not-aligned", 5, a => { UseGhcb(a); Event(a, 0x8000_0011, SharedPage, SharedPage); SayInfo2(a); }),
        new("a message that is not aligned", "request-not-aligned", 5, a => { UseGhcb(a); Event(a, 0x8000_0011, SharedPage + 8, SharedPage + 0x1000); SayInfo2(a); }),
        new("a message in a private page", "request-not-shared", 5, a => { UseGhcb(a); Event(a, 0x8000_0011, FreePage, SharedPage); SayInfo2(a); }),
        new("a message without a header", "message-header", 0x16, a => { UseGhcb(a); Event(a, 0x8000_0011, SharedPage, SharedPage + 0x1000); SayInfo2(a); }),
        new("a message with reserved bytes", "message-reserved-bits", 0x16, a => { Message(a, 1, reserved: 1); SayInfo2(a); }),
        new("a message with the wrong number", "message-sequence", 0x1D, a => { Message(a, 7); SayInfo2(a); }),
        new("a message under no key", "message-key", 0x27, a => { Message(a, 1, key: 4); SayInfo2(a); }),
        new("a message that was not sealed", "message-tag", 0x0A, a => { Message(a, 1); SayInfo2(a); }),

        // The processor.
        new("an SVM instruction", "virtual-machine-instruction", null, a => { a.mov(eax, FreePage); a.vmload(); }),
        new("VMMCALL without the prefix of VMGEXIT", "", 0x81, a => a.vmmcall()),
        new("a write to SEV_STATUS", "sev-status-written", null, a => { a.mov(ecx, unchecked((int)0xC001_0131)); a.wrmsr(); }),
        new("paging without protection", "register-illegal", null, a => { a.mov(rax, cr0); a.and(rax, -2); a.mov(cr0, rax); }),
        new("reserved bits in EFER", "register-illegal", null, a => { a.mov(ecx, unchecked((int)0xC000_0080)); a.rdmsr(); a.or(edx, 1); a.wrmsr(); }),
        new("a triple fault", "shutdown", null, a => a.ud2()),
        new("#VC without a stack", "exception-not-deliverable", null, a => { a.mov(esp, 0x7000_0000); a.cpuid(); }),
        new("#VC without a gate", "exception-not-deliverable", null, a => { a.mov(edi, 0x80_4000 + 16 * 29); a.mov(__qword_ptr[rdi], 0); a.cpuid(); }),
        new("termination", "terminated-by-guest", 0x42, a => Say(a, 0x42)),
    ];

    public static TheoryData<string> Names() => [.. All.Select(mistake => mistake.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Each_mistake_is_called_by_its_name_and_answered(string name)
    {
        Mistake mistake = All.Single(candidate => candidate.Name == name);
        (MachineRun run, SnpRecord record) = await RunAsync(mistake, stops: false);
        string all = SnpHost.Tell(run, record);
        IEnumerable<string> told = record.Refusals.Concat(record.Notes).Select(refusal => refusal.Rule);
        Assert.True(mistake.Rule.Length == 0 ? !record.Refusals.Any(refusal => refusal.Rule != "terminated-by-guest") : told.Contains(mistake.Rule), all);
        Assert.True(mistake.Answer == record.Termination?.Reason, all);
        Assert.NotEmpty(record.Counters);
    }

    [Theory]
    [InlineData("page-state change of a validated page by MSR")]
    [InlineData("RMPADJUST of the caller's own level")]
    [InlineData("CPUID without RCX")]
    [InlineData("a message with the wrong number")]
    public async Task The_strict_machine_stops_at_the_mistake(string name)
    {
        Mistake mistake = All.Single(candidate => candidate.Name == name);
        (MachineRun run, SnpRecord record) = await RunAsync(mistake, stops: true);
        Assert.True(record.Refusals.Select(refusal => refusal.Rule).SequenceEqual([mistake.Rule]), SnpHost.Tell(run, record));
        Assert.Null(record.Termination);
    }

    [Fact]
    public void There_are_at_least_forty() => Assert.True(All.Select(mistake => mistake.Rule).Distinct().Count() >= 40);

    private static Task<(MachineRun Run, SnpRecord Record)> RunAsync(Mistake mistake, bool stops) => SnpHost.RunAsync(new VirtualMachineOptions
    {
        Machine = SnpMachines.Machine(SnpHost.Keep("mistake.fd", Build(mistake.Code)), SnpMachines.Settings with { StopOnRefusal = stops }),
        Boot = new NoBoot(),
        MemoryMiB = 64,
        Cpus = mistake.Rule.StartsWith("vmsa", StringComparison.Ordinal) ? 2 : 1,
    }, TimeSpan.FromMinutes(2));

    // The error in bits 63:32 of the GHCB MSR.
    private static void Answer(Assembler a)
    {
        a.mov(ecx, GhcbMsr);
        a.rdmsr();
        a.mov(al, dl);
        SayAl(a);
    }

    // The low byte of SW_EXITINFO2.
    private static void SayInfo2(Assembler a)
    {
        a.mov(al, __byte_ptr[rbx + 0x3A0]);
        SayAl(a);
    }

    private static void List(Assembler a, int current, int end, long entry = 0)
    {
        UseGhcb(a);
        a.mov(rax, (long)current | (long)end << 16);
        a.mov(__qword_ptr[rbx + 0x800], rax);
        a.mov(rax, entry);
        a.mov(__qword_ptr[rbx + 0x808], rax);
        Field(a, 0x3A8, Ghcb + 0x800);
        Event(a, 0x8000_0010);
    }

    // A report request that nobody encrypted.
    private static void Message(Assembler a, int sequence, byte key = 0, byte reserved = 0)
    {
        UseGhcb(a);
        a.mov(rsi, SharedPage + SharedAlias);
        a.mov(__qword_ptr[rsi + 0x20], sequence);
        a.mov(__dword_ptr[rsi + 0x30], 0x0060_0101);
        a.mov(__dword_ptr[rsi + 0x34], 0x0060_0105);
        a.mov(__byte_ptr[rsi + 0x3C], key);
        a.mov(__byte_ptr[rsi + 0x3D], reserved);
        Event(a, 0x8000_0011, SharedPage, SharedPage + 0x1000);
    }
}
