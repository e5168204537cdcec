using System;
using System.Collections.Generic;
using System.Globalization;

namespace LiteBox.Qemu;

/// <summary>
/// A real SEV-SNP guest: KVM on an EPYC host of Milan or later, Linux 6.11 and QEMU 9.1 or later (<see cref="SnpSupport"/>). Not seen running
/// here, for want of such a host: QEMU 10.0.2 takes all of the options, asks KVM for an SNP guest, and is told that there are none. The options are
/// those of QEMU's qapi/qom.json, SevCommonProperties and SevSnpGuestProperties.
/// </summary>
public sealed record HardwareSnpMachine : Machine
{
    private const int HostDataSize = 32;

    /// <summary>The guest's firmware.</summary>
    public required string Firmware { get; init; }

    /// <summary>Position of the C-bit on this host: QEMU refuses another one than the processor's.</summary>
    public int CBit { get; init; } = 51;

    /// <summary>How many bits of physical addresses encryption takes on this host.</summary>
    public int ReducedPhysicalBits { get; init; } = 1;

    /// <summary>QEMU's name of the processor: one that every SNP host can be. It is part of the launch measurement.</summary>
    public string CpuModel { get; init; } = "EPYC-v4";

    /// <summary>Guest policy (56860, table 10).</summary>
    public ulong Policy { get; init; } = 0x30000;

    /// <summary>Measures kernel, initrd and command line; the firmware must have a place for their hashes.</summary>
    public bool KernelHashes { get; init; }

    /// <summary>32 bytes that the host gives to the launch, or null.</summary>
    public byte[]? HostData { get; init; }

    /// <summary>An ID block of 96 bytes with its authentication information of 4096, or null.</summary>
    public (byte[] Block, byte[] Authentication, bool HasAuthorKey)? IdBlock { get; init; }

    /// <inheritdoc/>
    public override string Description => "SNP guest, on hardware";

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Instructions are to be counted, which only the interpreter can.</exception>
    public override IEnumerable<string> Arguments(VirtualMachineOptions options) => options.CountInstructions
        ? throw new NotSupportedException("hardware does not count instructions as time")
        :
        [
            "-machine", "q35,smm=off,confidential-guest-support=sev0,memory-backend=ram0",
            "-accel", "kvm",
            "-cpu", CpuModel,
            "-smp", options.Cpus.ToString(CultureInfo.InvariantCulture),
            "-m", $"{options.MemoryMiB}M",
            "-object", $"memory-backend-memfd,id=ram0,size={options.MemoryMiB}M,share=true",
            "-object", string.Join(',', Launch()),
            "-bios", Firmware,
            .. ConfidentialDevices.Arguments,
        ];

    private IEnumerable<string> Launch()
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"sev-snp-guest,id=sev0,cbitpos={CBit},reduced-phys-bits={ReducedPhysicalBits}");
        yield return $"policy=0x{Policy:x}";
        if (KernelHashes)
        {
            yield return "kernel-hashes=on";
        }

        if (HostData != null)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(HostData.Length, HostDataSize);
            yield return $"host-data={Convert.ToBase64String(HostData)}";
        }

        if (IdBlock is { } identity)
        {
            yield return $"id-block={Convert.ToBase64String(identity.Block)}";
            yield return $"id-auth={Convert.ToBase64String(identity.Authentication)}";
            yield return $"author-key-enabled={(identity.HasAuthorKey ? "on" : "off")}";
        }
    }
}
