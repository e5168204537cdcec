namespace LiteBox.Attestation;

/// <summary>The kinds of guests whose launch can be measured.</summary>
public enum LaunchMode
{
    /// <summary>SEV: SHA-256 of firmware and kernel hashes.</summary>
    Sev,

    /// <summary>SEV-ES: the same and the save areas.</summary>
    SevEs,

    /// <summary>SEV-SNP: the launch digest in MEASUREMENT.</summary>
    Snp,

    /// <summary>SEV-SNP with a Coconut SVSM that starts before the firmware.</summary>
    SnpSvsm,
}

/// <summary>Everything that decides a launch measurement. Memory size does not; the number of processors does.</summary>
public sealed record LaunchInputs
{
    /// <summary>The kind of guest.</summary>
    public LaunchMode Mode { get; init; } = LaunchMode.Snp;

    /// <summary>Who launches.</summary>
    public VirtualMachineMonitor Monitor { get; init; } = VirtualMachineMonitor.Qemu;

    /// <summary>The firmware.</summary>
    public required FirmwareImage Firmware { get; init; }

    /// <summary>Number of virtual processors; SEV does not count them.</summary>
    public int Vcpus { get; init; } = 1;

    /// <summary>CPUID signature of the processor model; EC2 and GCE do not measure it.</summary>
    public uint VcpuSignature { get; init; }

    /// <summary>SEV_FEATURES: 0x1 unless the host adds some, 0x21 with DebugSwap on Linux 6.6 to 6.8.</summary>
    public ulong GuestFeatures { get; init; } = 0x1;

    /// <summary>
    /// Hashes of kernel, initrd and command line when the host hands them over (QEMU: kernel-hashes=on); null when it does not.
    /// </summary>
    public KernelHashes? KernelHashes { get; init; }

    /// <summary>The SVSM image, for <see cref="LaunchMode.SnpSvsm"/>; it ends where firmware and variables begin.</summary>
    public FirmwareImage? Svsm { get; init; }
}
