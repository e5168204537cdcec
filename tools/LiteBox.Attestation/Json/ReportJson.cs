using System.Text.Json;

namespace LiteBox.Attestation;

/// <summary>Writes what a report says as a JSON object, with the member names that docs/attestation.md lists.</summary>
public static class ReportJson
{
    /// <summary>Writes one report.</summary>
    /// <param name="writer">Receives the object.</param>
    /// <param name="report">The report.</param>
    /// <param name="product">The product by the chain; null takes what the report says, which for version 2 is nothing.</param>
    public static void Write(Utf8JsonWriter writer, AttestationReport report, SnpProduct? product)
    {
        var known = product ?? report.Product;
        var layout = (known ?? SnpProduct.Milan).TcbLayout();
        writer.WriteStartObject();
        writer.WriteNumber("version", report.Version);
        writer.WriteNumber("guest_svn", report.GuestSvn);
        WritePolicy(writer, report.Policy);
        writer.WriteBytes("family_id", report.FamilyId);
        writer.WriteBytes("image_id", report.ImageId);
        writer.WriteNumber("vmpl", report.Vmpl);
        writer.WriteNumber("signature_algo", report.SignatureAlgorithm);
        WritePlatform(writer, report.PlatformInfo);
        WriteKeyInfo(writer, report.KeyInfo);
        writer.WriteBytes("report_data", report.ReportData);
        writer.WriteBytes("measurement", report.Measurement);
        writer.WriteBytes("host_data", report.HostData);
        writer.WriteBytes("id_key_digest", report.IdKeyDigest);
        writer.WriteBytes("author_key_digest", report.AuthorKeyDigest);
        writer.WriteBytes("report_id", report.ReportId);
        writer.WriteBytes("report_id_ma", report.ReportIdMigrationAgent);
        writer.WriteTcb("current_tcb", report.CurrentTcb.Decode(layout));
        writer.WriteTcb("reported_tcb", report.ReportedTcb.Decode(layout));
        writer.WriteTcb("committed_tcb", report.CommittedTcb.Decode(layout));
        writer.WriteTcb("launch_tcb", report.LaunchTcb.Decode(layout));
        writer.WriteString("current_firmware", report.CurrentFirmware.ToString());
        writer.WriteString("committed_firmware", report.CommittedFirmware.ToString());
        writer.WriteBytes("chip_id", report.ChipId);
        WriteOrigin(writer, report, known);
        writer.WriteBytes("signature_r", BigEndian(report.Signature.R));
        writer.WriteBytes("signature_s", BigEndian(report.Signature.S));
        writer.WriteStrings("defects", report.Defects.Select(defect => defect.ToString()));
        writer.WriteEndObject();
    }

    private static void WritePolicy(Utf8JsonWriter writer, GuestPolicy policy)
    {
        writer.WriteHex("policy", policy.Raw);
        writer.WriteString("policy_abi", $"{policy.AbiMajor}.{policy.AbiMinor}");
        writer.WriteBoolean("policy_debug", policy.AllowsDebug);
        writer.WriteBoolean("policy_migrate_ma", policy.AllowsMigration);
        writer.WriteBoolean("policy_smt", policy.AllowsSmt);
        writer.WriteStrings("policy_bits", NamedBit.Names(GuestPolicy.Bits, policy.Raw));
        writer.WriteHex("policy_unknown_bits", policy.UnknownBits);
    }

    private static void WritePlatform(Utf8JsonWriter writer, PlatformInfo platform)
    {
        writer.WriteHex("platform_info", platform.Raw);
        writer.WriteStrings("platform_bits", NamedBit.Names(PlatformInfo.Bits, platform.Raw));
        writer.WriteHex("platform_unknown_bits", platform.UnknownBits);
    }

    private static void WriteKeyInfo(Utf8JsonWriter writer, KeyInfo info)
    {
        writer.WriteHex("key_info", info.Raw);
        writer.WriteString("signing_key", info.SigningKeyName);
        writer.WriteBoolean("mask_chip_key", info.MaskChipKey);
        writer.WriteBoolean("author_key_en", info.AuthorKeyEnabled);
    }

    private static void WriteOrigin(Utf8JsonWriter writer, AttestationReport report, SnpProduct? product)
    {
        if (report.Cpu is { } cpu)
        {
            writer.WriteString("cpuid_family_model_stepping", cpu.ToString());
        }

        if (report.LaunchMitigationVector is { } launch && report.CurrentMitigationVector is { } current)
        {
            writer.WriteHex("launch_mit_vector", launch);
            writer.WriteHex("current_mit_vector", current);
        }

        writer.WriteString("product", product?.Name());
        writer.WriteStrings("product_candidates", KeyDistribution.Candidates(report, product).Select(SnpProducts.Name));
        if (product is { } known && report.KeyInfo.SigningKey == SigningKey.Vcek && !report.ChipIdIsMasked)
        {
            writer.WriteString("kds_vcek_url", KeyDistribution.Vcek(known, report.ChipId, report.ReportedTcb));
        }
    }

    private static byte[] BigEndian(ReadOnlySpan<byte> number)
    {
        var bytes = number[..48].ToArray();
        Array.Reverse(bytes);
        return bytes;
    }
}
