using System;
using System.IO;
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
/// The GHCB protocol, version 2, as a guest that makes no mistake sees it (56421): each request of the MSR protocol and each event that the
/// host offers, its answer looked at by the guest itself. Guest requests with messages are Linux' (LinuxTests).
/// </summary>
public sealed class ProtocolTests
{
    private const byte Right = 0x77;
    private const byte Wrong = 0x11;
    private const int SharedPage = 0x2_0000;
    private const int Buffer = Ghcb + 0x800;
    private const int Counter = VmplFirmware.Page;
    private const long Private = 1L << 52;
    private const int Rax = 0x1F8, Rcx = 0x308, Rdx = 0x310, Rbx = 0x318, Info1 = 0x398, Info2 = 0x3A0, Scratch = 0x3A8;

    private sealed record Exchange(string Name, Action<Assembler> Code, int Cpus = 1);

    private static readonly Exchange[] All =
    [
        // The MSR protocol.
        new("0x002: versions 1 to 2, and the C-bit", a => Answers(a, 0x002, 2L << 48 | 1L << 32 | 47L << 24 | 0x001)),
        new("0x004: a register of a CPUID leaf", a => Answers(a, 0L << 32 | 1L << 30 | 0x004, 0x6874_7541L << 32 | 1L << 30 | 0x005)),
        new("0x006: a hold until a start-up IPI", HoldByMsr, Cpus: 2),
        new("0x010: no GHCB is preferred", a => Answers(a, 0x010, unchecked((long)0xFFFF_FFFF_FFFF_F011))),
        new("0x012: a GHCB is registered", a => Answers(a, Ghcb | 0x012, Ghcb | 0x013)),
        new("0x014: a page changes its state", a => { MsrProtocol(a, SharedPage | Private | 0x014); Compare(a, 0x015); Pvalidate(a, SharedPage, 0, 1); a.test(eax, eax); Judge(a); }),
        new("0x080: SNP, AP creation, APIC ids and VMPLs are offered", a => Answers(a, 0x080, 0x33L << 12 | 0x081)),

        // Ports, memory-mapped devices, registers.
        new("a string comes from a port", a => { OutWord(a, 0x510, 0); Ask(a, 0x7B, 0x511L << 16 | 0x1D, 4, scratch: true); Is(a, Ghcb + 0x800, 0x554D_4551); }),
        new("an address of a device is written and read", a =>
        {
            UseGhcb(a);
            a.mov(__dword_ptr[rbx + 0x800], 0x30);
            More(a, 0x8000_0002, 0xFEE0_0080, 4, scratch: true);
            a.mov(__dword_ptr[rbx + 0x800], 0);
            More(a, 0x8000_0001, 0xFEE0_0080, 4, scratch: true);
            Is(a, Buffer, 0x30);
        }),
        new("CPUID", a => { UseGhcb(a); Field(a, Rax, 0); Field(a, Rcx, 0); Event(a, 0x72); Is(a, Ghcb + Rbx, 0x6874_7541); }),
        new("RDMSR of the APIC's base", a => { UseGhcb(a); Field(a, Rcx, 0x1B); Event(a, 0x7C); Is(a, Ghcb + Rax, 0xFEE0_0900); }),
        new("WRMSR of the APIC's base, as it is", a => { UseGhcb(a); Field(a, Rcx, 0x1B); Field(a, Rax, 0xFEE0_0900); Field(a, Rdx, 0); Event(a, 0x7C, 1); Is(a, Ghcb + Info2, 0); }),
        new("DR7 is its reset value", a => { Ask(a, 0x27); Is(a, Ghcb + Rax, 0x400); }),
        new("DR7 is written", a => { UseGhcb(a); Field(a, Rax, 0x400); Event(a, 0x37); Is(a, Ghcb + Info2, 0); }),
        new("RDTSC grows", a => { Ask(a, 0x6E); a.mov(r12, __qword_ptr[rbx + Rax]); More(a, 0x6E); a.cmp(__qword_ptr[rbx + Rax], r12); a.setne(al); a.cmp(al, 1); Judge(a); }),
        new("RDMSR of the TSC grows", a => { UseGhcb(a); Field(a, Rcx, 0x10); Event(a, 0x7C); a.mov(r12, __qword_ptr[rbx + Rax]); Field(a, Rcx, 0x10); Event(a, 0x7C); a.cmp(__qword_ptr[rbx + Rax], r12); a.setne(al); a.cmp(al, 1); Judge(a); }),
        new("RDPMC counts nothing", a => { UseGhcb(a); Field(a, Rcx, 0); Event(a, 0x6F); Is(a, Ghcb + Rax, 0); }),
        new("WBINVD", a => { Ask(a, 0x89); Is(a, Ghcb + Info2, 0); }),
        new("INVD", a => { Ask(a, 0x76); Is(a, Ghcb + Info2, 0); }),
        new("MONITOR", a => { Ask(a, 0x8A); Is(a, Ghcb + Info2, 0); }),
        new("MWAIT", a => { Ask(a, 0x8B); Is(a, Ghcb + Info2, 0); }),
        new("an NMI is complete", a => { Ask(a, 0x8000_0003); Is(a, Ghcb + Info2, 0); }),
        new("no hypercall exists", a => { UseGhcb(a); Field(a, Rax, 0); Event(a, 0x81); Is(a, Ghcb + Rax, -1000); }),
        new("the AP jump table is kept", a => { UseGhcb(a); Event(a, 0x8000_0005, 0, 0x1234_5000); More(a, 0x8000_0005, 1); Is(a, Ghcb + Info2, 0x1234_5000); }),
        new("features", a => { Ask(a, 0x8000_FFFD); Is(a, Ghcb + Info2, 0x33); }),

        // Processors.
        new("the APIC ids of two CPUs", a => { UseGhcb(a); Field(a, Rax, 1); Event(a, 0x8000_0017, SharedPage); Is(a, SharedPage, 2, end: false); Is(a, SharedPage + 4, 0, end: false); Is(a, SharedPage + 8, 1); }, Cpus: 2),
        new("a list of APIC ids that has no room says how much it takes", a => { UseGhcb(a); Field(a, Rax, 0); Event(a, 0x8000_0017, SharedPage); Is(a, Ghcb + Rax, 1); }),
        new("a CPU is created, and destroyed", CreateAndDestroy, Cpus: 2),
    ];

    public static TheoryData<string> Names() => [.. All.Select(exchange => exchange.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_host_answers(string name)
    {
        Exchange exchange = All.Single(candidate => candidate.Name == name);
        (MachineRun run, SnpRecord record, _) = await StartAsync(exchange.Code, SnpMachines.Settings, exchange.Cpus);
        Assert.True(record.Termination == (3, Right), SnpHost.Tell(run, record));
        Assert.Equal(["terminated-by-guest"], record.Refusals.Select(refusal => refusal.Rule));
    }

    [Fact]
    public async Task A_string_goes_to_a_port()
    {
        (MachineRun run, SnpRecord record, _) = await StartAsync(
            a =>
            {
                UseGhcb(a);
                a.mov(rax, 0x2153_4721_2121_5A7AL);
                a.mov(__qword_ptr[rbx + 0x800], rax);
                More(a, 0x7B, 0x3F8L << 16 | 0x1C, 8, scratch: true);
                Is(a, Ghcb + Info2, 0);
            },
            SnpMachines.Settings);
        Assert.True(record.Termination == (3, Right), SnpHost.Tell(run, record));
        Assert.Contains("zZ!!!GS!", run.Console);
    }

    [Fact]
    public async Task A_list_of_pages_is_done_in_parts()
    {
        (MachineRun run, SnpRecord record, _) = await StartAsync(
            a =>
            {
                Label again = a.CreateLabel();
                UseGhcb(a);
                a.mov(__dword_ptr[rbx + 0x800], 4 << 16);
                a.mov(__dword_ptr[rbx + 0x804], 0);
                for (int i = 0; i < 5; i++)
                {
                    a.mov(rax, Private + SharedPage + 0x1000 * i);
                    a.mov(__qword_ptr[rbx + 0x808 + 8 * i], rax);
                }
                a.xor(r12d, r12d);
                a.Label(ref again);
                a.inc(r12d);
                More(a, 0x8000_0010, 0, 0, scratch: true);
                Is(a, Ghcb + Info2, 0, end: false);
                a.mov(ax, __word_ptr[rbx + 0x800]);
                a.cmp(ax, __word_ptr[rbx + 0x802]);
                a.jbe(again);
                a.cmp(r12d, 3);
                Judge(a);
            },
            SnpMachines.Settings with { PageStateChangeLimit = 2 });
        Assert.True(record.Termination == (3, Right), SnpHost.Tell(run, record));
        Assert.Equal((5UL, 3UL), (record.Counters["pages_to_private"], record.Counters["ghcb_d0"]));
    }

    [Fact]
    public async Task An_extended_request_without_room_says_how_many_pages_the_certificates_take()
    {
        (MachineRun run, SnpRecord record, SoftwareSnpMachine machine) = await StartAsync(
            a =>
            {
                UseGhcb(a);
                Field(a, Rax, SharedPage + 0x2000);
                Field(a, Rbx, 0);
                Event(a, 0x8000_0012, SharedPage, SharedPage + 0x1000);
                Is(a, Ghcb + Info2, 1L << 32, end: false);
                a.mov(al, __byte_ptr[rbx + Rbx]);
                SayAl(a);
            },
            SnpMachines.Settings);
        long bytes = new FileInfo(Path.Combine(machine.Folder, "certificates.bin")).Length;
        Assert.True(record.Termination == (3, (int)((bytes + 4095) / 4096)), SnpHost.Tell(run, record));
    }

    [Theory]
    [InlineData(0, 2, "the SNP features are not supported")]
    [InlineData(1, 2, "Linux: PVALIDATE failed")]
    [InlineData(4, 0, "unknown reason")]
    public async Task A_termination_is_told_in_words(int set, int reason, string words)
    {
        (MachineRun run, SnpRecord record, _) = await StartAsync(a => MsrProtocol(a, 0x100 | set << 12 | reason << 16), SnpMachines.Settings);
        Assert.True(record.Termination == (set, reason), SnpHost.Tell(run, record));
        Assert.Contains($"the guest terminates itself: {words}", record.Text);
    }

    // CPU 1 counts in private memory; when it is destroyed it stops.
    private static void CreateAndDestroy(Assembler a)
    {
        Label entry = a.CreateLabel();
        StartSecondCpu(a, entry, until: 100);
        More(a, 0x8000_0013, 1L << 32 | 2, 0);
        Is(a, Ghcb + Info2, 0, end: false);
        Spin(a);
        a.mov(r12, __qword_ptr[Counter]);
        Spin(a);
        a.cmp(r12, __qword_ptr[Counter]);
        Judge(a);
        a.Label(ref entry);
        a.inc(__qword_ptr[Counter]);
        a.jmp(entry);
    }

    // CPU 1 holds; CPU 0 sends it INIT and a start-up IPI by the interrupt command register; CPU 1 goes on and looks at the answer.
    private static void HoldByMsr(Assembler a)
    {
        Label entry = a.CreateLabel();
        StartSecondCpu(a, entry, until: 1);
        Spin(a);
        foreach ((int register, int value) in new[] { (0x310, 1 << 24), (0x300, 0x4500), (0x310, 1 << 24), (0x300, 0x4608) })
        {
            a.mov(__dword_ptr[rbx + 0x800], value);
            More(a, 0x8000_0002, 0xFEE0_0000 | register, 4, scratch: true);
        }
        a.hlt();
        a.Label(ref entry);
        a.mov(__qword_ptr[Counter], 1);
        MsrProtocol(a, 0x006);
        Compare(a, 1L << 12 | 0x007);
        Judge(a);
    }

    // CPU 1 begins at a label; CPU 0 waits until it has counted so far.
    private static void StartSecondCpu(Assembler a, Label entry, int until)
    {
        Label wait = a.CreateLabel();
        a.mov(__qword_ptr[Counter], 0);
        VmplFirmware.MakeVmsa(a, entry, vmpl: 0);
        UseGhcb(a);
        Field(a, Rax, 1);
        Event(a, 0x8000_0013, 1L << 32 | 1, VmplFirmware.Vmsa);
        a.Label(ref wait);
        a.pause();
        a.cmp(__qword_ptr[Counter], until);
        a.jb(wait);
    }

    private static void Spin(Assembler a)
    {
        Label next = a.CreateLabel();
        a.mov(ecx, 3_000_000);
        a.Label(ref next);
        a.dec(ecx);
        a.jne(next);
    }

    private static void Answers(Assembler a, long request, long answer)
    {
        MsrProtocol(a, request);
        Compare(a, answer);
        Judge(a);
    }

    // Says that the answer is wrong unless the GHCB MSR holds a value; leaves the flags "equal".
    private static void Compare(Assembler a, long expected)
    {
        Label right = a.CreateLabel();
        a.mov(ecx, GhcbMsr);
        a.rdmsr();
        a.shl(rdx, 32);
        a.or(rax, rdx);
        a.mov(rdx, expected);
        a.cmp(rax, rdx);
        a.je(right);
        Say(a, Wrong);
        a.Label(ref right);
        a.cmp(eax, eax);
    }

    // The end: right when the flags say "equal".
    private static void Judge(Assembler a)
    {
        Label wrong = a.CreateLabel();
        a.jne(wrong);
        Say(a, Right);
        a.Label(ref wrong);
        Say(a, Wrong);
    }

    // Whether a value stands in shared memory: 64 bits in the GHCB's fields, 32 bits elsewhere.
    private static void Is(Assembler a, int address, long expected, bool end = true)
    {
        Label right = a.CreateLabel();
        a.mov(rsi, address + SharedAlias);
        if (address is >= Ghcb and < Buffer)
        {
            a.mov(rax, expected);
            a.cmp(__qword_ptr[rsi], rax);
        }
        else
        {
            a.cmp(__dword_ptr[rsi], (int)expected);
        }
        a.je(right);
        Say(a, Wrong);
        a.Label(ref right);
        if (end)
        {
            Say(a, Right);
        }
    }

    private static void Ask(Assembler a, long code, long info1 = 0, long info2 = 0, bool scratch = false)
    {
        UseGhcb(a);
        More(a, code, info1, info2, scratch);
    }

    // Another event in the same GHCB.
    private static void More(Assembler a, long code, long info1 = 0, long info2 = 0, bool scratch = false)
    {
        if (scratch)
        {
            Field(a, Scratch, Buffer);
        }
        Event(a, code, info1, info2);
    }

    private static void OutWord(Assembler a, int port, int value)
    {
        UseGhcb(a);
        Field(a, Rax, value);
        Event(a, 0x7B, (long)port << 16 | 0x20);
    }

    private static async Task<(MachineRun Run, SnpRecord Record, SoftwareSnpMachine Machine)> StartAsync(Action<Assembler> code, SnpSettings settings, int cpus = 1)
    {
        SoftwareSnpMachine machine = SnpMachines.Machine(SnpHost.Keep("protocol.fd", Build(code)), settings);
        VirtualMachineOptions options = new() { Machine = machine, Boot = new NoBoot(), MemoryMiB = 64, Cpus = cpus };
        (MachineRun run, SnpRecord record) = await SnpHost.RunAsync(options, TimeSpan.FromMinutes(2));
        return (run, record, machine);
    }
}
