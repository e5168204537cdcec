using System;
using System.Linq;
using System.Threading.Tasks;
using Iced.Intel;
using LiteBox.GuestKit;
using LiteBox.Qemu;
using Xunit;
using static Iced.Intel.AssemblerRegisters;
using static LiteBox.SnpGuests.Tests.MistakeFirmware;
using static LiteBox.SnpGuests.Tests.VmplFirmware;

namespace LiteBox.SnpGuests.Tests;

/// <summary>A guest below VMPL0: it runs, goes back and forth, and may do what it was given and nothing else (APM volume 2, 15.36.7).</summary>
public sealed class VmplTests
{
    private const int Elsewhere = 0x2_0000;
    private const string Refused = "vmpl-permission";

    /// <summary>What VMPL0 prepares, what VMPL1 does, the rule that it breaks or "", and what the guest says at its end: null when it is stopped.</summary>
    private sealed record Case(string Name, string Rule, byte? Answer, Action<Assembler> Before, Action<Assembler> Below, Action<Assembler>? After = null);

    private static readonly Case[] All =
    [
        new("runs", "", 0x11, Give(VmplFirmware.All), a => Say(a, 0x11)),
        new("goes back, and its registers are in its VMSA", "", 0x12, Give(VmplFirmware.All), a => { a.mov(r12d, 0x12); SwitchTo(a, 0); }, a => { a.mov(al, __byte_ptr[Vmsa + 0x360]); SayAl(a); }),
        new("goes on where it was, with what VMPL0 wrote into its VMSA", "", 0x13, Give(VmplFirmware.All), a => { SwitchTo(a, 0); a.mov(al, r12b); SayAl(a); },
            a => { a.mov(__qword_ptr[Vmsa + 0x360], 0x13); SwitchTo(a, 1); }),
        new("writes where it may", "", 0x14, Give(ReadWrite), a => { a.mov(__byte_ptr[VmplFirmware.Page], 0x14); SwitchTo(a, 0); }, a => { a.mov(al, __byte_ptr[VmplFirmware.Page]); SayAl(a); }),
        new("reads what it may", "", 0x15, a => { Give(Read)(a); a.mov(__byte_ptr[VmplFirmware.Page], 0x15); }, a => { a.mov(al, __byte_ptr[VmplFirmware.Page]); SayAl(a); }),
        new("executes what it may", "", 0x16, a => { Give(VmplFirmware.All)(a); a.mov(__byte_ptr[VmplFirmware.Page], 0xC3); }, a => { a.mov(eax, VmplFirmware.Page); a.call(rax); Say(a, 0x16); }),
        new("reads what it may not", Refused, null, Give(Nothing), a => a.mov(al, __byte_ptr[VmplFirmware.Page])),
        new("reads a page that nobody gave it", Refused, null, a => { }, a => a.mov(al, __byte_ptr[VmplFirmware.Page])),
        new("writes what it may only read", Refused, null, Give(Read), a => { a.mov(al, __byte_ptr[VmplFirmware.Page]); a.mov(__byte_ptr[VmplFirmware.Page], al); }),
        new("executes what it may only read and write", Refused, null, a => { Give(ReadWrite)(a); a.mov(__byte_ptr[VmplFirmware.Page], 0xC3); }, a => { a.mov(eax, VmplFirmware.Page); a.call(rax); }),
        new("reads its own VMSA", Refused, null, Give(VmplFirmware.All), a => a.mov(al, __byte_ptr[Vmsa])),
        new("reads what was taken back", Refused, null, Give(VmplFirmware.All), a => { a.mov(al, __byte_ptr[VmplFirmware.Page]); SwitchTo(a, 0); a.mov(al, __byte_ptr[VmplFirmware.Page]); },
            a => { Give(Nothing)(a); SwitchTo(a, 1); }),
        new("reads a page that was validated anew", Refused, null, a => { Give(VmplFirmware.All)(a); Pvalidate(a, VmplFirmware.Page, 0, 0); Pvalidate(a, VmplFirmware.Page, 0, 1); },
            a => a.mov(al, __byte_ptr[VmplFirmware.Page])),
        new("validates", "pvalidate-unprivileged", 2, Give(VmplFirmware.All), a => { Pvalidate(a, VmplFirmware.Page, 0, 0); SayAl(a); }),
        new("gives on what it has", "", 0x90, Give(ReadWrite), a => { Rmpadjust(a, VmplFirmware.Page, 0, 0x0302); a.or(al, 0x90); SayAl(a); }),
        new("gives on what it has not", "rmpadjust-permission", 2, Give(ReadWrite), a => { Rmpadjust(a, VmplFirmware.Page, 0, 0x0F02); SayAl(a); }),
        new("gives itself more", "rmpadjust-permission", 2, Give(Read), a => { Rmpadjust(a, VmplFirmware.Page, 0, VmplFirmware.All); SayAl(a); }),
        new("makes a VMSA", "rmpadjust-permission", 2, Give(VmplFirmware.All), a => { Rmpadjust(a, VmplFirmware.Page, 0, 0x1_0002); SayAl(a); }),
        new("has a VMSA of VMPL0 taken by the host", "ap-request-invalid", 5, Give(VmplFirmware.All),
            a => { UseGhcb(a); Field(a, 0x1F8, 1); Event(a, 0x8000_0013, 1, Vmsa); a.mov(al, __byte_ptr[rbx + 0x3A0]); SayAl(a); }),
        new("uses the GHCB that VMPL0 registered", "ghcb-not-registered", null, Give(VmplFirmware.All), a => { SetGhcbMsr(a, Ghcb); Vmgexit(a); }),
        new("touches a page that nobody validated", "access-not-validated", 0x84, a => { MsrProtocol(a, Elsewhere | 1L << 52 | 0x014); }, a => a.mov(al, __byte_ptr[Elsewhere])),
    ];

    public static TheoryData<string> Names() => [.. All.Select(candidate => candidate.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_guest_at_vmpl1(string name)
    {
        Case tried = All.Single(candidate => candidate.Name == name);
        byte[] firmware = Build(a => Run(a, tried.Before, tried.Below, tried.After ?? (_ => { })));
        (MachineRun run, SnpRecord record) = await StartAsync(firmware, SnpMachines.Settings with { StopOnRefusal = false });
        string all = SnpHost.Tell(run, record);
        Assert.True(tried.Answer == record.Termination?.Reason, all);
        SnpRefusal[] told = [.. record.Refusals.Concat(record.Notes).Where(refusal => refusal.Rule != "terminated-by-guest")];
        Assert.True(told.Select(refusal => refusal.Rule).SequenceEqual(tried.Rule.Length == 0 ? [] : [tried.Rule]), all);
        Assert.All(told, refusal => Assert.Equal(1, refusal.Vmpl));
    }

    [Fact]
    public async Task Another_processor_starts_at_vmpl1()
    {
        byte[] firmware = Build(a => Run(a, Give(VmplFirmware.All), below: b => Say(b, 0x21), after: _ => { }, apicId: 1));
        (MachineRun run, SnpRecord record) = await StartAsync(firmware, SnpMachines.Settings, cpus: 2);
        Assert.True(record.Termination?.Reason == 0x21, SnpHost.Tell(run, record));
        SnpRefusal end = record.Refusals.Single();
        Assert.Equal(("terminated-by-guest", 1, 1), (end.Rule, end.Cpu, end.Vmpl));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_launch_below_vmpl0_runs_and_cannot_validate(int vmpl)
    {
        SnpSettings settings = SnpMachines.Settings with { LaunchVmpl = vmpl, StopOnRefusal = false };
        (MachineRun run, SnpRecord record) = await StartAsync(Build(a => { Pvalidate(a, FreePage, 0, 0); a.or(al, 0x30); SayAl(a); }), settings);
        Assert.True(record.Termination?.Reason == 0x32, SnpHost.Tell(run, record));
        Assert.Equal(["pvalidate-unprivileged", "terminated-by-guest"], record.Refusals.Select(refusal => refusal.Rule));
        Assert.All(record.Refusals, refusal => Assert.Equal(vmpl, refusal.Vmpl));
    }

    /// <summary>OVMF asks by RMPADJUST whether it is at VMPL0: it knows nothing of this machine.</summary>
    [Fact]
    public async Task Ovmf_launched_below_vmpl0_notices_and_terminates_itself()
    {
        SoftwareSnpMachine machine = SnpMachines.Machine(SnpMachines.Ovmf, SnpMachines.Settings with { LaunchVmpl = 1, StopOnRefusal = false });
        (MachineRun run, SnpRecord record) = await SnpHost.RunAsync(new VirtualMachineOptions { Machine = machine, Boot = new NoBoot() }, TimeSpan.FromMinutes(4));
        Assert.True(record.Termination == (0, 0), SnpHost.Tell(run, record));
        Assert.Equal(["rmpadjust-permission", "terminated-by-guest"], record.Refusals.Select(refusal => refusal.Rule));
    }

    private static Action<Assembler> Give(int attributes) => a => Rmpadjust(a, VmplFirmware.Page, 0, attributes);

    private static async Task<(MachineRun Run, SnpRecord Record)> StartAsync(byte[] firmware, SnpSettings settings, int cpus = 1) => await SnpHost.RunAsync(
        new VirtualMachineOptions
        {
            Machine = SnpMachines.Machine(SnpHost.Keep("vmpl.fd", firmware), settings),
            Boot = new NoBoot(),
            MemoryMiB = 64,
            Cpus = cpus,
        },
        TimeSpan.FromMinutes(2));
}
