using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace LiteBox.Attestation;

/// <summary>
/// Azure evidence in one JSON document, version 1, as confidential-containers/trustee takes it from its az-snp-vtpm attester:
/// hcl_report in base64url; message, signature and PCRs of the quote in hexadecimal; the VCEK as DER in base64url.
/// </summary>
public sealed class EvidenceDocument
{
    private const string Subject = "evidence document";

    private EvidenceDocument(AzureEvidence evidence, byte[]? endorsement)
    {
        Evidence = evidence;
        EndorsementCertificate = endorsement;
    }

    /// <summary>The evidence.</summary>
    public AzureEvidence Evidence { get; }

    /// <summary>The VCEK in DER; null when the document has none.</summary>
    public byte[]? EndorsementCertificate { get; }

    /// <summary>Reads a document.</summary>
    public static Parsed<EvidenceDocument> Parse(ReadOnlySpan<byte> json)
    {
        if (!JsonText.Parse(json, Subject).Succeeded(out var document, out var error))
        {
            return error;
        }

        using (document)
        {
            return Read(document.RootElement);
        }
    }

    private static Parsed<EvidenceDocument> Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("version", out var version)
            || version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out var number) || number != 1)
        {
            return new FormatError(Subject, null, "it is no JSON object with version 1");
        }

        if (Base64(root, "hcl_report") is not { } report)
        {
            return new FormatError(Subject, null, "the member hcl_report is missing or no base64url");
        }

        if (!root.TryGetProperty("tpm_quote", out var quote)
            || JsonText.Text(quote, "message") is not { } message || HexText.Parse(message) is not { } messageBytes
            || JsonText.Text(quote, "signature") is not { } signature || HexText.Parse(signature) is not { } signatureBytes
            || !quote.TryGetProperty("pcrs", out var pcrs))
        {
            return new FormatError(Subject, null, "the member tpm_quote has not message, signature and pcrs in hexadecimal");
        }

        if (!PcrValues.Parse(Encoding.UTF8.GetBytes(pcrs.GetRawText())).Succeeded(out var values, out var error))
        {
            return error with { Subject = $"{Subject}, {error.Subject}" };
        }

        var evidence = new AzureEvidence { HclReport = report, Quote = messageBytes, QuoteSignature = signatureBytes, Pcrs = values };
        return !root.TryGetProperty("vcek", out _) ? new EvidenceDocument(evidence, null)
            : Base64(root, "vcek") is { } endorsement ? new EvidenceDocument(evidence, endorsement)
            : new FormatError(Subject, null, "the member vcek is no base64url");
    }

    /// <summary>Reads base64 of either alphabet, with or without padding.</summary>
    private static byte[]? Base64(JsonElement root, string name)
    {
        var text = JsonText.Text(root, name)?.Replace('+', '-').Replace('/', '_').TrimEnd('=');
        return text is { Length: > 0 } && Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;
    }
}
