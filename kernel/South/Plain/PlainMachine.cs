using System;
using System.Diagnostics.CodeAnalysis;
using LiteBox.Platform;
using LiteBox.South.Consoles;
using LiteBox.South.Handover;
using LiteBox.South.Hardware;
using LiteBox.South.Heaps;
using LiteBox.South.Memory;
using LiteBox.South.Scheduling;
using LiteBox.South.Stops;
using LiteBox.South.Timekeeping;

namespace LiteBox.South.Plain;

/// <summary>A running machine, put together by <see cref="PlainStart"/> from parts that know whether it is a plain VM or an SNP guest.</summary>
internal sealed class PlainMachine : Machine
{
    private readonly HardwareAccess hardware;
    private readonly PlainEnding ending;
    private readonly BootPayload payload;
    private readonly UartConsole? console;

    internal PlainMachine(
        string description, HardwareAccess hardware, PlainEnding ending, BootPayload payload, UartConsole? console, SouthFrameAllocator frames, SouthClock clock,
        SouthScheduler scheduler, UserMemory userMemory, EntropySource entropy, AttestationDevice? attestation)
    {
        Description = description;
        this.hardware = hardware;
        this.ending = ending;
        this.payload = payload;
        this.console = console;
        Console = console is null ? new SilentConsole() : console;
        Frames = frames;
        Clock = clock;
        Scheduler = scheduler;
        UserMemory = userMemory;
        Entropy = entropy;
        Attestation = attestation;
        Heap = new SouthHeap();
    }

    /// <inheritdoc/>
    public override string Description { get; }

    /// <inheritdoc/>
    public override FrameAllocator Frames { get; }

    /// <inheritdoc/>
    public override UserMemory UserMemory { get; }

    /// <inheritdoc/>
    public override Scheduler Scheduler { get; }

    /// <inheritdoc/>
    public override Clock Clock { get; }

    /// <inheritdoc/>
    public override SerialConsole Console { get; }

    /// <inheritdoc/>
    public override EntropySource Entropy { get; }

    /// <inheritdoc/>
    public override KernelHeap Heap { get; }

    /// <inheritdoc/>
    public override AttestationDevice? Attestation { get; }

    /// <inheritdoc/>
    public override int ProcessorCount => 1;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> CommandLine => payload.CommandLine;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Initrd => payload.Initrd;

    /// <inheritdoc/>
    public override CpuidResult Cpuid(uint leaf, uint subleaf) => hardware.Cpuid(leaf, subleaf);

    /// <inheritdoc/>
    public override void ReleaseInitrd() => payload.ReleaseInitrd();

    /// <inheritdoc/>
    public override void Log(ReadOnlySpan<char> line)
    {
        if (ImageKind.IsDebug)
        {
            BootLog.Write(console!, Clock.Monotonic, line);
        }
    }

    /// <inheritdoc/>
    [DoesNotReturn]
    public override void PowerOff(int waitStatus)
    {
        if (ImageKind.IsDebug)
        {
            LineWriter line = new(stackalloc byte[80]);
            WaitStatusText.Write(ref line, waitStatus);
            console!.WriteSynchronously(line.Written);
        }
        else
        {
            console?.WriteSynchronously(default); // what the workload still has to say
        }

        Attestation?.ForgetKeys();
        ending.PowerOff(WaitStatusText.ShellStatus(waitStatus));
        throw new InvalidOperationException("The machine did not switch off.");
    }

    /// <inheritdoc/>
    [DoesNotReturn]
    public override void Restart()
    {
        console?.WriteSynchronously(default);
        Attestation?.ForgetKeys();
        ending.Restart();
        throw new InvalidOperationException("The machine did not start anew.");
    }
}
