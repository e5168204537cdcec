using System;
using System.Diagnostics;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace LiteBox.Qemu;

/// <summary>A virtual machine whose console is this process's own terminal: QEMU reads and writes it directly, every key goes to the guest.</summary>
public static class TerminalSession
{
    /// <summary>Runs a machine to its end.</summary>
    /// <param name="options">The machine.</param>
    /// <param name="consoleLog">A file that gets a copy of the console's output.</param>
    /// <param name="limit">When to end the machine; <see cref="Timeout.InfiniteTimeSpan"/> for never.</param>
    public static async Task<MachineRun> RunAsync(VirtualMachineOptions options, string consoleLog, TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        var start = new ProcessStartInfo(options.Program, QemuArguments.For(options, consoleLog)) { RedirectStandardError = true };
        using Process qemu = Process.Start(start) ?? throw new InvalidOperationException($"{options.Program} does not start");
        Task<string> errors = qemu.StandardError.ReadToEndAsync();
        bool ended = await EndsWithinAsync(qemu, limit);
        if (!ended)
        {
            qemu.Kill();
            await qemu.WaitForExitAsync();
        }

        MachineEnd end = !ended ? MachineEnd.TimeLimit : qemu.ExitCode == 0 ? MachineEnd.PowerOff : MachineEnd.QemuFailed;
        string console = File.Exists(consoleLog) ? await File.ReadAllTextAsync(consoleLog, Encoding.Latin1) : "";
        return new MachineRun(end, console, await errors, clock.Elapsed);
    }

    private static async Task<bool> EndsWithinAsync(Process process, TimeSpan limit)
    {
        using var deadline = new CancellationTokenSource(limit);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
