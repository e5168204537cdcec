using System.CommandLine;
using LiteBox.Attestation;

namespace LiteBox.CommandLine;

/// <summary>`litebox verify`: is this report genuine, and does it say what the policy wants.</summary>
internal static class VerifyCommand
{
    private static readonly Argument<string> File = new("report") { Description = "Report of 1184 bytes, or the 4000-byte payload of MSG_REPORT_RSP; - for standard input" };
    private static readonly Option<bool> Json = new("--json") { Description = "Write JSON" };
    private static readonly Option<bool> All = new("--all", "-a") { Description = "Show skipped checks too" };
    private static readonly EvidenceOptions Evidence = new();
    private static readonly PolicyOptions Policy = new();

    internal static Command Create()
    {
        var command = new ToolCommand("verify",
            "Verify an attestation report offline: signature, certificate chain to AMD's root, TCB, chip, and a policy. Says every check and why.",
            """
            litebox verify examples/evidence/report.bin --certs tests/TestRoot/milan --trust-anchor tests/TestRoot/milan/ark.der --at 2026-06-01
            litebox verify examples/evidence/report.bin --cert-table examples/evidence/certs.bin --trust-anchor tests/TestRoot/milan/ark.der --crl tests/TestRoot/milan/crl.der --at 2026-06-01 --policy examples/policy.json --report-data-file examples/evidence/public-key.pem --json
            """)
        {
            File, Json, All,
        };
        Evidence.AddTo(command);
        Policy.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var bytes = InputFile.ReadReport(parsed.GetRequiredValue(File));
        var policy = Policy.Read(parsed);
        if (Evidence.DemandsRevocationList(parsed))
        {
            policy = policy with { RequireRevocationList = true };
        }

        if (!AttestationReport.Parse(bytes).Succeeded(out var report, out var unreadable))
        {
            Console.Error.WriteLine($"litebox: {CommandFailure.Malformed(parsed.GetRequiredValue(File), unreadable).Message}");
        }

        var certificates = Evidence.Certificates(parsed, report);
        var result = ReportVerifier.Verify(bytes, certificates, policy, Evidence.Time(parsed), Evidence.Anchors(parsed));
        if (parsed.GetValue(Json))
        {
            Output.Json(writer =>
            {
                writer.WriteStartObject();
                VerificationJson.WriteMembers(writer, result);
                writer.WriteEndObject();
            });
        }
        else
        {
            Output.Checks(result.Checks, result.Accepted, parsed.GetValue(All));
        }

        return ExitCode.Of(result);
    }
}
