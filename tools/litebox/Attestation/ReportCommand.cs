using System.CommandLine;
using LiteBox.Attestation;

namespace LiteBox.CommandLine;

/// <summary>`litebox report`: shows what a report says. It verifies nothing.</summary>
internal static class ReportCommand
{
    internal static Command Create()
    {
        var file = new Argument<string>("report") { Description = "Report of 1184 bytes, or the 4000-byte payload of MSG_REPORT_RSP; - for standard input" };
        var product = new Option<string?>("--product") { Description = "Product of a version-2 report, which names none: Milan, Genoa or Turin" };
        var json = new Option<bool>("--json") { Description = "Write JSON" };
        var command = new ToolCommand("report",
            "Show an attestation report of version 2 to 5. Shows only: use verify to know whether it is genuine.",
            
            """
            litebox report examples/evidence/report.bin
            litebox report --json examples/evidence/report.bin | grep measurement
            """)
        {
            file, product, json,
        };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(file), Options.Product(parsed.GetValue(product), "--product"),
            parsed.GetValue(json)));
        return command;
    }

    private static int Run(string path, SnpProduct? product, bool json)
    {
        var report = AttestationReport.Parse(InputFile.ReadReport(path)).OrFail(path);
        if (json)
        {
            Output.Json(writer => ReportJson.Write(writer, report, product));
        }
        else
        {
            ReportText.Write(report, product);
        }

        foreach (var defect in report.Defects)
        {
            Console.Error.WriteLine($"litebox: {path}: attestation report, {defect} (no firmware writes this; fetch the report again)");
        }

        return report.Defects.Count == 0 ? ExitCode.Success : ExitCode.Malformed;
    }
}
