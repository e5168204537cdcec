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
            litebox verify report.bin --certs vcek.der --measurement "$(litebox measure --mode snp --vcpus 2 --vcpu-type EPYC-Milan --ovmf OVMF.fd)"
            litebox verify report.bin --kds ./kds --policy policy.json --json
            litebox verify report.bin --cert-table certs.bin --report-data-file public-key.pem --min-tcb Milan:snp=24,uc=219
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

        var certificates = Evidence.Certificates(parsed, AttestationReport.Parse(bytes).Value);
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
