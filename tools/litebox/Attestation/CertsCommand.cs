using System.CommandLine;
using LiteBox.Attestation;

namespace LiteBox.CommandLine;

/// <summary>`litebox certs`: shows what certificate files hold. It verifies nothing.</summary>
internal static class CertsCommand
{
    internal static Command Create()
    {
        var files = new Argument<string[]>("files") { Description = "Files in PEM, DER, THIM JSON or an extended report's certificate table", Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = "Write JSON" };
        var command = new ToolCommand("certs",
            "Show AMD certificates and revocation lists with AMD's extensions. Shows only: use verify to know whether they are genuine.",
            "litebox certs tests/TestRoot/milan/vcek.der tests/TestRoot/milan/ask.der tests/TestRoot/milan/ark.der tests/TestRoot/milan/crl.der")
        {
            files, json,
        };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(files), parsed.GetValue(json)));
        return command;
    }

    private static int Run(string[] files, bool json)
    {
        var set = new CertificateSet();
        foreach (var file in files)
        {
            if (set.Add(InputFile.Read(file), file) is { } error)
            {
                throw CommandFailure.Malformed(file, error);
            }
        }

        if (json)
        {
            WriteJson(set);
            return ExitCode.Success;
        }

        foreach (var certificate in set.Certificates)
        {
            Output.Fields($"{certificate.Role.Name}: {certificate.SubjectName}, by {certificate.IssuerName}", Describe(certificate));
        }

        foreach (var list in set.RevocationLists)
        {
            Output.Fields($"Revocation list of {list.IssuerName}", Describe(list));
        }

        return ExitCode.Success;
    }

    private static IEnumerable<(string Name, string Value)> Describe(AmdCertificate certificate)
    {
        yield return ("serial", $"0x{certificate.SerialNumber:x}");
        yield return ("valid", $"{certificate.NotBefore:yyyy-MM-dd'T'HH:mm:ss'Z'} .. {certificate.NotAfter:yyyy-MM-dd'T'HH:mm:ss'Z'}");
        yield return ("SHA-256", $"{certificate.Fingerprint}{(AmdAuthorities.IsPinnedRoot(certificate) ? " (AMD's pinned root)" : "")}");
        if (!certificate.Role.IsLeaf)
        {
            yield break;
        }

        if (!EndorsementIdentity.Parse(certificate).Succeeded(out var identity, out var error))
        {
            yield return ("extensions", error.ToString());
            yield break;
        }

        yield return ("product", identity.ProductName);
        yield return ("TCB", identity.Tcb.ToString());
        yield return identity.HardwareId is { } chip ? ("HWID", Convert.ToHexStringLower(chip)) : ("CSP_ID", identity.ProviderId ?? "");
    }

    private static IEnumerable<(string Name, string Value)> Describe(RevocationList list)
    {
        yield return ("number", $"{list.Number}");
        yield return ("in force", $"{list.ThisUpdate:yyyy-MM-dd'T'HH:mm:ss'Z'} .. {list.NextUpdate:yyyy-MM-dd'T'HH:mm:ss'Z'}");
        yield return ("revokes", list.Revoked.Count == 0 ? "nothing" : string.Join(", ", list.Revoked.Select(serial => $"0x{serial:x}")));
    }

    private static void WriteJson(CertificateSet set) => Output.Json(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("certificates");
        foreach (var certificate in set.Certificates)
        {
            CertificateJson.Write(writer, certificate);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("revocation_lists");
        foreach (var list in set.RevocationLists)
        {
            CertificateJson.Write(writer, list);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });
}
