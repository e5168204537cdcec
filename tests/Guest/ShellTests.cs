using System;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;
using LiteBox.GuestKit;
using LiteBox.Qemu;
using Xunit;

namespace LiteBox.Guest.Tests;

/// <summary>A person at the serial console: an interactive busybox shell, typed at.</summary>
public sealed class ShellTests(ShellSessions shells) : IClassFixture<ShellSessions>
{
    private static readonly TimeSpan Patience = ShellSession.Patience;

    [Theory]
    [EveryPlatform]
    public async Task Pipelines_loops_jobs_substitution_and_here_documents_work(GuestPlatform platform)
    {
        ShellSession shell = await shells.TakeAsync(platform);
        Assert.Equal("3", await shell.AskAsync("ls -l / | sort | head -3 | wc -l"));
        Assert.Equal("1 2 3 ", await shell.AskAsync("for i in 1 2 3; do echo -n \"$i \"; done; echo"));
        Assert.Equal("7", await shell.AskAsync("(exit 7) & wait $!; echo $?"));
        Assert.Equal("deep", await shell.AskAsync("echo $(echo $(echo deep))"));
        shell.Console.Send("cat <<END\nhere $((6 * 7))\nEND\n");
        await shell.Console.ExpectAsync("here 42", Patience);
        Assert.Contains("sh", await shell.AskAsync("ps | grep -v grep | grep -w sh | head -1"));
        Assert.Contains("Mem", await shell.AskAsync("top -b -n1 | head -1"));
        Assert.Equal("/bin/busybox", await shell.AskAsync("find / -name busybox -type f 2>/dev/null"));
        shells.Return(shell);
    }

    [Theory]
    [EveryPlatform]
    public async Task Interrupt_ends_the_program_in_the_foreground_and_the_shell_stays(GuestPlatform platform)
    {
        ShellSession shell = await shells.TakeAsync(platform);
        await shell.BeginAsync("sleep 1000");
        shell.Console.Send("\u0003");
        Assert.Equal("130", await shell.AskAsync("echo $?"));
        await shell.BeginAsync("cat");
        shell.Console.Send("typed\n");
        await shell.Console.ExpectAsync("typed\r\ntyped", Patience);
        shell.Console.Send("\u0004");
        Assert.Equal("0", await shell.AskAsync("echo $?"));
        shells.Return(shell);
    }

    [Theory]
    [EveryPlatform]
    public async Task A_line_can_be_edited_before_it_is_entered(GuestPlatform platform)
    {
        ShellSession shell = await shells.TakeAsync(platform);
        shell.Console.Send("echo wrnog\u007f\u007f\u007f\u007fong\n");
        await shell.Console.ExpectAsync("\r\nwong\r\n", Patience);
        await shell.BeginAsync("cat");
        shell.Console.Send("kill this line\u0015kept\u007f\u007f\u007f\u007fdone\n");
        await shell.Console.ExpectAsync("\r\ndone\r\n", Patience);
        shell.Console.Send("\u0004");
        Assert.Equal("alive", await shell.AskAsync("echo alive"));
        shells.Return(shell);
    }

    [Theory]
    [EveryPlatform]
    public async Task Archives_and_checksums_of_ten_mebibytes_are_right(GuestPlatform platform)
    {
        ShellSession shell = await shells.TakeAsync(platform);
        var data = new byte[10 << 20];
        byte[] line = Encoding.ASCII.GetBytes("litebox\n");
        for (int at = 0; at < data.Length; at++)
        {
            data[at] = line[at % line.Length];
        }

        string expected = Convert.ToHexStringLower(SHA256.HashData(data));
        await shell.AskAsync("yes litebox | head -c 10485760 >/tmp/big; echo made");
        Assert.StartsWith(expected, await shell.AskAsync("sha256sum /tmp/big"));
        Assert.StartsWith(expected, await shell.AskAsync("gzip -c /tmp/big | gunzip -c | sha256sum"));
        Assert.StartsWith(expected, await shell.AskAsync("cd /tmp && tar cf t.tar big && mkdir -p x && tar xf t.tar -C x && sha256sum <x/big"));
        shells.Return(shell);
    }

    [Theory]
    [EveryPlatform]
    public async Task The_editor_saves_a_file(GuestPlatform platform)
    {
        ShellSession shell = await shells.TakeAsync(platform);
        shell.Console.Send("vi /tmp/note\n");
        await Task.Delay(3000);
        shell.Console.Send("ihello from vi\u001b");
        await Task.Delay(2000);
        shell.Console.Send(":wq\n");
        await Task.Delay(2000);
        Assert.Equal("hello from vi", await shell.AskAsync("cat /tmp/note"));
        shells.Return(shell);
    }

    [Theory]
    [EveryPlatform]
    public async Task The_end_of_the_shell_is_the_end_of_the_machine(GuestPlatform platform)
    {
        ShellSession shell = await shells.TakeAsync(platform);
        shell.Console.Send("exit 3\n");
        MachineRun run = await shell.Machine.WaitForEndAsync(Patience);
        Assert.Equal(MachineEnd.PowerOff, run.End);
        Assert.Equal(new WorkloadOutcome(WorkloadEnd.Exited, 3), run.Workload);
        if (shell.Options.Machine is SoftwareSnpMachine software)
        {
            SnpJudgement.IsClean(software.Record, run.Console);
        }
    }
}
