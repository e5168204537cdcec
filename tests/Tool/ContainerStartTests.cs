using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using LiteBox.GuestKit;
using LiteBox.Image;
using LiteBox.Image.Containers;
using LiteBox.Qemu;
using Xunit;

namespace LiteBox.Tool.Tests;

/// <summary>The start program of a container image does on this kernel what it does on Linux, and that is what the image asks for.</summary>
public sealed class ContainerStartTests
{
    private const uint Executable = 0x1ED;

    private const string Script = """
        id; pwd; echo "$GREETING|$HOME|$PATH"
        for word in "$0" "$@"; do echo "<$word>"; done
        echo "by name" >/dev/stdout && echo null >/dev/null && [ -e /proc/self/status ] && [ -e /sys/kernel ] && echo mounted
        touch /denied
        """;

    [Fact]
    public async Task User_groups_directory_environment_and_words_are_as_the_image_asks()
    {
        var files = new RootFileSystem(0);
        files.AddFile("bin/busybox", File.ReadAllBytes("/bin/busybox"), Executable);
        files.AddSymbolicLink("bin/sh", "busybox");
        foreach (string applet in new[] { "id", "touch" })
        {
            files.AddSymbolicLink($"bin/{applet}", "busybox");
        }

        files.AddFile("etc/passwd", "root:x:0:0::/root:/bin/sh\napp:x:1000:1001::/home/app:/bin/sh\n"u8.ToArray());
        files.AddFile("etc/group", "app:x:1001:\naudio:x:29:app\nstaff:x:50:other,app\n"u8.ToArray());
        var configuration = new ContainerConfiguration(
            ["sh", "-c", Script.ReplaceLineEndings("\n"), "it's $HOME `x` \"y\" \\ *", "two words", ""], ["GREETING=hello world", "PATH=/sbin:/bin"], "/srv/deep", "app");
        string commandLine = ContainerStart.Prepare(files, configuration);
        string[] linux = await RunAsync(GuestKernel.Linux, files, commandLine);
        Assert.Equal(linux, await RunAsync(GuestKernel.LiteBox, files, commandLine));
        Assert.Equal("uid=1000(app) gid=1001(app) groups=29(audio),50(staff)", linux[0]);
        Assert.Equal("/srv/deep", linux[1]);
        Assert.Equal("hello world|/home/app|/sbin:/bin", linux[2]);
        Assert.Equal(["<it's $HOME `x` \"y\" \\ *>", "<two words>", "<>", "by name", "mounted", "touch: /denied: Permission denied"], linux[3..]);
    }

    private static async Task<string[]> RunAsync(GuestKernel kernel, RootFileSystem files, string commandLine)
    {
        MachineRun run = await VirtualMachine.RunToEndAsync(kernel.Machine(files.ToInitrd(), commandLine), TimeSpan.FromMinutes(4));
        string[] lines = run.Console.Split('\n', StringSplitOptions.TrimEntries);
        int first = Array.FindIndex(lines, line => line.StartsWith("uid=", StringComparison.Ordinal));
        int last = Array.FindIndex(lines, line => line.StartsWith("touch: ", StringComparison.Ordinal));
        Assert.True(first >= 0 && last > first, run.Console);
        return lines[first..(last + 1)];
    }
}
