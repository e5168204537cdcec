using System.Buffers.Binary;

namespace LiteBox.Attestation;

/// <summary>The decrypted payload of MSG_REPORT_RSP: status, size, and the report at offset 32 (56860, MSG_REPORT_RSP).</summary>
public sealed class ReportResponse
{
    /// <summary>Where the report is.</summary>
    public const int ReportOffset = 0x20;

    private const string Subject = "MSG_REPORT_RSP";

    private ReportResponse(byte[] report) => Report = report;

    /// <summary>The 1184 bytes of the report.</summary>
    public byte[] Report { get; }

    /// <summary>Reads the payload. What follows the report is padding and ignored.</summary>
    public static Parsed<ReportResponse> Parse(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < ReportOffset)
        {
            return new FormatError(Subject, payload.Length, $"it ends after {payload.Length} bytes, before the report");
        }

        var status = BinaryPrimitives.ReadUInt32LittleEndian(payload);
        var size = BinaryPrimitives.ReadUInt32LittleEndian(payload[4..]);
        return status != 0 ? new FormatError(Subject, 0, $"the status is 0x{status:x}{Meaning(status)}, there is no report")
            : size != AttestationReport.Size ? new FormatError(Subject, 4,
                $"REPORT_SIZE is {size}, a report has {AttestationReport.Size} bytes")
            : payload[8..ReportOffset].ContainsAnyExcept((byte)0)
                ? new FormatError(Subject, 8, "24 reserved bytes must be zero and are not")
            : payload.Length < ReportOffset + AttestationReport.Size ? new FormatError(Subject, payload.Length, "it ends inside the report")
            : new ReportResponse(payload.Slice(ReportOffset, AttestationReport.Size).ToArray());
    }

    private static string Meaning(uint status) => status switch
    {
        0x16 => " (invalid parameters)",
        0x27 => " (invalid key selection: no VLEK is installed)",
        _ => "",
    };
}
