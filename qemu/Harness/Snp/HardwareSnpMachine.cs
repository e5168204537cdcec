using System.Collections.Generic;
using System.Globalization;

namespace LiteBox.Qemu;

/// <summary>
/// A real SEV-SNP guest: KVM on an EPYC host of Milan or later, Linux 6.11 and QEMU 9.1 or later. Not seen running here, for want of such
/// a host.
/// </summary>
public sealed record HardwareSnpMachine : Machine
{
    /// <summary>The guest's firmware.</summary>
    public required string Firmware { get; init; }

    /// <summary>Guest policy (56860, table 10).</summary>
    public ulong Policy { get; init; } = 0x30000;

    /// <summary>Measures kernel, initrd and command line.</summary>
    public bool KernelHashes { get; init; }

    /// <summary>32 bytes that the host gives to the launch, in base64, or null.</summary>
    public string? HostData { get; init; }

    /// <inheritdoc/>
    public override string Description => "SNP guest, on hardware";

    /// <inheritdoc/>
    public override IEnumerable<string> Arguments(VirtualMachineOptions options)
    {
        string hashes = KernelHashes ? ",kernel-hashes=on" : "";
        string hostData = HostData == null ? "" : $",host-data={HostData}";
        return
        [
            "-machine", "q35,smm=off,confidential-guest-support=sev0,memory-backend=ram0",
            "-accel", "kvm",
            "-cpu", "EPYC-v4",
            "-smp", options.Cpus.ToString(CultureInfo.InvariantCulture),
            "-m", $"{options.MemoryMiB}M",
            "-object", $"memory-backend-memfd,id=ram0,size={options.MemoryMiB}M,share=true",
            "-object", $"sev-snp-guest,id=sev0,cbitpos=51,reduced-phys-bits=1,policy=0x{Policy:x}{hashes}{hostData}",
            "-bios", Firmware,
            .. ConfidentialDevices.Arguments,
        ];
    }
}
