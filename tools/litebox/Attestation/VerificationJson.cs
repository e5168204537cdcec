using System.Text.Json;
using LiteBox.Attestation;

namespace LiteBox.CommandLine;

/// <summary>The outcome of a verification with the report and the certificate it is about.</summary>
internal static class VerificationJson
{
    internal static void WriteMembers(Utf8JsonWriter writer, VerificationResult result)
    {
        ResultJson.Write(writer, result.Accepted, result.Checks);
        writer.WriteNumber("exit_code", ExitCode.Of(result));
        if (result.Report is { } report)
        {
            writer.WritePropertyName("report");
            ReportJson.Write(writer, report, result.Product);
        }

        if (result.Endorsement is { } certificate)
        {
            writer.WritePropertyName("certificate");
            CertificateJson.Write(writer, certificate);
        }
    }
}
