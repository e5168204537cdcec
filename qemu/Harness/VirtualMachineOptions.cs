using System;
using System.Collections.Generic;
using System.Linq;

namespace LiteBox.Qemu;

/// <summary>A virtual machine, described.</summary>
public sealed record VirtualMachineOptions
{
    /// <summary>The processor whose figures are published: AMD's Milan. Copying by REP string instructions is hidden, because TCG counts each repetition.</summary>
    public const string YardstickCpu = "EPYC-Milan,-erms";

    /// <summary>The computer.</summary>
    public required Machine Machine { get; init; }

    /// <summary>What it starts.</summary>
    public required BootSource Boot { get; init; }

    /// <summary>Memory in MiB.</summary>
    public int MemoryMiB { get; init; } = 512;

    /// <summary>Number of processors; one when instructions are counted.</summary>
    public int Cpus { get; init; } = 1;

    /// <summary>QEMU's name of the processor, with features added or taken away.</summary>
    public string CpuModel { get; init; } = "EPYC-Milan";

    /// <summary>
    /// Time is instructions: RDTSC counts them exactly, one is one nanosecond, sleeping takes no real time, and every run repeats
    /// to the byte.
    /// </summary>
    public bool CountInstructions { get; init; }

    /// <summary>Where QEMU waits for gdb before the first instruction, for example "tcp:127.0.0.1:1234"; null for no debugger.</summary>
    public string? DebuggerAddress { get; init; }

    /// <summary>A file that gets the firmware's own log (port 0x402), or null.</summary>
    public string? FirmwareLog { get; init; }

    /// <summary>Disks beside the one that it boots from.</summary>
    public IReadOnlyList<VirtioDisk> Disks { get; init; } = [];

    /// <summary>Every disk.</summary>
    internal IEnumerable<VirtioDisk> AllDisks => Boot.Disks.Concat(Disks);

    /// <summary>Further devices, as QEMU options.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>The QEMU program: a name or a path.</summary>
    public string Program { get; init; } = DefaultProgram;

    /// <summary>QEMU, unless the environment variable LITEBOX_QEMU names another program for a whole run of tests or tools.</summary>
    public static string DefaultProgram =>
        Environment.GetEnvironmentVariable("LITEBOX_QEMU") is { Length: > 0 } named ? named : "qemu-system-x86_64";
}
