using LiteBox.Attestation;

namespace LiteBox.CommandLine;

/// <summary>A report as people read it.</summary>
internal static class ReportText
{
    internal static void Write(AttestationReport report, SnpProduct? product)
    {
        Output.Fields("Attestation report", Identity(report, product ?? report.Product));
        Output.Fields("Guest", Guest(report));
        Output.Fields("Platform", Platform(report, product ?? report.Product));
    }

    private static IEnumerable<(string Name, string Value)> Identity(AttestationReport report, SnpProduct? product)
    {
        yield return ("version", $"{report.Version}");
        yield return ("product", product?.Name() ?? (report.Version == 2
            ? "not named in version 2 (Milan or Genoa); only the certificate chain says" : "unknown"));
        if (report.Cpu is { } cpu)
        {
            yield return ("CPUID", $"{cpu} (family/model/stepping)");
        }

        yield return ("signing key",
            $"{report.KeyInfo.SigningKeyName}{(report.KeyInfo.MaskChipKey ? ", chip key masked: not signed" : "")}");
        yield return ("signature algorithm", report.SignatureAlgorithm == 1 ? "1 (ECDSA P-384 with SHA-384)"
            : $"{report.SignatureAlgorithm} (not defined)");
        yield return ("chip id", report.ChipIdIsMasked ? "masked" : Hex(report.ChipId));
        yield return ("report id", Hex(report.ReportId));
        yield return ("report id of agent", Hex(report.ReportIdMigrationAgent));
    }

    private static IEnumerable<(string Name, string Value)> Guest(AttestationReport report)
    {
        yield return ("measurement", Hex(report.Measurement));
        yield return ("report data", Hex(report.ReportData));
        yield return ("host data", Hex(report.HostData));
        yield return ("VMPL", report.Vmpl == AttestationReport.HostVmpl ? "host-requested" : $"{report.Vmpl}");
        yield return ("policy", Bits(report.Policy.Raw, GuestPolicy.Bits, report.Policy.UnknownBits));
        yield return ("policy ABI", $"{report.Policy.AbiMajor}.{report.Policy.AbiMinor}");
        yield return ("guest SVN", $"{report.GuestSvn}");
        yield return ("family id", Hex(report.FamilyId));
        yield return ("image id", Hex(report.ImageId));
        yield return ("ID key digest", Hex(report.IdKeyDigest));
        yield return ("author key digest", report.KeyInfo.AuthorKeyEnabled ? Hex(report.AuthorKeyDigest) : "no author key");
    }

    private static IEnumerable<(string Name, string Value)> Platform(AttestationReport report, SnpProduct? product)
    {
        var layout = (product ?? SnpProduct.Milan).TcbLayout();
        yield return ("platform info", Bits(report.PlatformInfo.Raw, PlatformInfo.Bits, report.PlatformInfo.UnknownBits));
        yield return ("reported TCB", $"{report.ReportedTcb.Decode(layout)}   (the certificate is for this one)");
        yield return ("committed TCB", $"{report.CommittedTcb.Decode(layout)}");
        yield return ("current TCB", $"{report.CurrentTcb.Decode(layout)}");
        yield return ("launch TCB", $"{report.LaunchTcb.Decode(layout)}");
        yield return ("firmware", $"{report.CurrentFirmware} (committed {report.CommittedFirmware})");
        if (report.LaunchMitigationVector is { } launch)
        {
            yield return ("mitigations", $"0x{report.CurrentMitigationVector:x} (at launch 0x{launch:x})");
        }

        foreach (var file in KeyDistribution.FilesFor(report, product).Where(file => file.Content == "VCEK"))
        {
            yield return ($"VCEK ({file.Product.Name()})", file.Url);
        }
    }

    private static string Bits(ulong value, IReadOnlyList<NamedBit> names, ulong unknown)
    {
        var set = NamedBit.Names(names, value);
        return $"0x{value:x} ({(set.Count == 0 ? "none" : string.Join(", ", set))}{(unknown == 0 ? "" : $"; no published meaning: 0x{unknown:x}")})";
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
