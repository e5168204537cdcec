using LiteBox.Attestation;
using LiteBox.Qemu;

namespace LiteBox.CommandLine;

/// <summary>What the report of a machine that this command itself launches must say.</summary>
internal static class LaunchPolicy
{
    /// <summary>The measurement that the launch will have.</summary>
    internal static byte[] Measure(VirtualMachineOptions options)
    {
        (string firmware, string model) = options.Machine switch
        {
            SoftwareSnpMachine software => (software.Firmware, options.CpuModel),
            HardwareSnpMachine hardware => (hardware.Firmware, "EPYC-v4"),
            _ => throw CommandFailure.Usage("--attest", "a plain VM has no report; choose --platform snp or snp-machine"),
        };
        return LaunchMeasurement.Compute(new LaunchInputs
        {
            Firmware = FirmwareImage.Parse(InputFile.Read(firmware)).OrFail(firmware),
            Vcpus = options.Cpus,
            VcpuSignature = VcpuType.FindSignature(model) ?? throw CommandFailure.Usage("--cpu", $"the signature of {model} is not known; use a model of litebox measure"),
            KernelHashes = options.Boot is KernelBoot kernel ? new KernelHashes(InputFile.Read(kernel.Kernel), [], kernel.CommandLine) : null,
        }).OrFail(firmware).Digest;
    }

    /// <summary>AMD's roots for real machines, and the committed test root for the machine in software, whose reports prove nothing.</summary>
    internal static TrustAnchors Anchors(Machine machine) => machine is not SoftwareSnpMachine software ? TrustAnchors.Amd
        : TrustAnchors.Only([AmdCertificate.Parse(InputFile.Read(Path.Combine(software.Settings.TestRoot,
            software.Settings.Product.Name().ToLowerInvariant(), "ark.der"))).Value!]);
}
