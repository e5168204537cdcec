namespace LiteBox.Attestation;

/// <summary>Something in a report that no firmware writes: a reserved field that is not zero, or a value without a meaning.</summary>
/// <param name="Offset">Where it is, in bytes from the start of the report.</param>
/// <param name="Message">What is wrong.</param>
public sealed record ReportDefect(int Offset, string Message)
{
    /// <summary>The defect on one line.</summary>
    public override string ToString() => $"offset 0x{Offset:x3}: {Message}";

    /// <summary>Finds every defect of a report.</summary>
    internal static IReadOnlyList<ReportDefect> Find(AttestationReport report)
    {
        var defects = new List<ReportDefect>();
        FindReserved(report, defects);
        FindImpossible(report, defects);
        return defects;
    }

    private static void FindReserved(AttestationReport report, List<ReportDefect> defects)
    {
        RequireZero(report, defects, 0x04C, 4, "reserved");
        if (report.Version < 3)
        {
            RequireZero(report, defects, 0x188, 24, "reserved in version 2, which has no CPUID fields,");
        }
        else
        {
            RequireZero(report, defects, 0x18B, 21, "reserved");
        }

        RequireZero(report, defects, 0x1EB, 1, "reserved");
        RequireZero(report, defects, 0x1EF, 1, "reserved");
        if (report.Version < 5)
        {
            RequireZero(report, defects, 0x1F8, 168, $"reserved in version {report.Version}, which has no mitigation vectors,");
        }
        else
        {
            RequireZero(report, defects, 0x208, 152, "reserved");
        }

        RequireZero(report, defects, 0x330, 368, "reserved, outside the signature,");
    }

    private static void FindImpossible(AttestationReport report, List<ReportDefect> defects)
    {
        if (!report.Policy.IsWellFormed)
        {
            defects.Add(new(0x008, "bit 17 of POLICY is zero, it is reserved and must be one"));
        }

        if (!report.KeyInfo.ReservedIsZero)
        {
            defects.Add(new(0x048, $"KEY_INFO is 0x{report.KeyInfo.Raw:x}, its bits 31:5 are reserved and must be zero"));
        }

        if (!report.KeyInfo.SigningKeyIsDefined)
        {
            defects.Add(new(0x048, $"SIGNING_KEY is {(int)report.KeyInfo.SigningKey}, only 0 (VCEK), 1 (VLEK) and 7 (none) are defined"));
        }

        if (report.Vmpl is > 3 and not AttestationReport.HostVmpl)
        {
            defects.Add(new(0x030, $"VMPL is {report.Vmpl}, a guest has 0 to 3"));
        }

        if (report.KeyInfo.AuthorKeyEnabled != report.AuthorKeyDigest.ContainsAnyExcept((byte)0))
        {
            defects.Add(new(0x110, report.KeyInfo.AuthorKeyEnabled
                ? "AUTHOR_KEY_EN is set but AUTHOR_KEY_DIGEST is zero"
                : "AUTHOR_KEY_DIGEST is not zero but AUTHOR_KEY_EN is not set"));
        }
    }

    private static void RequireZero(AttestationReport report, List<ReportDefect> defects, int offset, int length, string field)
    {
        var found = report.Bytes.Slice(offset, length).IndexOfAnyExcept((byte)0);
        if (found >= 0)
        {
            defects.Add(new(offset + found, $"{field} must be zero and is 0x{report.Bytes[offset + found]:x2}"));
        }
    }
}
