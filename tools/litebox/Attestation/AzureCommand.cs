using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LiteBox.Attestation;

namespace LiteBox.CommandLine;

/// <summary>`litebox azure`: verifies the HCL report of an Azure confidential VM and a quote of its vTPM.</summary>
internal static class AzureCommand
{
    private static readonly Argument<string> File = new("hcl-report") { Description = "Content of NV index 0x01400001, or an evidence document (JSON, version 1) of the az-snp-vtpm attester" };
    private static readonly Option<string?> Quote = new("--quote") { Description = "TPMS_ATTEST of the quote" };
    private static readonly Option<string?> Signature = new("--signature") { Description = "Signature over the quote, alone or as TPMT_SIGNATURE" };
    private static readonly Option<string?> Pcrs = new("--pcrs") { Description = "Values of the PCRs, JSON: a list from PCR 0 on, or {\"4\": \"...\"}" };
    private static readonly Option<string?> Nonce = new("--nonce") { Description = "The nonce you chose, as text" };
    private static readonly Option<string?> NonceHex = new("--nonce-hex") { Description = "The nonce you chose, in hexadecimal" };
    private static readonly Option<bool> AnyNonce = new("--any-nonce") { Description = "Accept any nonce: for looking at old evidence only" };
    private static readonly Option<bool> RequireQuote = new("--require-quote") { Description = "Refuse evidence without a quote" };
    private static readonly Option<string?> Selection = new("--pcr-selection") { Description = "PCRs that must be quoted, these and no others, for example sha256:0,1,2,4,7" };
    private static readonly Option<string[]> Pcr = new("--pcr") { Description = "Value a PCR must have, as 4=HEX. Repeatable" };
    private static readonly Option<string?> UserData = new("--user-data") { Description = "user-data of the claims, 128 hexadecimal digits" };
    private static readonly Option<bool> SecureBoot = new("--require-secure-boot") { Description = "The configuration must say that Secure Boot is on" };
    private static readonly Option<bool> NoConsole = new("--forbid-console") { Description = "The configuration must say that the console is off" };
    private static readonly Option<string?> MachineId = new("--vm-id") { Description = "vmUniqueId that is required" };
    private static readonly Option<string?> AttestationKey = new("--ak") { Description = "HCLAkPub must be this RSA public key in PEM" };
    private static readonly Option<bool> Json = new("--json") { Description = "Write JSON" };
    private static readonly Option<bool> All = new("--all", "-a") { Description = "Show skipped checks too" };
    private static readonly EvidenceOptions Evidence = new();
    private static readonly PolicyOptions Policy = new();

    internal static Command Create()
    {
        var command = new ToolCommand("azure",
            "Verify the HCL report of an Azure confidential VM, and a quote of its vTPM. The measurement is the paravisor's; the PCRs speak for your image.",
            """
            litebox azure examples/evidence/hcl-report.bin --certs tests/TestRoot/milan --trust-anchor tests/TestRoot/milan/ark.der --at 2026-06-01
            litebox azure examples/evidence/hcl-report.bin --certs tests/TestRoot/milan --trust-anchor tests/TestRoot/milan/ark.der --at 2026-06-01 --quote examples/evidence/quote.msg --signature examples/evidence/quote.sig --pcrs examples/evidence/pcrs.json --nonce example --pcr-selection sha256:0,1,2,3,4,5,6,7
            """)
        {
            File, Quote, Signature, Pcrs, Nonce, NonceHex, AnyNonce, RequireQuote, Selection, Pcr, UserData, SecureBoot, NoConsole,
                MachineId, AttestationKey, Json, All,
        };
        Evidence.AddTo(command);
        Policy.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var path = parsed.GetRequiredValue(File);
        var data = InputFile.Read(path);
        var document = data.AsSpan().TrimStart(" \r\n\t"u8).StartsWith("{"u8) ? EvidenceDocument.Parse(data).OrFail(path) : null;
        var evidence = ReadEvidence(parsed, document?.Evidence ?? new AzureEvidence { HclReport = data });
        if (!HclReport.Parse(evidence.HclReport).Succeeded(out var hcl, out var unreadable))
        {
            Console.Error.WriteLine($"litebox: {CommandFailure.Malformed(path, unreadable).Message}");
        }

        var certificates = Evidence.Certificates(parsed, hcl is null ? null : AttestationReport.Parse(hcl.Report).Value);
        if (document?.EndorsementCertificate is { } endorsement && certificates.Add(endorsement, $"{path}, vcek") is { } error)
        {
            throw CommandFailure.Malformed(path, error);
        }

        var result = AzureVerifier.Verify(evidence, certificates, ReadPolicy(parsed), Evidence.Time(parsed), Evidence.Anchors(parsed));
        if (parsed.GetValue(Json))
        {
            Output.Json(writer => WriteJson(writer, result, hcl, evidence));
        }
        else
        {
            Output.Checks(result.Checks, result.Accepted, parsed.GetValue(All));
        }

        return ExitCode.Of(result);
    }

    private static AzureEvidence ReadEvidence(ParseResult parsed, AzureEvidence evidence) => evidence with
    {
        Quote = parsed.GetValue(Quote) is { } quote ? InputFile.Read(quote) : evidence.Quote,
        QuoteSignature = parsed.GetValue(Signature) is { } signature ? InputFile.Read(signature) : evidence.QuoteSignature,
        Pcrs = parsed.GetValue(Pcrs) is { } pcrs ? PcrValues.Parse(InputFile.Read(pcrs)).OrFail(pcrs) : evidence.Pcrs,
    };

    private static AzurePolicy ReadPolicy(ParseResult parsed)
    {
        var policy = Policy.Read(parsed);
        return new AzurePolicy
        {
            Report = Evidence.DemandsRevocationList(parsed) ? policy with { RequireRevocationList = true } : policy,
            Nonce = ReadNonce(parsed),
            AllowAnyNonce = parsed.GetValue(AnyNonce),
            RequireQuote = parsed.GetValue(RequireQuote),
            Selection = parsed.GetValue(Selection) is { } selection ? ReadSelection(selection) : null,
            Pcrs = ReadPcrs(parsed.GetValue(Pcr) ?? []),
            UserData = Options.Bytes(parsed.GetValue(UserData), "--user-data", 64),
            RequireSecureBoot = parsed.GetValue(SecureBoot),
            ForbidConsole = parsed.GetValue(NoConsole),
            MachineId = parsed.GetValue(MachineId),
            AttestationKey = parsed.GetValue(AttestationKey) is { } key ? ReadKey(key) : null,
        };
    }

    private static byte[]? ReadNonce(ParseResult parsed)
    {
        if (parsed.GetValue(NonceHex) is not { } hex)
        {
            return parsed.GetValue(Nonce) is { } text ? Encoding.UTF8.GetBytes(text) : null;
        }

        return parsed.GetValue(Nonce) is null
            ? HexText.Parse(hex) ?? throw CommandFailure.Usage("--nonce-hex",
                $"\"{hex}\" is not hexadecimal; write two digits for each byte")
            : throw CommandFailure.Usage("--nonce-hex", "give it or --nonce, not both");
    }

    private static IReadOnlyList<int> ReadSelection(string text)
    {
        var list = text.StartsWith("sha256:", StringComparison.Ordinal) ? text["sha256:".Length..] : text;
        return [.. list.Split(',').Select(number => Number(number, "--pcr-selection"))];
    }

    private static Dictionary<int, byte[]> ReadPcrs(string[] texts)
    {
        var values = new Dictionary<int, byte[]>();
        foreach (var text in texts)
        {
            if (text.Split('=') is not [var number, var value])
            {
                throw CommandFailure.Usage("--pcr", $"\"{text}\" is not of the form 4=HEX");
            }

            values[Number(number, "--pcr")] = Options.Bytes(value, "--pcr", SHA256.HashSizeInBytes)!;
        }

        return values;
    }

    private static int Number(string text, string option) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < 24 ? number
            : throw CommandFailure.Usage(option, $"\"{text}\" is no PCR from 0 to 23");

    private static RSAParameters ReadKey(string path)
    {
        using var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(Encoding.Latin1.GetString(InputFile.Read(path)));
            return rsa.ExportParameters(includePrivateParameters: false);
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            throw new CommandFailure(ExitCode.Malformed, $"{path}: not an RSA public key in PEM");
        }
    }

    private static void WriteJson(Utf8JsonWriter writer, VerificationResult result, HclReport? hcl, AzureEvidence evidence)
    {
        writer.WriteStartObject();
        VerificationJson.WriteMembers(writer, result);
        if (hcl is not null)
        {
            writer.WritePropertyName("hcl");
            AzureJson.Write(writer, hcl, RuntimeClaims.Parse(hcl.Claims).Value, result.Report);
        }

        if (evidence.Quote is { } bytes && TpmQuote.Parse(bytes).Value is { } quote)
        {
            writer.WritePropertyName("quote");
            AzureJson.Write(writer, quote);
        }

        writer.WriteEndObject();
    }
}
