using System;
using System.Threading;
using LiteBox.Qemu;

namespace LiteBox.GuestKit;

/// <summary>The SNP machine that this clone built, with the committed test root.</summary>
public static class SnpMachines
{
    private static int s_runs;

    /// <summary>Debian 13's OVMF, which boots as an SNP guest.</summary>
    public static string Ovmf => Repository.Built("firmware/ovmf/OVMF.fd");

    /// <summary>Settings with the committed test root: strict, C-bit 47, a Milan.</summary>
    public static SnpSettings Settings { get; } = new() { TestRoot = Repository.PathOf("tests/TestRoot") };

    /// <summary>A machine with a folder of its own below out/snp-runs.</summary>
    /// <param name="firmware">The image it starts.</param>
    /// <param name="settings">What differs from <see cref="Settings"/>.</param>
    public static SoftwareSnpMachine Machine(string firmware, SnpSettings? settings = null) => new()
    {
        Rom = Repository.Built("bin/LiteBox.SnpMachine/snpmachine.rom"),
        Firmware = firmware,
        Settings = settings ?? Settings,
        Folder = Repository.OutDirectory($"snp-runs/{Environment.ProcessId}-{Interlocked.Increment(ref s_runs)}"),
    };
}
