using System.Globalization;
using System.Text.Json;

namespace LiteBox.Attestation;

/// <summary>Azure's answer to GET /metadata/THIM/amd/certification: the host's VCEK, its chain and the TCB they are for.</summary>
public sealed class ThimDocument
{
    private const string Subject = "THIM document";

    private ThimDocument(string endorsementCertificate, string certificateChain, TcbVersion reportedTcb)
    {
        EndorsementCertificate = endorsementCertificate;
        CertificateChain = certificateChain;
        ReportedTcb = reportedTcb;
    }

    /// <summary>"vcekCert", PEM.</summary>
    public string EndorsementCertificate { get; }

    /// <summary>"certificateChain", PEM: ASK, then ARK.</summary>
    public string CertificateChain { get; }

    /// <summary>"tcbm": REPORTED_TCB as 16 hexadecimal digits, most significant first.</summary>
    public TcbVersion ReportedTcb { get; }

    /// <summary>Reads the document; members it does not know are ignored.</summary>
    public static Parsed<ThimDocument> Parse(ReadOnlySpan<byte> json)
    {
        if (!JsonText.Parse(json, Subject).Succeeded(out var document, out var error))
        {
            return error;
        }

        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return new FormatError(Subject, 0, "it is not a JSON object");
            }

            if (JsonText.Text(root, "vcekCert") is not { } certificate)
            {
                return new FormatError(Subject, null, "the member vcekCert is missing or no text");
            }

            if (JsonText.Text(root, "certificateChain") is not { } chain)
            {
                return new FormatError(Subject, null, "the member certificateChain is missing or no text");
            }

            return JsonText.Text(root, "tcbm") is { Length: 16 } digits
                && ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var tcb)
                ? new ThimDocument(certificate, chain, new TcbVersion(tcb))
                : new FormatError(Subject, null, "the member tcbm is missing or has not 16 hexadecimal digits");
        }
    }
}
