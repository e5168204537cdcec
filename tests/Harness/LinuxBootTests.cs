using System;
using System.IO;
using System.Text;
using System.Threading.Tasks;
using LiteBox.GuestKit;
using LiteBox.Image;
using LiteBox.Qemu;
using Xunit;

namespace LiteBox.Harness.Tests;

/// <summary>What the harness sees of a guest that is known to work.</summary>
public class LinuxBootTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_conversation_with_the_console_and_the_end_of_the_machine()
    {
        VirtualMachineOptions options = GuestKernel.Linux.Machine(Initrd("echo ready; read word; echo \"got $word\"; poweroff -f"));
        await using VirtualMachine machine = VirtualMachine.Start(options with { CountInstructions = false });
        await machine.Console.ExpectAsync("ready", Patience);
        machine.Console.Send("hello\n");
        string heard = await machine.Console.ExpectAsync("got hello", Patience);
        Assert.DoesNotContain("ready", heard);
        MachineRun run = await machine.WaitForEndAsync(Patience);
        Assert.Equal(MachineEnd.PowerOff, run.End);
        Assert.Equal(WorkloadEnd.Unknown, run.Workload.End);
    }

    [Fact]
    public async Task Words_that_never_come_are_reported_with_what_came()
    {
        VirtualMachineOptions options = GuestKernel.Linux.Machine(Initrd("echo only this; poweroff -f"));
        await using VirtualMachine machine = VirtualMachine.Start(options);
        var missing = await Assert.ThrowsAsync<TimeoutException>(() => machine.Console.ExpectAsync("something else", Patience));
        Assert.Contains("the guest ended before", missing.Message);
        Assert.Contains("only this", missing.Message);
    }

    [Fact]
    public async Task A_machine_that_does_not_end_is_ended()
    {
        VirtualMachineOptions options = GuestKernel.Linux.Machine(Initrd("while true; do :; done"));
        MachineRun run = await VirtualMachine.RunToEndAsync(options, TimeSpan.FromSeconds(2));
        Assert.Equal(MachineEnd.TimeLimit, run.End);
    }

    [Fact]
    public async Task Options_that_QEMU_refuses_are_its_failure()
    {
        VirtualMachineOptions options = GuestKernel.Linux.Machine(Initrd("")) with { CpuModel = "no-such-cpu" };
        MachineRun run = await VirtualMachine.RunToEndAsync(options, Patience);
        Assert.Equal(MachineEnd.QemuFailed, run.End);
        Assert.Contains("no-such-cpu", run.Errors);
    }

    [Fact]
    public async Task Runs_are_equal_to_the_byte_when_instructions_are_time()
    {
        VirtualMachineOptions options = GuestKernel.Linux.Machine(Initrd("sleep 5; cat /proc/uptime; poweroff -f"));
        MachineRun first = await VirtualMachine.RunToEndAsync(options, Patience);
        MachineRun second = await VirtualMachine.RunToEndAsync(options, Patience);
        Assert.Equal(first.Console, second.Console);
        Assert.Contains(".", first.Console);
    }

    private static byte[] Initrd(string script)
    {
        string init = Path.GetTempFileName();
        File.WriteAllText(init, "#!/bin/sh\n. /etc/profile\n" + script + "\n", Encoding.ASCII);
        try
        {
            return GuestFiles.WithInit("harness", init).ToInitrd();
        }
        finally
        {
            File.Delete(init);
        }
    }
}
