using System.CommandLine;
using System.Net;
using LiteBox.Attestation;

namespace LiteBox.CommandLine;

/// <summary>`litebox fetch-certs`: says which files of AMD's key distribution service a report needs, and fetches them.</summary>
internal static class FetchCertsCommand
{
    private static readonly Argument<string> File = new("report") { Description = "Report of 1184 bytes, or the 4000-byte payload of MSG_REPORT_RSP; - for standard input" };
    private static readonly Option<string> Folder = new("--out",
        "-o") { Description = "Folder for the files; each keeps the path of its address, and files that are there are not fetched again",
        DefaultValueFactory = _ => "kds" };
    private static readonly Option<bool> UrlsOnly = new("--urls") { Description = "Write the addresses and fetch nothing" };
    private static readonly Option<string?> Product = new("--product") { Description = "Product of a version-2 report, which names none: Milan, Genoa or Turin" };
    private static readonly Option<bool> Json = new("--json") { Description = "Write the addresses as JSON and fetch nothing" };

    internal static Command Create()
    {
        var command = new ToolCommand("fetch-certs",
            "Write the addresses of the certificates and revocation list for a report, and fetch them.",
            """
            litebox fetch-certs examples/evidence/report.bin --urls
            litebox fetch-certs examples/evidence/report.bin --json
            """)
        {
            File, Folder, UrlsOnly, Product, Json,
        };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var path = parsed.GetRequiredValue(File);
        var report = AttestationReport.Parse(InputFile.ReadReport(path)).OrFail(path);
        var files = KeyDistribution.FilesFor(report, Options.Product(parsed.GetValue(Product), "--product"));
        if (files.Count == 0)
        {
            throw new CommandFailure(ExitCode.EvidenceMissing,
                $"{path}: CPUID {report.Cpu} is no processor that AMD has published SNP roots for, so there is nothing to fetch");
        }

        if (parsed.GetValue(Json))
        {
            WriteJson(files);
            return ExitCode.Success;
        }

        if (parsed.GetValue(UrlsOnly))
        {
            foreach (var file in files)
            {
                Console.Out.WriteLine(file.Url);
            }
        }
        else
        {
            await FetchAsync(files, parsed.GetRequiredValue(Folder), cancellation);
        }

        if (report.KeyInfo.SigningKey == SigningKey.Vlek)
        {
            Console.Error.WriteLine("litebox: the report is signed with a VLEK, which only its cloud provider can fetch; take it from the certificate table of the extended report");
        }

        return ExitCode.Success;
    }

    private static async Task FetchAsync(IReadOnlyList<KeyDistributionFile> files, string folder, CancellationToken cancellation)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        var foundEndorsement = false;
        foreach (var file in files)
        {
            var path = KeyDistributionFolder.PathOf(folder, file);
            var there = KeyDistributionFolder.Find(folder, file) is not null;
            foundEndorsement |= file.Content == "VCEK" && there;

            // A version-2 report may be of either product: the first whose VCEK exists is it.
            if (there || (file.Content == "VCEK" && foundEndorsement))
            {
                continue;
            }

            var data = await GetAsync(client, file, mayBeAbsent: file.Content == "VCEK"
                && files.Count(other => other.Content == "VCEK") > 1, cancellation);
            if (data is not null)
            {
                InputFile.Write(path, data);
                Console.Out.WriteLine(path);
                foundEndorsement |= file.Content == "VCEK";
            }
        }
    }

    private static async Task<byte[]?> GetAsync(HttpClient client, KeyDistributionFile file, bool mayBeAbsent,
        CancellationToken cancellation)
    {
        try
        {
            using var response = await client.GetAsync(new Uri(file.Url), cancellation);
            return response.IsSuccessStatusCode ? await response.Content.ReadAsByteArrayAsync(cancellation)
                : response.StatusCode == HttpStatusCode.NotFound && mayBeAbsent ? null
                : throw new CommandFailure(ExitCode.Network,
                    $"{file.Url}: the service answers {(int)response.StatusCode}{(response.StatusCode == HttpStatusCode.TooManyRequests ? "; wait a minute and try again" : "")}");
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            throw new CommandFailure(ExitCode.Network,
                $"{file.Url}: {error.Message}; fetch it elsewhere and put it under --out, --urls lists all");
        }
    }

    private static void WriteJson(IReadOnlyList<KeyDistributionFile> files) => Output.Json(writer =>
    {
        writer.WriteStartArray();
        foreach (var file in files)
        {
            writer.WriteStartObject();
            writer.WriteString("content", file.Content);
            writer.WriteString("product", file.Product.Name());
            writer.WriteString("url", file.Url);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });
}
