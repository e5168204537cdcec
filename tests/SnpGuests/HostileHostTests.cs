using System;
using System.Threading.Tasks;
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
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

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

    private static async Task<(MachineRun Run, SnpRecord Record)> RunAsync(HostileInjection injection) => await SnpHost.RunAsync(
        new VirtualMachineOptions
        {
            Machine = SnpHost.Machine(SnpHost.Ovmf, SnpHost.Settings with { Injection = injection }),
            Boot = new DiskBoot(SnpHost.Keep("hostile.img", LiteBoxGuest.Disk(Init))),
        },
        Limit);
}
