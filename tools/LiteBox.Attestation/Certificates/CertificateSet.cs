using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;

namespace LiteBox.Attestation;

/// <summary>
/// Certificates and revocation lists gathered from files in any of the forms they come in: DER, several DER one after the other,
/// PEM with any text between, the extended report's certificate table, Azure's THIM answer. All of it is untrusted.
/// </summary>
public sealed class CertificateSet
{
    private readonly List<AmdCertificate> certificates = [];
    private readonly List<RevocationList> revocationLists = [];

    /// <summary>The certificates in the order they were added, each once.</summary>
    public IReadOnlyList<AmdCertificate> Certificates => certificates;

    /// <summary>The revocation lists in the order they were added.</summary>
    public IReadOnlyList<RevocationList> RevocationLists => revocationLists;

    /// <summary>Azure's "tcbm", the reported TCB that the host's certificate was fetched for; null when no THIM answer was added.</summary>
    public TcbVersion? ThimTcb { get; private set; }

    /// <summary>Adds what a file holds, by its content.</summary>
    /// <param name="data">The whole file.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <returns>What is wrong with it; null when everything in it was understood.</returns>
    public FormatError? Add(ReadOnlySpan<byte> data, string name)
    {
        var start = SkipSpace(data);
        return start == data.Length ? new FormatError(name, 0, "the file is empty", "give a certificate in PEM or DER")
            : data[start] == '{' ? AddThim(data, name)
            : data[0] == 0x30 ? AddDer(data, name)
            : data.IndexOf("-----BEGIN"u8) >= 0 ? AddPem(data, name)
            : CertificateTable.LooksLikeOne(data) ? AddTable(data, name)
            : new FormatError(name, 0, "neither PEM, nor DER, nor a certificate table, nor THIM JSON",
                "give a certificate in one of these forms");
    }

    /// <summary>Adds one certificate; one that is there already is not added twice.</summary>
    public void Add(AmdCertificate certificate)
    {
        if (!certificates.Exists(other => other.Fingerprint == certificate.Fingerprint))
        {
            certificates.Add(certificate);
        }
    }

    /// <summary>Adds one revocation list.</summary>
    public void Add(RevocationList list) => revocationLists.Add(list);

    /// <summary>Adds the entries of an extended report's certificate table that are certificates or revocation lists.</summary>
    public FormatError? AddTable(ReadOnlySpan<byte> data, string name)
    {
        if (!CertificateTable.Parse(data).Succeeded(out var table, out var error))
        {
            return error with { Subject = $"{name}, {error.Subject}" };
        }

        foreach (var entry in table.Entries)
        {
            if (entry.HoldsCertificate && AddDer(entry.Data.Span, $"{name}, entry {entry.Name}") is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    /// <summary>Whether something stands in the evidence that is or could have been an ASK or ASVK.</summary>
    internal bool HasIntermediate => certificates.Exists(certificate => certificate.Role.IsIntermediate
        || certificate.Role.Kind == CertificateKind.Unknown);

    private FormatError? AddThim(ReadOnlySpan<byte> data, string name)
    {
        if (!ThimDocument.Parse(data).Succeeded(out var document, out var error))
        {
            return error with { Subject = $"{name}, {error.Subject}" };
        }

        ThimTcb = document.ReportedTcb;
        return AddPem(Encoding.ASCII.GetBytes(document.EndorsementCertificate), $"{name}, vcekCert")
            ?? AddPem(Encoding.ASCII.GetBytes(document.CertificateChain), $"{name}, certificateChain");
    }

    /// <summary>Reads values until the end: a bundle in DER is nothing but certificates one after the other.</summary>
    private FormatError? AddDer(ReadOnlySpan<byte> data, string name)
    {
        var offset = 0;
        while (offset < data.Length)
        {
            if (!AsnDecoder.TryReadEncodedValue(data[offset..], AsnEncodingRules.DER, out _, out _, out _, out var length))
            {
                return new FormatError(name, offset, "no DER value starts here, or it ends before its length says",
                    offset > 0 ? "cut the file where the last certificate ends" : "fetch the file again");
            }

            if (AddOne(data.Slice(offset, length).ToArray(), name, offset) is { } error)
            {
                return error;
            }

            offset += length;
        }

        return null;
    }

    private FormatError? AddPem(ReadOnlySpan<byte> data, string name)
    {
        var text = Encoding.Latin1.GetString(data);
        var offset = 0;
        var found = 0;
        while (PemEncoding.TryFind(text.AsSpan(offset), out var fields))
        {
            var label = text.AsSpan(offset)[fields.Label].ToString();
            var place = offset + fields.Location.Start.Value;
            if (text.AsSpan(offset, fields.Location.Start.Value).Contains("-----BEGIN", StringComparison.Ordinal))
            {
                return Damaged(name, text.IndexOf("-----BEGIN", offset, StringComparison.Ordinal));
            }

            if (label is not ("CERTIFICATE" or "X509 CRL"))
            {
                return new FormatError(name, place, $"a PEM block \"{label}\", only CERTIFICATE and X509 CRL belong here");
            }

            var der = Convert.FromBase64String(text.AsSpan(offset)[fields.Base64Data].ToString());
            if (AddOne(der, name, place) is { } error)
            {
                return error;
            }

            offset += fields.Location.End.Value;
            found++;
        }

        var rest = text.IndexOf("-----BEGIN", offset, StringComparison.Ordinal);
        return rest >= 0 ? Damaged(name, rest) : found == 0 ? new FormatError(name, 0, "there is no PEM block in it") : null;
    }

    private static FormatError Damaged(string name, int offset) =>
        new(name, offset, "a PEM block starts here and is damaged or not ended", "copy the file again");

    private FormatError? AddOne(byte[] der, string name, int offset)
    {
        if (AmdCertificate.Parse(der).Succeeded(out var certificate, out var error))
        {
            Add(certificate);
            return null;
        }

        if (RevocationList.Parse(der).Succeeded(out var list, out var listError))
        {
            Add(list);
            return null;
        }

        // The errors of both readings are of no use together: a list names its time where a certificate has its issuer.
        var worse = LooksLikeRevocationList(der) ? listError : error;
        return worse with { Subject = $"{name}, {worse.Subject}", Offset = offset };
    }

    private static bool LooksLikeRevocationList(byte[] der)
    {
        try
        {
            var content = new AsnReader(der, AsnEncodingRules.DER).ReadSequence().ReadSequence();
            content.ReadInteger();
            content.ReadSequence();
            content.ReadSequence();
            return content.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime)
                || content.PeekTag().HasSameClassAndValue(Asn1Tag.GeneralizedTime);
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    private static int SkipSpace(ReadOnlySpan<byte> data)
    {
        var start = data.IndexOfAnyExcept(" \t\r\n"u8);
        return start < 0 ? data.Length : start;
    }
}
