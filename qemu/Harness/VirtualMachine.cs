using System;
using System.Diagnostics;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using CliWrap;

namespace LiteBox.Qemu;

/// <summary>How a virtual machine ended.</summary>
public enum MachineEnd
{
    /// <summary>The guest switched the machine off, or reset it.</summary>
    PowerOff,

    /// <summary>It was still running at the time limit.</summary>
    TimeLimit,

    /// <summary>QEMU itself failed.</summary>
    QemuFailed,
}

/// <summary>What a run of a virtual machine left behind.</summary>
/// <param name="End">How the machine ended.</param>
/// <param name="Console">All that the guest wrote to its console, byte for byte (Latin-1).</param>
/// <param name="Errors">QEMU's own messages.</param>
/// <param name="Elapsed">Real time from start to end.</param>
public sealed record MachineRun(MachineEnd End, string Console, string Errors, TimeSpan Elapsed)
{
    /// <summary>How the workload ended, as the console tells it.</summary>
    public WorkloadOutcome Workload => WorkloadOutcome.Find(Console);
}

/// <summary>A running virtual machine. Disposing it ends QEMU.</summary>
public sealed class VirtualMachine : IAsyncDisposable
{
    private readonly CancellationTokenSource _kill = new();
    private readonly StringBuilder _errors = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly CommandTask<CommandResult> _qemu;
    private readonly Task<MachineEnd> _run;
    private bool _outOfTime;

    private VirtualMachine(VirtualMachineOptions options)
    {
        Command command = Cli.Wrap(options.Program)
            .WithArguments(QemuArguments.For(options))
            .WithStandardInputPipe(PipeSource.Create(Console.CopyTypedTo))
            .WithStandardOutputPipe(PipeTarget.Create(Console.CopyWrittenFrom))
            .WithStandardErrorPipe(PipeTarget.ToStringBuilder(_errors))
            .WithValidation(CommandResultValidation.None);
        _qemu = command.ExecuteAsync(_kill.Token);
        _run = WatchAsync();
    }

    /// <summary>The guest's serial console.</summary>
    public SerialConsole Console { get; } = new();

    /// <summary>Processor time that QEMU has used so far, its own and the system's for it, in all its threads. The machine must be running.</summary>
    /// <exception cref="ArgumentException">QEMU has ended.</exception>
    public TimeSpan ProcessorTime
    {
        get
        {
            using Process qemu = Process.GetProcessById(_qemu.ProcessId);
            return qemu.TotalProcessorTime;
        }
    }

    /// <summary>Starts QEMU.</summary>
    public static VirtualMachine Start(VirtualMachineOptions options) => new(options);

    /// <summary>Starts a machine, lets it run to its end or to the time limit, and says what happened.</summary>
    public static async Task<MachineRun> RunToEndAsync(VirtualMachineOptions options, TimeSpan limit)
    {
        await using VirtualMachine machine = Start(options);
        return await machine.WaitForEndAsync(limit);
    }

    /// <summary>Waits for the machine's end; at the time limit it is ended.</summary>
    public async Task<MachineRun> WaitForEndAsync(TimeSpan limit)
    {
        if (await Task.WhenAny(_run, Task.Delay(limit)) != _run)
        {
            _outOfTime = true;
            await _kill.CancelAsync();
        }

        MachineEnd end = await _run;
        return new MachineRun(end, Console.Text, _errors.ToString(), _clock.Elapsed);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _kill.CancelAsync();
        await _run;
        _kill.Dispose();
    }

    private async Task<MachineEnd> WatchAsync()
    {
        try
        {
            CommandResult result = await _qemu;
            return result.ExitCode == 0 ? MachineEnd.PowerOff : MachineEnd.QemuFailed;
        }
        catch (OperationCanceledException)
        {
            return _outOfTime ? MachineEnd.TimeLimit : MachineEnd.PowerOff;
        }
        finally
        {
            Console.End();
        }
    }
}
