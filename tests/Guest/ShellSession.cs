using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using LiteBox.GuestKit;
using LiteBox.Image;
using LiteBox.Qemu;
using Xunit;

namespace LiteBox.Guest.Tests;

/// <summary>An interactive busybox shell on a serial console.</summary>
public sealed class ShellSession
{
    /// <summary>How long a command may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private int _commands;

    private ShellSession(GuestPlatform platform, VirtualMachineOptions options)
    {
        Platform = platform;
        Options = options;
        Machine = VirtualMachine.Start(options);
    }

    public GuestPlatform Platform { get; }

    public VirtualMachineOptions Options { get; }

    public VirtualMachine Machine { get; }

    public SerialConsole Console => Machine.Console;

    /// <summary>Boots and waits for the prompt.</summary>
    public static async Task<ShellSession> StartAsync(GuestPlatform platform)
    {
        RootFileSystem files = GuestFiles.WithInit("shell", Repository.PathOf("workload/shell/init"));
        var session = new ShellSession(platform, Kernel(platform).Machine(files.ToInitrd()) with { CountInstructions = false });
        await session.Console.ExpectAsync("# ", TimeSpan.FromMinutes(3));
        return session;
    }

    /// <summary>Types a command and returns the last line that it prints, without the echo of the command itself.</summary>
    public async Task<string> AskAsync(string command)
    {
        int number = ++_commands;
        Console.Send($"{command}; echo \"<\"{number}\">\"\n");
        string text = await Console.ExpectAsync($"<{number}>\r\n", Patience);
        string[] lines = text.Replace("\r", "", StringComparison.Ordinal).Split('\n');
        return lines.Length >= 3 ? lines[^3] : "";
    }

    /// <summary>Types a command that stays in the foreground, and gives it time to get there.</summary>
    public async Task BeginAsync(string command)
    {
        Console.Send(command + "\n");
        await Console.ExpectAsync(command, Patience);
        await Task.Delay(2000);
    }

    // The conversations themselves are checked on Linux: GUEST_KERNEL=linux dotnet test --filter ShellTests
    private static GuestKernel Kernel(GuestPlatform platform) =>
        Environment.GetEnvironmentVariable("GUEST_KERNEL") == "linux" ? GuestKernel.Linux : GuestKernel.LiteBoxOn(platform);
}

/// <summary>A shell that a test left in order serves the next one on that machine: a boot takes longer than most conversations.</summary>
public sealed class ShellSessions : IAsyncLifetime
{
    private readonly Dictionary<GuestPlatform, ShellSession> _inOrder = [];
    private readonly List<ShellSession> _all = [];

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>A shell at its prompt.</summary>
    public async Task<ShellSession> TakeAsync(GuestPlatform platform)
    {
        if (!_inOrder.Remove(platform, out ShellSession? session))
        {
            session = await ShellSession.StartAsync(platform);
            _all.Add(session);
        }

        return session;
    }

    /// <summary>The test is content with it.</summary>
    public void Return(ShellSession session) => _inOrder[session.Platform] = session;

    public async Task DisposeAsync()
    {
        foreach (ShellSession session in _all)
        {
            await session.Machine.DisposeAsync();
        }
    }
}
