using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Xunit;

namespace LiteBox.Attestation.Tests;

/// <summary>Judges entries about launch measurement: firmware, save areas, and the expected digests.</summary>
internal static class LaunchVectors
{
    private const string Folder = "launch";
    private const string EmptyFile = "(empty file)";

    internal static int JudgeFirmware(string path, JsonElement expect)
    {
        var firmware = FirmwareImage.Parse(Vectors.Read(path)).Value!;
        var expected = Vectors.Json($"{Path.GetDirectoryName(path)}/expected.json");
        var name = Path.GetFileName(path);
        var answers = 0;
        if (expected.GetProperty("ovmf_hash").Text(name) is { } hash)
        {
            Assert.Equal(hash, Convert.ToHexStringLower(LaunchMeasurement.FirmwareDigest(firmware).Value!));
            answers++;
        }

        if (!expected.GetProperty("ovmf_metadata").TryGetProperty(name, out var metadata))
        {
            return answers;
        }

        var sections = metadata.GetProperty("sections").EnumerateArray().Select(section => new FirmwareSection(
            (uint)Number(section, "gpa"), (uint)Number(section, "size"), (FirmwareSectionType)section.GetProperty("type").GetUInt32()));
        Assert.Equal(sections, firmware.Sections);
        Assert.Equal((uint)Number(metadata, "es_reset_eip"), firmware.ResetAddress);
        Assert.Equal((uint)Number(metadata, "hashes_table_gpa"), firmware.HashTableAddress ?? 0);
        return answers + 3;
    }

    internal static int JudgeFirmwareMetadata(string path, JsonElement expect)
    {
        var firmware = FirmwareImage.ParseMetadata(Vectors.Read(path)).Value!;
        var json = Vectors.Json(path);
        Assert.Equal(json.GetProperty("MetadataItems").GetArrayLength(), firmware.Sections.Count);
        Assert.Equal((uint)HexText.ParseNumber(json.Text("ResetEIP")!)!.Value, firmware.ResetAddress);
        return 1;
    }

    internal static int JudgeKernel(string path, JsonElement expect)
    {
        var bytes = Vectors.Read(path);
        Assert.Equal(Enumerable.Range(0, 1000).Select(index => (byte)((7 * index) + 3)), bytes);
        return 1;
    }

    internal static int JudgeDigests(string path, JsonElement expect)
    {
        var expected = Vectors.Json(path);
        var answers = 0;
        foreach (var item in expected.GetProperty("cases").EnumerateArray().Concat(expected.GetProperty("other_modes").EnumerateArray()))
        {
            var measured = LaunchMeasurement.Compute(Inputs(item));
            Assert.True(measured.Error is null, $"{item.Text("id")}: {measured.Error}");
            Assert.True(item.Text("expected") == Convert.ToHexStringLower(measured.Value!.Digest), item.Text("id"));
            answers++;
        }

        foreach (var item in expected.GetProperty("errors").EnumerateArray())
        {
            Assert.StartsWith("must fail", item.Text("expected"), StringComparison.Ordinal);
            Assert.Contains("kernel hashes", LaunchMeasurement.Compute(Inputs(item)).Error!.Message, StringComparison.Ordinal);
            answers++;
        }

        foreach (var model in expected.GetProperty("vcpu_sig").EnumerateObject())
        {
            Assert.Equal((uint)HexText.ParseNumber(model.Value.GetString()!)!.Value, VcpuType.FindSignature(model.Name));
            answers++;
        }

        return answers;
    }

    internal static int JudgeSaveArea(string path, JsonElement expect)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var monitor = VirtualMachineMonitors.Find(name.Split('-')[0])!.Value;
        var start = name.Contains("-ap-", StringComparison.Ordinal) ? 0x80b004 : SaveArea.BootAddress;
        var page = SaveArea.Create(monitor, start, 1, 0x800f12);
        Assert.Equal(Vectors.Read(path), page);
        Assert.Equal(expect.Text("sha384"), Convert.ToHexStringLower(SHA384.HashData(page)));
        return 2;
    }

    private static LaunchInputs Inputs(JsonElement item)
    {
        // A remark in brackets follows some names.
        var vmm = (item.Text("vmm") ?? "QEMU").Split(' ')[0];
        var firmware = item.Text("ovmf")!.Split(' ')[0];
        var data = Vectors.Read($"{Folder}/{firmware}");
        var isOldEc2 = item.Text("vmm")?.Contains("RDX = 0", StringComparison.Ordinal) == true;
        return new LaunchInputs
        {
            Mode = item.Text("mode") switch
            {
                "sev" => LaunchMode.Sev,
                "seves" => LaunchMode.SevEs,
                _ => LaunchMode.Snp,
            },
            Monitor = isOldEc2 ? VirtualMachineMonitor.Ec2Before2026 : VirtualMachineMonitors.Find(vmm)!.Value,
            Firmware = (firmware.EndsWith(".json", StringComparison.Ordinal) ? FirmwareImage.ParseMetadata(data)
                : FirmwareImage.Parse(data)).Value!,
            Vcpus = item.TryGetProperty("vcpus", out var vcpus) ? vcpus.GetInt32() : 1,
            VcpuSignature = item.Text("vcpu_sig") is { } signature ? (uint)HexText.ParseNumber(signature)!.Value
                : item.Text("vcpu_type") is { } type ? VcpuType.FindSignature(type)!.Value : 0,
            GuestFeatures = item.Text("guest_features") is { } features ? HexText.ParseNumber(features)!.Value : 1,
            KernelHashes = item.Text("kernel") is { } kernel
                ? new KernelHashes(Content(kernel), item.Text("initrd") is { } initrd ? Content(initrd) : [], item.Text("append") ?? "")
                : null,
        };
    }

    private static byte[] Content(string name) => name == EmptyFile ? [] : Vectors.Read($"{Folder}/{name}");

    private static ulong Number(JsonElement parent, string name) =>
        ulong.Parse(parent.Text(name)![2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
