using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using LiteBox.Attestation;

namespace LiteBox.CommandLine;

/// <summary>What an image or a firmware puts into a launch measurement, for `litebox inspect`.</summary>
internal static class LaunchInputText
{
    /// <summary>Shows the hashes that a firmware is given when the host starts this application with -kernel and measures it.</summary>
    internal static void WriteApplication(ReadOnlySpan<byte> application) => Output.Fields("launch inputs, with -kernel and kernel-hashes=on",
    [
        ("kernel", Convert.ToHexStringLower(SHA256.HashData(application))),
        ("initrd, none", Convert.ToHexStringLower(SHA256.HashData([]))),
        ("command line, none", Convert.ToHexStringLower(SHA256.HashData([0]))),
    ]);

    /// <summary>Shows a firmware's SEV metadata; false when the file has none.</summary>
    internal static bool TryWriteFirmware(ReadOnlySpan<byte> file)
    {
        if (FirmwareImage.Parse(file).Value is not { Sections.Count: > 0 } firmware || !LaunchMeasurement.FirmwareDigest(firmware).Succeeded(out var digest, out _))
        {
            return false;
        }

        List<(string Name, string Value)> fields =
        [
            ("address", Hex(firmware.Address)),
            ("digest of its pages", Convert.ToHexStringLower(digest)),
            ("start of further CPUs", firmware.ResetAddress is { } reset ? Hex(reset) : "not said"),
            ("kernel hashes", !firmware.Has(FirmwareSectionType.KernelHashes) ? "no place for them: -kernel would go unmeasured"
                : firmware.HashTableAddress is { } table ? $"at {Hex(table)}" : "no table"),
        ];
        fields.AddRange(firmware.Sections.Select(section => ($"section {section.Type}", $"{Hex(section.Address)}, {Hex(section.Length)} bytes")));
        Output.Fields($"firmware of {file.Length} bytes, launch inputs", fields);
        return true;
    }

    private static string Hex(ulong value) => string.Create(CultureInfo.InvariantCulture, $"0x{value:x}");
}
