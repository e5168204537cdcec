using System.CommandLine;
using System.Globalization;
using LiteBox.Attestation;

namespace LiteBox.CommandLine;

/// <summary>The options by which verify and azure get certificates, roots and a time.</summary>
internal sealed class EvidenceOptions
{
    private readonly Option<string[]> certificates = new("--certs", "-c")
    {
        Description = "Certificates and revocation lists: files in PEM, DER, THIM JSON or an extended report's certificate table, or folders of such files. Repeatable",
    };

    private readonly Option<string?> table = new("--cert-table") { Description = "Certificate table of the extended guest request (GUID table)" };
    private readonly Option<string?> thim = new("--thim") { Description = "Azure's answer of /metadata/THIM/amd/certification" };
    private readonly Option<string?> kds = new("--kds") { Description = "Folder with files of the key distribution service under their paths, as fetch-certs writes them" };
    private readonly Option<string[]> revocation = new("--crl") { Description = "Revocation list of the ARK; giving one demands that it is in force. Repeatable" };
    private readonly Option<string[]> anchors = new("--trust-anchor") { Description = "Trust this root and not AMD's. For tests and simulators. Repeatable" };
    private readonly Option<string?> at = new("--at") { Description = "Judge validity at this time in UTC, for example 2026-06-01 or 2026-06-01T12:00:00Z; the default is now" };

    /// <summary>Adds the options to a command.</summary>
    internal void AddTo(Command command)
    {
        foreach (var option in new Option[] { certificates, table, thim, kds, revocation, anchors, at })
        {
            command.Add(option);
        }
    }

    /// <summary>Whether revocation must be decided because a list was named.</summary>
    internal bool DemandsRevocationList(ParseResult parsed) => parsed.GetValue(revocation) is { Length: > 0 };

    /// <summary>The moment of verification.</summary>
    internal DateTimeOffset Time(ParseResult parsed)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        string[] forms = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm'Z'"];
        return parsed.GetValue(at) is not { } text ? DateTimeOffset.UtcNow
            : DateTimeOffset.TryParseExact(text, forms, CultureInfo.InvariantCulture, Utc, out var time) ? time
            : throw CommandFailure.Usage("--at", $"\"{text}\" is no time; write 2026-06-01 or 2026-06-01T12:00:00Z");
    }

    /// <summary>The roots to trust.</summary>
    internal TrustAnchors Anchors(ParseResult parsed)
    {
        if (parsed.GetValue(anchors) is not { Length: > 0 } files)
        {
            return TrustAnchors.Amd;
        }

        var roots = new CertificateSet();
        foreach (var file in files)
        {
            AddFile(roots, file);
        }

        return roots.Certificates.Count > 0 ? TrustAnchors.Only(roots.Certificates)
            : throw CommandFailure.Usage("--trust-anchor", $"{files[0]} has no certificate");
    }

    /// <summary>Everything the options name, gathered.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="report">The report, for finding its files in a KDS folder; null when it cannot be read.</param>
    internal CertificateSet Certificates(ParseResult parsed, AttestationReport? report)
    {
        var set = new CertificateSet();
        foreach (var path in parsed.GetValue(certificates) ?? [])
        {
            AddPath(set, path);
        }

        foreach (var path in parsed.GetValue(revocation) ?? [])
        {
            AddFile(set, path);
        }

        if (parsed.GetValue(thim) is { } document)
        {
            AddFile(set, document);
        }

        if (parsed.GetValue(table) is { } tableFile && set.AddTable(InputFile.Read(tableFile), tableFile) is { } error)
        {
            throw CommandFailure.Malformed(tableFile, error);
        }

        if (parsed.GetValue(kds) is { } folder)
        {
            AddKeyDistribution(set, folder, report);
        }

        return set;
    }

    private static void AddPath(CertificateSet set, string path)
    {
        if (!Directory.Exists(path))
        {
            AddFile(set, path);
            return;
        }

        string[] endings = [".pem", ".der", ".crt", ".cer", ".cert", ".crl"];
        string[] names = ["cert_chain", "crl", "ark", "ask", "asvk", "vcek", "vlek"];
        var files = Directory.EnumerateFiles(path).Where(file => !file.EndsWith(".key.pem", StringComparison.Ordinal))
            .Where(file => endings.Contains(Path.GetExtension(file))
                || names.Contains(Path.GetFileName(file))).Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0)
        {
            throw CommandFailure.Usage("--certs", $"the folder {path} has no file ending in {string.Join(", ", endings)}");
        }

        foreach (var file in files)
        {
            AddFile(set, file);
        }
    }

    private static void AddFile(CertificateSet set, string path)
    {
        if (set.Add(InputFile.Read(path), path) is { } error)
        {
            throw CommandFailure.Malformed(path, error);
        }
    }

    /// <summary>Takes the report's own files out of a folder; what is not there stays missing and the checks say so.</summary>
    private static void AddKeyDistribution(CertificateSet set, string folder, AttestationReport? report)
    {
        if (!Directory.Exists(folder))
        {
            throw new CommandFailure(ExitCode.File, $"--kds: {folder}: there is no such folder; make one with litebox fetch-certs");
        }

        foreach (var file in report is null ? [] : KeyDistributionFolder.FilesOf(folder, report))
        {
            AddFile(set, file);
        }
    }
}
