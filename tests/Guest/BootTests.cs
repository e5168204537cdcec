using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using LiteBox.GuestKit;
using LiteBox.Image;
using LiteBox.Qemu;
using Xunit;

namespace LiteBox.Guest.Tests;

/// <summary>The whole machine, from the firmware to the workload's exit status.</summary>
public class BootTests
{
    private const long LargestImage = 3 << 19; // 1.5 MiB
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Theory]
    [EveryPlatform]
    public async Task The_workload_of_make_run_ends_with_status_0(GuestPlatform platform)
    {
        MachineRun run = await RunAsync(platform, "workload/run/init");
        Assert.True(run is { End: MachineEnd.PowerOff, Workload: { End: WorkloadEnd.Exited, Number: 0 } }, $"{run.End}, {run.Workload}\n{run.Console}");
        Assert.Contains("== done", run.Console);
        Assert.Contains(platform == GuestPlatform.Plain ? "litebox: plain VM" : "litebox: SEV-SNP guest", run.Console);
    }

    [Theory]
    [EveryPlatform("exit 42", 42)]
    [EveryPlatform("kill -9 $$; kill -15 $$; exit 9", 9)] // the first process has no handler for either, and Linux lets neither through
    public async Task The_exit_status_of_the_first_process_is_reported(GuestPlatform platform, string script, int status)
    {
        using var init = new TemporaryScript(script);
        MachineRun run = await RunAsync(platform, init.Path);
        Assert.True(run.Workload == new WorkloadOutcome(WorkloadEnd.Exited, status), $"{run.Workload}\n{run.Console}");
    }

    [Theory]
    [EveryPlatform]
    public async Task It_boots_with_little_memory(GuestPlatform platform)
    {
        // The least with which the OVMF of Debian 13 itself still starts an application: as an SNP guest it keeps memory for what devices read.
        int leastOfFirmware = platform == GuestPlatform.Plain ? 64 : 72;
        using var init = new TemporaryScript("echo little; exit 0");
        MachineRun run = await RunAsync(OptionsFor(platform, init.Path) with { MemoryMiB = leastOfFirmware });
        Assert.True(run.Workload == new WorkloadOutcome(WorkloadEnd.Exited, 0), $"{run.Workload}\n{run.Console}");
    }

    [Theory]
    [EveryPlatform]
    public async Task Two_runs_print_the_same_when_instructions_are_time(GuestPlatform platform)
    {
        using var init = new TemporaryScript(". /etc/profile; ls -l /; seq 1 500 | sort -r | tail -n 3; for i in 1 2 3; do (echo $i) & done; wait; exit 0");
        VirtualMachineOptions first = OptionsFor(platform, init.Path);
        VirtualMachineOptions second = OptionsFor(platform, init.Path);
        Assert.Equal((await RunAsync(first)).Console, (await RunAsync(second)).Console);
        if (first.Machine is SoftwareSnpMachine firstMachine && second.Machine is SoftwareSnpMachine secondMachine)
        {
            Assert.Equal(firstMachine.Record.Counters.OrderBy(counter => counter.Key), secondMachine.Record.Counters.OrderBy(counter => counter.Key));
        }
    }

    [Fact]
    public void Kernel_and_boot_image_are_small()
    {
        long kernel = new FileInfo(Repository.Built("bin/LiteBox.Kernel/kernel.elf")).Length;
        long boot = new FileInfo(Repository.Built("bin/LiteBox.Boot/boot.efi")).Length;
        Assert.InRange(kernel + boot, 1, LargestImage);
    }

    private static Task<MachineRun> RunAsync(GuestPlatform platform, string init) => RunAsync(OptionsFor(platform, init));

    private static VirtualMachineOptions OptionsFor(GuestPlatform platform, string init)
    {
        RootFileSystem files = GuestFiles.WithInit("boot", Path.IsPathRooted(init) ? init : Repository.PathOf(init));
        return GuestKernel.LiteBoxOn(platform).Machine(files.ToInitrd());
    }

    private static async Task<MachineRun> RunAsync(VirtualMachineOptions options)
    {
        MachineRun run = await VirtualMachine.RunToEndAsync(options, Limit);
        if (options.Machine is SoftwareSnpMachine software)
        {
            SnpJudgement.IsClean(software.Record, run.Console);
        }

        return run;
    }

    private sealed class TemporaryScript : IDisposable
    {
        public TemporaryScript(string script) => File.WriteAllText(Path, $"#!/bin/sh\n{script}\n");

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
