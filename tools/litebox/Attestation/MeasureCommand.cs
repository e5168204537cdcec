using System.CommandLine;
using LiteBox.Attestation;

namespace LiteBox.CommandLine;

/// <summary>`litebox measure`: the launch measurement before the launch. The options are those of sev-snp-measure.</summary>
internal static class MeasureCommand
{
    private static readonly Option<string> Mode = new("--mode") { Description = "Guest mode", Required = true };
    private static readonly Option<string?> Vcpus = new("--vcpus") { Description = "Number of guest vcpus; needed in every mode but sev" };
    private static readonly Option<string?> VcpuTypeName = new("--vcpu-type") { Description = $"QEMU's processor model: {string.Join(", ", VcpuType.All)}" };
    private static readonly Option<string?> VcpuSignature = new("--vcpu-sig") { Description = "CPUID signature of the processor, for example 0xa00f11" };
    private static readonly Option<string?> VcpuFamily = new("--vcpu-family") { Description = "Family of the processor, with --vcpu-model and --vcpu-stepping" };
    private static readonly Option<string?> VcpuModel = new("--vcpu-model") { Description = "Model of the processor" };
    private static readonly Option<string?> VcpuStepping = new("--vcpu-stepping") { Description = "Stepping of the processor" };
    private static readonly Option<string> VmmType = new("--vmm-type") { Description = $"Who launches: {string.Join(", ", VirtualMachineMonitors.All)}", DefaultValueFactory = _ => "QEMU" };
    private static readonly Option<string> Ovmf = new("--ovmf") { Description = "Firmware image, or the metadata JSON of sev-snp-measure-go", Required = true };
    private static readonly Option<string?> Kernel = new("--kernel") { Description = "Kernel that QEMU gets with -kernel and kernel-hashes=on" };
    private static readonly Option<string?> Initrd = new("--initrd") { Description = "Initrd, with --kernel" };
    private static readonly Option<string?> Append = new("--append") { Description = "Kernel command line, with --kernel" };
    private static readonly Option<string> GuestFeatures = new("--guest-features") { Description = "SEV_FEATURES: 0x1, or 0x21 with DebugSwap on hosts of Linux 6.6 to 6.8", DefaultValueFactory = _ => "0x1" };
    private static readonly Option<string?> OvmfHash = new("--snp-ovmf-hash") { Description = "Digest that --mode snp:ovmf-hash wrote, in place of the image's own" };
    private static readonly Option<string?> Svsm = new("--svsm") { Description = "SVSM image, for --mode snp:svsm" };
    private static readonly Option<string?> VarsSize = new("--vars-size") { Description = "Size of the variable store below the firmware, for --mode snp:svsm" };
    private static readonly Option<string?> VarsFile = new("--vars-file") { Description = "Variable store, for its size" };
    private static readonly Option<bool> DumpVmsa = new("--dump-vmsa") { Description = "Write the measured save areas as vmsa0.bin, vmsa1.bin, ... into this folder" };
    private static readonly Option<string> OutputFormat = new("--output-format") { Description = "How the measurement is written",
        DefaultValueFactory = _ => "hex" };
    private static readonly Option<bool> Verbose = new("--verbose", "-v") { Description = "Say what was measured" };
    private static readonly Option<bool> Json = new("--json") { Description = "Write JSON" };

    internal static Command Create()
    {
        Mode.AcceptOnlyFromAmong("sev", "seves", "snp", "snp:ovmf-hash", "snp:svsm");
        OutputFormat.AcceptOnlyFromAmong("hex", "base64");
        var command = new ToolCommand("measure", "Compute the launch measurement of an SEV, SEV-ES or SEV-SNP guest before it is launched.",
            """
            litebox measure --mode snp --vcpus 2 --vcpu-type EPYC-Milan --ovmf out/firmware/ovmf/OVMF.fd
            litebox measure --mode snp --vcpus 1 --vcpu-type EPYC-v4 --ovmf out/firmware/amdsev/OVMF.amdsev.fd --kernel out/linux-6.1/vmlinuz --append "console=ttyS0"
            litebox measure --mode snp --vcpus 1 --vmm-type ec2 --ovmf out/firmware/ovmf/OVMF.fd --output-format base64
            """)
        {
            Mode, Vcpus, VcpuTypeName, VcpuSignature, VcpuFamily, VcpuModel, VcpuStepping, VmmType, Ovmf, Kernel, Initrd, Append,
            GuestFeatures, OvmfHash, Svsm, VarsSize, VarsFile, DumpVmsa, OutputFormat, Verbose, Json,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var mode = parsed.GetRequiredValue(Mode);
        var firmware = ReadFirmware(parsed);
        if (mode == "snp:ovmf-hash")
        {
            Write(parsed, mode, LaunchMeasurement.FirmwareDigest(firmware).OrFail(parsed.GetRequiredValue(Ovmf)));
            return ExitCode.Success;
        }

        var measurement = LaunchMeasurement.Compute(ReadInputs(parsed, mode, firmware)).OrFail(parsed.GetRequiredValue(Ovmf));
        if (parsed.GetValue(DumpVmsa))
        {
            for (var index = 0; index < measurement.SaveAreas.Count; index++)
            {
                InputFile.Write($"vmsa{index}.bin", measurement.SaveAreas[index]);
            }
        }

        Write(parsed, mode, measurement.Digest);
        return ExitCode.Success;
    }

    private static LaunchInputs ReadInputs(ParseResult parsed, string mode, FirmwareImage firmware)
    {
        var monitorName = parsed.GetRequiredValue(VmmType);
        var monitor = VirtualMachineMonitors.Find(monitorName) ?? throw CommandFailure.Usage("--vmm-type",
            $"there is no \"{monitorName}\"; use {string.Join(", ", VirtualMachineMonitors.All)}");
        if (mode != "sev" && parsed.GetValue(Vcpus) is null)
        {
            throw CommandFailure.Usage("--vcpus", $"it is missing; mode {mode} measures the registers of every processor");
        }

        return new LaunchInputs
        {
            Mode = mode switch
            {
                "sev" => LaunchMode.Sev,
                "seves" => LaunchMode.SevEs,
                "snp:svsm" => LaunchMode.SnpSvsm,
                _ => LaunchMode.Snp,
            },
            Monitor = monitor,
            Firmware = firmware,
            Vcpus = parsed.GetValue(Vcpus) is { } count ? Count(count) : 1,
            VcpuSignature = mode == "sev" ? 0 : ReadSignature(parsed, monitor, mode),
            GuestFeatures = Options.Number(parsed.GetRequiredValue(GuestFeatures), "--guest-features", ulong.MaxValue),
            KernelHashes = ReadKernel(parsed),
            Svsm = mode == "snp:svsm" ? ReadSvsm(parsed, firmware) : null,
        };
    }

    private static int Count(string text) =>
        Options.Number(text, "--vcpus", 4096) is > 0 and var count ? (int)count
            : throw CommandFailure.Usage("--vcpus", "a guest has at least one");

    private static FirmwareImage ReadFirmware(ParseResult parsed)
    {
        var path = parsed.GetRequiredValue(Ovmf);
        var data = InputFile.Read(path);
        var firmware = (data.AsSpan().StartsWith("{"u8) ? FirmwareImage.ParseMetadata(data) : FirmwareImage.Parse(data)).OrFail(path);
        if (parsed.GetValue(OvmfHash) is not { } hash)
        {
            return firmware;
        }

        return parsed.GetRequiredValue(Mode) == "snp"
            ? firmware.WithPagesDigest(Options.Bytes(hash, "--snp-ovmf-hash", LaunchDigest.Size)!)
            : throw CommandFailure.Usage("--snp-ovmf-hash", "it works with --mode snp only");
    }

    private static FirmwareImage ReadSvsm(ParseResult parsed, FirmwareImage firmware)
    {
        var path = parsed.GetValue(Svsm) ?? throw CommandFailure.Usage("--svsm", "it is missing; mode snp:svsm measures the SVSM image");
        var size = parsed.GetValue(VarsFile) is { } file ? (ulong)InputFile.Read(file).LongLength
            : parsed.GetValue(VarsSize) is { } text ? Options.Number(text, "--vars-size", uint.MaxValue)
            : throw CommandFailure.Usage("--vars-size", "it is missing, or --vars-file; the SVSM ends where the variable store begins");
        return size < firmware.Address
            ? FirmwareImage.Parse(InputFile.Read(path), firmware.Address - size).OrFail(path)
            : throw CommandFailure.Usage("--vars-size", $"{size} bytes leave no room below the firmware");
    }

    private static uint ReadSignature(ParseResult parsed, VirtualMachineMonitor monitor, string mode)
    {
        if (parsed.GetValue(VcpuFamily) is { } family)
        {
            return VcpuType.Signature(
                (uint)Options.Number(family, "--vcpu-family", 0x10E),
                (uint)Options.Number(parsed.GetValue(VcpuModel) ?? throw CommandFailure.Usage("--vcpu-model",
                    "it is missing beside --vcpu-family"), "--vcpu-model", 0xFF),
                (uint)Options.Number(parsed.GetValue(VcpuStepping) ?? throw CommandFailure.Usage("--vcpu-stepping",
                    "it is missing beside --vcpu-family"), "--vcpu-stepping", 0xF));
        }

        if (parsed.GetValue(VcpuSignature) is { } signature)
        {
            return (uint)Options.Number(signature, "--vcpu-sig", uint.MaxValue);
        }

        if (parsed.GetValue(VcpuTypeName) is { } name)
        {
            return VcpuType.FindSignature(name) ?? throw CommandFailure.Usage("--vcpu-type",
                $"there is no model \"{name}\"; use {string.Join(", ", VcpuType.All)}, or --vcpu-sig");
        }

        return monitor is not (VirtualMachineMonitor.Qemu or VirtualMachineMonitor.QemuBeforeInit2)
            ? 0U
            : throw CommandFailure.Usage("--vcpu-type",
                $"it is missing, or --vcpu-sig or --vcpu-family; QEMU's processor model is measured in mode {mode}");
    }

    private static KernelHashes? ReadKernel(ParseResult parsed)
    {
        var (kernel, initrd, append) = (parsed.GetValue(Kernel), parsed.GetValue(Initrd), parsed.GetValue(Append));
        if (kernel is null)
        {
            return initrd is not null ? throw CommandFailure.Usage("--initrd", "it counts with --kernel only")
                : append is { Length: > 0 } ? throw CommandFailure.Usage("--append", "it counts with --kernel only")
                : null;
        }

        return new KernelHashes(InputFile.Read(kernel), initrd is null ? [] : InputFile.Read(initrd), append ?? "");
    }

    private static void Write(ParseResult parsed, string mode, byte[] digest)
    {
        var text = parsed.GetRequiredValue(OutputFormat) == "base64" ? Convert.ToBase64String(digest) : Convert.ToHexStringLower(digest);
        if (parsed.GetValue(Json))
        {
            Output.Json(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("mode", mode);
                writer.WriteString("measurement", text);
                writer.WriteEndObject();
            });
        }
        else
        {
            Console.Out.WriteLine(parsed.GetValue(Verbose) ? $"Calculated {mode} guest measurement: {text}" : text);
        }
    }
}
