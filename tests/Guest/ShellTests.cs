using System;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;
using LiteBox.GuestKit;
using LiteBox.Image;
using LiteBox.Qemu;
using Xunit;

namespace LiteBox.Guest.Tests;

/// <summary>A person at the serial console: an interactive busybox shell, typed at.</summary>
public sealed class ShellTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private VirtualMachine _machine = null!;
    private int _commands;

    private SerialConsole Console => _machine.Console;

    public async Task InitializeAsync()
    {
        RootFileSystem files = GuestFiles.WithInit("shell", Repository.PathOf("workload/shell/init"));
        VirtualMachineOptions options = Kernel.Machine(files.ToInitrd()) with { CountInstructions = false };
        _machine = VirtualMachine.Start(options);
        await Console.ExpectAsync("# ", TimeSpan.FromMinutes(3));
    }

    public Task DisposeAsync() => _machine.DisposeAsync().AsTask();

    // The conversations themselves are checked on Linux: GUEST_KERNEL=linux dotnet test --filter ShellTests
    private static GuestKernel Kernel => Environment.GetEnvironmentVariable("GUEST_KERNEL") == "linux" ? GuestKernel.Linux : GuestKernel.LiteBox;

    [Fact]
    public async Task Pipelines_loops_jobs_substitution_and_here_documents_work()
    {
        Assert.Equal("3", await AskAsync("ls -l / | sort | head -3 | wc -l"));
        Assert.Equal("1 2 3 ", await AskAsync("for i in 1 2 3; do echo -n \"$i \"; done; echo"));
        Assert.Equal("7", await AskAsync("(exit 7) & wait $!; echo $?"));
        Assert.Equal("deep", await AskAsync("echo $(echo $(echo deep))"));
        Console.Send("cat <<END\nhere $((6 * 7))\nEND\n");
        await Console.ExpectAsync("here 42", Patience);
        Assert.Contains("sh", await AskAsync("ps | grep -v grep | grep -w sh | head -1"));
        Assert.Contains("Mem", await AskAsync("top -b -n1 | head -1"));
        Assert.Equal("/bin/busybox", await AskAsync("find / -name busybox -type f 2>/dev/null"));
    }

    [Fact]
    public async Task Interrupt_ends_the_program_in_the_foreground_and_the_shell_stays()
    {
        Console.Send("sleep 1000\n");
        await Console.ExpectAsync("sleep 1000", Patience);
        await Task.Delay(2000);
        Console.Send("\u0003");
        Assert.Equal("130", await AskAsync("echo $?"));
        Console.Send("cat\n");
        await Console.ExpectAsync("cat", Patience);
        await Task.Delay(1000);
        Console.Send("typed\n");
        await Console.ExpectAsync("typed\r\ntyped", Patience);
        Console.Send("\u0004");
        Assert.Equal("0", await AskAsync("echo $?"));
    }

    [Fact]
    public async Task A_line_can_be_edited_before_it_is_entered()
    {
        Console.Send("echo wrnog\u007f\u007f\u007f\u007fong\n");
        await Console.ExpectAsync("\r\nwong\r\n", Patience);
        Console.Send("cat\n");
        await Console.ExpectAsync("cat", Patience);
        await Task.Delay(1000);
        Console.Send("kill this line\u0015kept\u007f\u007f\u007f\u007fdone\n");
        await Console.ExpectAsync("\r\ndone\r\n", Patience);
        Console.Send("\u0004");
        Assert.Equal("alive", await AskAsync("echo alive"));
    }

    [Fact]
    public async Task Archives_and_checksums_of_ten_mebibytes_are_right()
    {
        var data = new byte[10 << 20];
        byte[] line = Encoding.ASCII.GetBytes("litebox\n");
        for (int at = 0; at < data.Length; at++)
        {
            data[at] = line[at % line.Length];
        }

        string expected = Convert.ToHexStringLower(SHA256.HashData(data));
        await AskAsync("yes litebox | head -c 10485760 >/tmp/big; echo made");
        Assert.StartsWith(expected, await AskAsync("sha256sum /tmp/big"));
        Assert.StartsWith(expected, await AskAsync("gzip -c /tmp/big | gunzip -c | sha256sum"));
        Assert.StartsWith(expected, await AskAsync("cd /tmp && tar cf t.tar big && mkdir -p x && tar xf t.tar -C x && sha256sum <x/big"));
    }

    [Fact]
    public async Task The_editor_saves_a_file()
    {
        Console.Send("vi /tmp/note\n");
        await Task.Delay(3000);
        Console.Send("ihello from vi\u001b");
        await Task.Delay(2000);
        Console.Send(":wq\n");
        await Task.Delay(2000);
        Assert.Equal("hello from vi", await AskAsync("cat /tmp/note"));
    }

    [Fact]
    public async Task The_end_of_the_shell_is_the_end_of_the_machine()
    {
        Console.Send("exit 3\n");
        MachineRun run = await _machine.WaitForEndAsync(Patience);
        Assert.Equal(MachineEnd.PowerOff, run.End);
        Assert.Equal(new WorkloadOutcome(WorkloadEnd.Exited, 3), run.Workload);
    }

    // Types a command and returns what it prints, without the echo of the command itself.
    private async Task<string> AskAsync(string command)
    {
        int number = ++_commands;
        Console.Send($"{command}; echo \"<\"{number}\">\"\n");
        string text = await Console.ExpectAsync($"<{number}>\r\n", Patience);
        string[] lines = text.Replace("\r", "", StringComparison.Ordinal).Split('\n');
        return lines.Length >= 3 ? lines[^3] : "";
    }
}
