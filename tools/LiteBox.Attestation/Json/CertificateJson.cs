using System.Globalization;
using System.Text.Json;

namespace LiteBox.Attestation;

/// <summary>Writes what certificates and revocation lists say as JSON objects.</summary>
public static class CertificateJson
{
    /// <summary>Writes one certificate, with AMD's extensions when it is a VCEK or VLEK.</summary>
    public static void Write(Utf8JsonWriter writer, AmdCertificate certificate)
    {
        writer.WriteStartObject();
        writer.WriteString("role", certificate.Role.Name);
        writer.WriteString("subject_cn", certificate.SubjectName);
        writer.WriteString("issuer_cn", certificate.IssuerName);
        writer.WriteString("serial", Hex(certificate.SerialNumber));
        writer.WriteTime("not_before", certificate.NotBefore);
        writer.WriteTime("not_after", certificate.NotAfter);
        writer.WriteString("sha256", certificate.Fingerprint);
        if (certificate.Role.IsLeaf && EndorsementIdentity.Parse(certificate).Value is { } identity)
        {
            WriteIdentity(writer, identity);
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes one revocation list.</summary>
    public static void Write(Utf8JsonWriter writer, RevocationList list)
    {
        writer.WriteStartObject();
        writer.WriteString("issuer", list.IssuerName);
        writer.WriteTime("this_update", list.ThisUpdate);
        if (list.NextUpdate is { } next)
        {
            writer.WriteTime("next_update", next);
        }

        if (list.Number is { } number)
        {
            writer.WritePropertyName("crl_number");
            writer.WriteRawValue(number.ToString(CultureInfo.InvariantCulture));
        }

        writer.WriteStrings("revoked", list.Revoked.Select(Hex));
        writer.WriteEndObject();
    }

    private static void WriteIdentity(Utf8JsonWriter writer, EndorsementIdentity identity)
    {
        writer.WriteNumber("struct_version", identity.StructVersion);
        writer.WriteString("product_name", identity.ProductName);
        writer.WriteTcb("tcb", identity.Tcb);
        if (identity.HardwareId is { } id)
        {
            writer.WriteBytes("hwid", id);
        }

        if (identity.ProviderId is { } provider)
        {
            writer.WriteString("csp_id", provider);
        }
    }

    private static string Hex(System.Numerics.BigInteger number)
    {
        var digits = number.ToString("x", CultureInfo.InvariantCulture).TrimStart('0');
        return digits.Length == 0 ? "0x0" : $"0x{digits}";
    }
}
