using System.Text.Json;

namespace LiteBox.Attestation;

/// <summary>Writes what Azure evidence says as JSON objects.</summary>
public static class AzureJson
{
    /// <summary>Writes header, claims and their binding of an HCL report.</summary>
    public static void Write(Utf8JsonWriter writer, HclReport hcl, RuntimeClaims? claims, AttestationReport? report)
    {
        writer.WriteStartObject();
        writer.WriteNumber("blob_size", hcl.BlobSize);
        writer.WriteNumber("header_version", hcl.HeaderVersion);
        writer.WriteNumber("report_size", hcl.ReportSize);
        writer.WriteNumber("request_type", hcl.RequestType);
        writer.WriteNumber("runtime_data_size", hcl.RuntimeDataSize);
        writer.WriteNumber("runtime_version", hcl.RuntimeVersion);
        writer.WriteString("report_type", "SNP (2)");
        writer.WriteString("hash_type", $"{hcl.HashName} ({hcl.HashType})");
        writer.WriteNumber("variable_data_size", hcl.Claims.Length);
        writer.WriteBytes($"runtime_{hcl.HashName.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant()}", hcl.ClaimsHash);
        writer.WriteBoolean("binding_ok", report is not null && hcl.BindsClaims(report));
        if (claims is not null)
        {
            WriteClaims(writer, claims);
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes what a quote says.</summary>
    public static void Write(Utf8JsonWriter writer, TpmQuote quote)
    {
        writer.WriteStartObject();
        writer.WriteHex("magic", TpmQuote.GeneratedMagic);
        writer.WriteHex("type", TpmQuote.QuoteType);
        writer.WriteBytes("qualified_signer", quote.QualifiedSigner);
        writer.WriteBytes("extra_data", quote.ExtraData);
        writer.WriteStartArray("pcr_select");
        foreach (var selection in quote.Selections)
        {
            writer.WriteStartArray();
            writer.WriteStringValue($"0x{selection.Hash:x}");
            writer.WriteStringValue(Convert.ToHexStringLower(selection.Bitmap));
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteBytes("pcr_digest", quote.PcrDigest);
        writer.WriteStartArray("clock_resetcount_restartcount");
        writer.WriteNumberValue(quote.Clock);
        writer.WriteNumberValue(quote.ResetCount);
        writer.WriteNumberValue(quote.RestartCount);
        writer.WriteEndArray();
        writer.WriteBoolean("clock_safe", quote.ClockIsSafe);
        writer.WriteHex("firmware_version", quote.FirmwareVersion);
        writer.WriteEndObject();
    }

    private static void WriteClaims(Utf8JsonWriter writer, RuntimeClaims claims)
    {
        writer.WriteStrings("keys", claims.KeyNames);
        writer.WriteString("user_data", claims.UserData is { } data ? Convert.ToHexStringLower(data) : null);
        writer.WriteStartObject("vm_configuration");
        foreach (var (name, value) in claims.Configuration)
        {
            if (bool.TryParse(value, out var setting))
            {
                writer.WriteBoolean(name, setting);
            }
            else if (ulong.TryParse(value, out var number))
            {
                writer.WriteNumber(name, number);
            }
            else
            {
                writer.WriteString(name, value);
            }
        }

        writer.WriteEndObject();
    }
}
