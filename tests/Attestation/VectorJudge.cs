using System.Text.Json;
using Xunit;

namespace LiteBox.Attestation.Tests;

/// <summary>Holds one entry of the manifest against the library. Each judgement answers with how many expectations it held.</summary>
internal static class VectorJudge
{
    /// <summary>Expectations that are remarks for readers, or are covered by the judgement of another member.</summary>
    private static readonly HashSet<string> Remarks = ["note", "key_offset", "report_offset", "time_window"];

    private static readonly Dictionary<string, Func<string, JsonElement, int>> ByKind = new()
    {
        ["AMD CA certificate"] = CertificateVectors.JudgeAuthority,
        ["AMD CRL"] = CertificateVectors.JudgeRevocationList,
        ["VEK certificate (DER)"] = CertificateVectors.JudgeEndorsement,
        ["VCEK certificate that was tampered with"] = CertificateVectors.JudgeTampered,
        ["PEM bundle"] = CertificateVectors.JudgeBundle,
        ["PEM bundle as the Azure IMDS gives it"] = CertificateVectors.JudgeBundle,
        ["PEM bundle: VCEK, ASK, ARK"] = CertificateVectors.JudgeBundle,
        ["attestation report"] = ReportVectors.Judge,
        ["malformed attestation report"] = ReportVectors.JudgeMalformed,
        ["decrypted MSG_REPORT_RSP payload (4000 bytes)"] = MessageVectors.JudgeReportResponse,
        ["decrypted MSG_KEY_RSP payload (64 bytes)"] = MessageVectors.JudgeKeyResponse,
        ["Azure HCL report (vTPM NV 0x01400001)"] = AzureVectors.JudgeHclReport,
        ["TPMS_ATTEST"] = AzureVectors.JudgeQuote,
        ["RSASSA-PKCS1-v1_5 SHA-256 signature over tpm-quote.msg"] = AzureVectors.JudgeSignature,
        ["PCR values 0..23, SHA-256 bank"] = AzureVectors.JudgePcrs,
        ["the file as it is in the origin repository"] = AzureVectors.JudgeOriginal,
        ["RSA public key"] = AzureVectors.JudgePublicKey,
        ["runtime-data JSON of another HCL report (stand-alone parser input)"] = AzureVectors.JudgeClaims,
        ["a real answer of GET /metadata/THIM/amd/certification"] = AzureVectors.JudgeThim,
        ["last 4 KiB of an OVMF image"] = LaunchVectors.JudgeFirmware,
        ["full OVMF code image, 3,653,632 bytes"] = LaunchVectors.JudgeFirmware,
        ["OVMF hash, metadata sections and reset EIP of a real AWS firmware"] = LaunchVectors.JudgeFirmwareMetadata,
        ["synthetic kernel"] = LaunchVectors.JudgeKernel,
        ["expected launch digests"] = LaunchVectors.JudgeDigests,
        ["VMSA page (4096 bytes)"] = LaunchVectors.JudgeSaveArea,
        ["P-384 test private key (public test key, protects nothing)"] = IdBlockVectors.JudgeKey,
        ["expected ID block and key digests"] = IdBlockVectors.JudgeBlock,
    };

    internal static int Judge(string path, JsonElement entry)
    {
        var kind = entry.GetProperty("kind").GetString()!;
        Assert.True(ByKind.TryGetValue(kind, out var judge), $"{path}: kind \"{kind}\" is not known");
        return judge(path, entry.TryGetProperty("expect", out var expect) ? expect : default);
    }

    /// <summary>Members of an entry's expectations that no judgement reads.</summary>
    internal static IEnumerable<string> UnknownExpectations(JsonElement entry)
    {
        string[] known =
        [
            "subject_cn", "issuer_cn", "serial", "not_before", "not_after", "signature", "parse", "fields", "chains_to", "issuer",
                "this_update", "next_update",
            "crl_number", "revoked", "check", "default_policy", "status", "report_size", "derived_key", "hcl", "snp_fields", "magic",
                "type", "extra_data",
            "extra_data_text", "pcr_select", "pcr_digest_ok", "signature_ok_with_HCLAkPub", "clock_resetcount_restartcount", "clock_safe",
                "chain",
            "with_hcl_report", "equals_HCLAkPub_of_hcl_report", "tcbm", "sha384",
        ];
        return !entry.TryGetProperty("expect", out var expect) ? []
            : expect.EnumerateObject().Select(member => member.Name)
                .Where(name => !known.Contains(name) && !Remarks.Contains(name)
                    && !name.StartsWith("crypto_with_", StringComparison.Ordinal));
    }

    /// <summary>Every member of the expected object is in what we write, with the same value.</summary>
    internal static int CompareFields(JsonElement expected, Action<Utf8JsonWriter> write)
    {
        var actual = JsonTesting.Write(write);
        var count = 0;
        foreach (var member in expected.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null)
            {
                Assert.True(!actual.TryGetProperty(member.Name, out var nothing) || nothing.ValueKind == JsonValueKind.Null, member.Name);
            }
            else
            {
                Assert.True(actual.TryGetProperty(member.Name, out var found), $"\"{member.Name}\" is not written");
                Compare(member.Name, member.Value, found);
            }

            count++;
        }

        return count;
    }

    private static void Compare(string name, JsonElement expected, JsonElement actual)
    {
        if (expected.ValueKind != JsonValueKind.Object)
        {
            Assert.True(JsonElement.DeepEquals(expected, actual), $"{name}: expected {expected}, found {actual}");
            return;
        }

        foreach (var member in expected.EnumerateObject())
        {
            Assert.True(actual.TryGetProperty(member.Name, out var found), $"\"{name}.{member.Name}\" is not written");
            Compare($"{name}.{member.Name}", member.Value, found);
        }
    }
}

/// <summary>Reads back what the library writes.</summary>
internal static class JsonTesting
{
    internal static JsonElement Write(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, JsonValues.Options))
        {
            write(writer);
        }

        return JsonDocument.Parse(buffer.ToArray()).RootElement;
    }

    internal static string? Text(this JsonElement element, string name) => element.TryGetProperty(name, out var member)
        ? member.GetString() : null;
}
