using System;
using System.Threading.Tasks;
using LiteBox.GuestKit;
using LiteBox.Qemu;
using Xunit;

namespace LiteBox.SnpGuests.Tests;

/// <summary>
/// Our kernel under a host that injects events, as those of Heckler and WeSee do: nothing changes, or the machine stops and asks to be terminated with the
/// number of its reason.
/// </summary>
public sealed class HostileHostTests
{
    private const int OwnReasons = 2;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private const string Init = """
        #!/bin/busybox sh
        echo "BEGIN"
        for count in 1 2 3 4 5 6 7 8; do /bin/busybox true; done
        echo "END"
        exit 42
        """;

    /// <summary>T1, T5: the stop report is whole, with the functions' names, and the host is told the number.</summary>
    [Fact]
    public async Task A_forged_VC_in_the_kernel_ends_in_a_stop_report()
    {
        (MachineRun run, SnpRecord record) = await RunAsync(new HostileInjection(InjectedKind.Exception, 29, InProgram: false) { ErrorCode = 0x72, Delay = 1000 });
        string all = SnpHost.Tell(run, record);
        Assert.True(record.Termination == (OwnReasons, 8), all);
        Assert.Contains("litebox: STOP 8 unexpected #VC", run.Console);
        Assert.Contains("#VC VMM communication, vector 29, error 0000000000000072", run.Console);
        Assert.Contains(" ExitToHost+", run.Console);
        Assert.Contains("LiteBox_South_", run.Console);
        Assert.DoesNotContain("END", run.Console);
    }

    /// <summary>T2, T6, T7, T8, T12: what no instruction of the guest's caused.</summary>
    [Theory]
    [InlineData(InjectedKind.Interrupt, 14, false, 17)] // a page fault without an error code
    [InlineData(InjectedKind.Interrupt, 0x40, false, 13)] // the timer, where interrupts are off
    [InlineData(InjectedKind.NonMaskable, 2, true, 6)]
    [InlineData(InjectedKind.Exception, 6, true, 17)] // #UD at CPUID
    [InlineData(InjectedKind.Exception, 29, true, 17)] // #VC for WRMSR at CPUID
    [InlineData(InjectedKind.Interrupt, 0x80, true, 17)] // the system call of old
    public async Task A_forged_event_stops_the_machine(InjectedKind kind, byte vector, bool inProgram, int stop)
    {
        uint? code = vector == 29 ? 0x7C : null;
        (MachineRun run, SnpRecord record) = await RunAsync(new HostileInjection(kind, vector, inProgram) { ErrorCode = code, Delay = inProgram ? 10 : 1000 });
        string all = SnpHost.Tell(run, record);
        Assert.True(record.Termination == (OwnReasons, stop), all);
        Assert.Contains($"litebox: STOP {stop} ", run.Console);
        Assert.DoesNotContain("END", run.Console);
    }

    /// <summary>T6: every external vector below that of the old system call, the timer's and the console's among them, at 96 instructions of programs.</summary>
    [Fact]
    public async Task External_interrupts_in_a_program_change_nothing()
    {
        (MachineRun run, SnpRecord record) = await RunAsync(new HostileInjection(InjectedKind.Interrupt, 0x20, InProgram: true) { Count = 96 });
        string all = SnpHost.Tell(run, record);
        Assert.Equal(96, record.Text.Split("The host injects").Length - 1);
        Assert.True(run.Workload == new WorkloadOutcome(WorkloadEnd.Exited, 42), all);
        Assert.Contains("END", run.Console);
        Assert.Empty(record.Refusals);
    }

    private static async Task<(MachineRun Run, SnpRecord Record)> RunAsync(HostileInjection injection) => await SnpHost.RunAsync(
        new VirtualMachineOptions
        {
            Machine = SnpMachines.Machine(SnpMachines.Ovmf, SnpMachines.Settings with { Injection = injection }),
            Boot = new DiskBoot(SnpHost.Keep("hostile.img", LiteBoxGuest.Disk(Init))),
        },
        Limit);
}
