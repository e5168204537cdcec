using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LiteBox.Attestation;

/// <summary>
/// The attestation report that Azure's paravisor keeps in the vTPM, NV index 0x01400001: a header, an SNP report, and the runtime
/// claims whose hash is the report's REPORT_DATA (microsoft/openvmm, openhcl_attestation_protocol, igvm_attest/get.rs).
/// </summary>
public sealed class HclReport
{
    private const string Subject = "HCL report";
    private const int HeaderSize = 0x20;
    private const int DataHeader = HeaderSize + AttestationReport.Size;
    private const int DataHeaderSize = 20;
    private const int CapabilitySize = 4;
    private const uint SnpReportType = 2;

    private HclReport(byte[] report, byte[] claims)
    {
        Report = report;
        Claims = claims;
    }

    /// <summary>Reads the NV content by the sizes that stand in it. Padding after them is ignored.</summary>
    public static Parsed<HclReport> Parse(ReadOnlySpan<byte> data)
    {
        if (data.Length < DataHeader + DataHeaderSize)
        {
            return new FormatError(Subject, data.Length,
                $"it ends after {data.Length} bytes, header and report alone have {DataHeader + DataHeaderSize}",
                "read all of NV index 0x01400001");
        }

        var version = U32(data, 0x04);
        var reportSize = U32(data, 0x08);
        var requestType = U32(data, 0x0C);
        var dataSize = U32(data, DataHeader);
        var dataVersion = U32(data, DataHeader + 0x04);
        var reportType = U32(data, DataHeader + 0x08);
        var hashType = U32(data, DataHeader + 0x0C);
        var claimsSize = U32(data, DataHeader + 0x10);
        var claimsStart = DataHeader + DataHeaderSize + (dataVersion == 2 ? CapabilitySize : 0);
        var error = !data.StartsWith("HCLA"u8) ? Fault(0, "it does not start with HCLA")
            : version is not (1 or 2) ? Fault(0x04, $"header version {version} is not known, 1 and 2 are")
            : requestType is < 1 or > 3 ? Fault(0x0C, $"request type {requestType} is not known, 1 to 3 are")
            : dataVersion is not (1 or 2) ? Fault(DataHeader + 0x04, $"request-data version {dataVersion} is not known, 1 and 2 are")
            : reportType != SnpReportType ? Fault(DataHeader + 0x08,
                $"report type is {reportType} ({ReportTypeName(reportType)}), only SNP (2) is verified here")
            : hashType is < 1 or > 3 ? Fault(DataHeader + 0x0C, $"hash type {hashType} is not known, 1 (SHA-256) to 3 (SHA-512) are")
            : claimsSize > data.Length - claimsStart ? Fault(DataHeader + 0x10,
                $"the claims have {claimsSize} bytes, only {Math.Max(0, data.Length - claimsStart)} are left")
            : dataSize != claimsStart - DataHeader + claimsSize
                ? Fault(DataHeader, $"the data size is {dataSize}, header and claims have {claimsStart - DataHeader + claimsSize}")
            : reportSize != DataHeader + dataSize ? Fault(0x08, $"the report size is {reportSize}, the parts have {DataHeader + dataSize}")
            : null;
        if (error is not null)
        {
            return error;
        }

        return new HclReport(data.Slice(HeaderSize, AttestationReport.Size).ToArray(), data.Slice(claimsStart, (int)claimsSize).ToArray())
        {
            BlobSize = data.Length,
            HeaderVersion = version,
            ReportSize = reportSize,
            RequestType = requestType,
            RuntimeDataSize = dataSize,
            RuntimeVersion = dataVersion,
            HashType = hashType,
        };
    }

    /// <summary>Size of the whole blob with its padding, in bytes.</summary>
    public int BlobSize { get; private init; }

    /// <summary>Version of the header, 1 or 2.</summary>
    public uint HeaderVersion { get; private init; }

    /// <summary>Size of everything but the padding, in bytes.</summary>
    public uint ReportSize { get; private init; }

    /// <summary>What the report was made for: 1 key release, 2 certificate of the attestation key, 3 wrapped key.</summary>
    public uint RequestType { get; private init; }

    /// <summary>Size of the runtime data with its header, in bytes.</summary>
    public uint RuntimeDataSize { get; private init; }

    /// <summary>Version of the runtime data, 1 or 2.</summary>
    public uint RuntimeVersion { get; private init; }

    /// <summary>Which hash of the claims is in REPORT_DATA: 1 SHA-256, 2 SHA-384, 3 SHA-512.</summary>
    public uint HashType { get; private init; }

    /// <summary>The SNP report, 1184 bytes.</summary>
    public byte[] Report { get; }

    /// <summary>The runtime claims as received, JSON.</summary>
    public byte[] Claims { get; }

    /// <summary>The name of the hash.</summary>
    public string HashName => HashType switch
    {
        1 => "SHA-256",
        2 => "SHA-384",
        _ => "SHA-512",
    };

    /// <summary>The hash of the claims, byte for byte as received.</summary>
    public byte[] ClaimsHash => HashType switch
    {
        1 => SHA256.HashData(Claims),
        2 => SHA384.HashData(Claims),
        _ => SHA512.HashData(Claims),
    };

    /// <summary>Whether REPORT_DATA is the hash of the claims and zero after it.</summary>
    public bool BindsClaims(AttestationReport report)
    {
        var hash = ClaimsHash;
        return report.ReportData.StartsWith(hash) && !report.ReportData[hash.Length..].ContainsAnyExcept((byte)0);
    }

    private static FormatError Fault(int offset, string message) => new(Subject, offset, message);

    private static uint U32(ReadOnlySpan<byte> data, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(data[offset..]);

    private static string ReportTypeName(uint type) => type switch
    {
        0 => "invalid",
        1 => "VBS",
        3 => "TVM, no report",
        4 => "TDX",
        5 => "CCA",
        _ => "unknown",
    };
}
