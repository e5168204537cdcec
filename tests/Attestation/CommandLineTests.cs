using System.CommandLine;
using System.Text;
using LiteBox.CommandLine;
using Xunit;

namespace LiteBox.Attestation.Tests;

/// <summary>
/// The commands as people and scripts meet them: exit codes by kind, one clear line for wrong input, examples that parse.
/// </summary>
[Collection("console")]
public sealed class CommandLineTests : IDisposable
{
    private const SnpProduct Product = SnpProduct.Genoa;
    private readonly string folder = Directory.CreateTempSubdirectory("litebox-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task AnAcceptedReportExitsWithZero()
    {
        var (code, text, errors) = await Run("verify", ReportFile(), "--certs", TestBench.RootFolder(Product), "--trust-anchor",
            Root("ark.der"), "--at", "2025-06-01", "--crl", CurrentList());
        Assert.Equal((0, ""), (code, errors));
        Assert.Contains("ACCEPTED", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "--vmpl", "1")]
    [InlineData(1, "--measurement", "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData(5, "--at", "2040-01-01")]
    [InlineData(2, "--at", "yesterday")]
    [InlineData(2, "--vmpl", "4")]
    [InlineData(2, "--measurement", "00")]
    [InlineData(2, "--report-data", "xyz")]
    [InlineData(2, "--min-tcb", "Milan")]
    [InlineData(2, "--min-tcb", "Milan:uc=x")]
    [InlineData(2, "--require-platform", "BIT6")]
    [InlineData(2, "--no-such-option", "1")]
    [InlineData(4, "--policy", "/no/such/policy.json")]
    [InlineData(4, "--kds", "/no/such/folder")]
    [InlineData(0, "--report-data-file", "KEY")]
    [InlineData(0, "--host-data-file", "HOST")]
    [InlineData(0, "--min-tcb", "Genoa:bl=10,tee=0,snp=23,uc=84")]
    [InlineData(1, "--min-tcb", "Genoa:uc=85")]
    [InlineData(0, "--min-firmware", "1.55.40")]
    [InlineData(1, "--deny-product", "genoa")]
    [InlineData(1, "--forbid-platform", "SMT_EN")]
    public async Task TheExitCodeSaysTheKind(int expected, string option, string value)
    {
        var content = value switch
        {
            "KEY" => Save("key", "key"u8.ToArray()),
            "HOST" => Save("host", "host"u8.ToArray()),
            _ => value,
        };
        string[] arguments = ["verify", ReportFile(), "--certs", Root("vcek.der"), "--certs", Root("ask.der"), "--trust-anchor",
            Root("ark.der"), option, content];
        var (code, _, errors) = await Run(option == "--at" ? arguments : [.. arguments, "--at", "2025-06-01"]);
        Assert.Equal(expected, code);
        AssertOneLine(errors, expected is 2 or 4);
        if (expected is 2 or 4)
        {
            Assert.Contains(option == "--policy" ? value : option, errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task MissingCertificatesExitWithTheirOwnCode()
    {
        var (code, text, _) = await Run("verify", ReportFile());
        Assert.Equal(6, code);
        Assert.Contains("https://kdsintf.amd.com/vcek/v1/Genoa/", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MalformedInputNamesFileAndOffset()
    {
        var file = Save("short.bin", new byte[100]);
        foreach (var command in new[] { "report", "fetch-certs" })
        {
            var (code, _, errors) = await Run(command, file);
            Assert.Equal(3, code);
            AssertOneLine(errors, true);
            Assert.Contains(file, errors, StringComparison.Ordinal);
            Assert.Contains("offset 0x64", errors, StringComparison.Ordinal);
        }

        var (verify, text, _) = await Run("verify", file);
        Assert.Equal(3, verify);
        Assert.Contains("offset 0x64", text, StringComparison.Ordinal);
        var broken = Save("broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA"u8.ToArray());
        var (certificate, _, line) = await Run("verify", ReportFile(), "--certs", broken);
        Assert.Equal(3, certificate);
        Assert.Contains(broken, line, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("README.md")]
    [InlineData("docs/attestation.md")]
    public async Task TheTranscriptIsWhatTheToolWrites(string document)
    {
        Vectors.Require();
        const string Report = "reports/aci-genoa-v3";
        var (code, text, _) = await Run("verify", Vectors.PathOf($"{Report}/report.bin"), "--certs", Vectors.PathOf($"{Report}/vcek.der"),
            "--min-tcb", "Genoa:bl=10,snp=23,uc=84", "--require-platform", "ALIAS_CHECK_COMPLETE", "--measurement",
            "5feee30d6d7e1a29f403d70a4198237ddfb13051a2d6976439487c609388ed7f98189887920ab2fa0096903a0c23fca1", "--deny-product", "Milan",
            "--at", "2026-06-01");
        Assert.Equal(0, code);
        var page = File.ReadAllText(Path.Combine(TestBench.RootFolder(Product), "..", "..", "..", document));
        var told = page[page.IndexOf("pass  report.format", StringComparison.Ordinal)..].Split("```")[0].TrimEnd().Split('\n');
        var written = text.TrimEnd().Split('\n');
        Assert.Equal(written.Length, told.Length);
        Assert.All(told.Zip(written), line => Assert.StartsWith(line.First.TrimEnd('.'), line.Second, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AValueMayStartWithAnything()
    {
        var (code, _, errors) = await Run("measure", "--mode", "sev", "--ovmf", Save("ovmf.fd", new byte[4096]), "--append", "@console");
        Assert.Equal(2, code);
        Assert.Contains("--append", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAzureReportIsSentToItsCommand()
    {
        var (code, _, errors) = await Run("verify", Save("hcl.bin", [.. "HCLA"u8, .. new byte[2596]]));
        Assert.Equal(3, code);
        Assert.Contains("litebox azure", errors, StringComparison.Ordinal);
        Assert.Equal(3, (await Run("azure", ReportFile())).Code);
    }

    [Fact]
    public async Task AReportWithAReservedBitIsShownAndRefused()
    {
        var bytes = TestBench.Report(Product).Sign(Product);
        bytes[0x340] = 1;
        var (code, text, errors) = await Run("report", Save("reserved.bin", bytes));
        Assert.Equal(3, code);
        Assert.Contains("measurement", text, StringComparison.Ordinal);
        Assert.Contains("0x340", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task JsonIsWholeAndNothingElse()
    {
        var (code, text, _) = await Run("verify", ReportFile(), "--json");
        var json = System.Text.Json.JsonDocument.Parse(text).RootElement;
        Assert.False(json.GetProperty("accepted").GetBoolean());
        Assert.Equal(code, json.GetProperty("exit_code").GetInt32());
        Assert.Equal("Genoa", json.GetProperty("report").GetProperty("product").GetString());
        Assert.All(json.GetProperty("checks").EnumerateArray(), check => Assert.NotEmpty(check.GetProperty("reason").GetString()!));
    }

    [Fact]
    public async Task AKeyDistributionFolderIsFoundByTheAddresses()
    {
        var report = AttestationReport.Parse(TestBench.Report(Product).Sign(Product)).Value!;
        var chain = Encoding.ASCII.GetBytes(Pem("ask.der") + Pem("ark.der"));
        foreach (var file in KeyDistribution.FilesFor(report, null).Where(file => file.Content != "CRL"))
        {
            var path = Path.Combine(folder, "kds", file.Path[1..]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, file.Content == "VCEK" ? File.ReadAllBytes(Root("vcek.der")) : chain);
        }

        var (code, text, _) = await Run("verify", ReportFile(), "--kds", Path.Combine(folder, "kds"), "--trust-anchor", Root("ark.der"),
            "--at", "2025-06-01");
        Assert.True(code == 0, text);

        string Pem(string name) => System.Security.Cryptography.PemEncoding.WriteString("CERTIFICATE",
            File.ReadAllBytes(Root(name))) + "\n";
    }

    [Theory]
    [InlineData("{0}.der", "cert_chain.pem")]
    [InlineData("{0}/vcek.der", "cert_chain")]
    [InlineData("{0}?blSPL=10", "cert_chain")]
    public async Task OtherNamesInAKeyDistributionFolderAreFoundToo(string leaf, string chain)
    {
        var place = Path.Combine(folder, "kds", "vcek", "v1", "Genoa");
        var name = Path.Combine(place, string.Format(System.Globalization.CultureInfo.InvariantCulture, leaf,
            Convert.ToHexStringLower(TestMachine.ChipId(Product))));
        Directory.CreateDirectory(Path.GetDirectoryName(name)!);
        File.Copy(Root("vcek.der"), name);
        File.WriteAllBytes(Path.Combine(place, chain), [.. File.ReadAllBytes(Root("ask.der")), .. File.ReadAllBytes(Root("ark.der"))]);
        var (code, text, _) = await Run("verify", ReportFile(), "--kds", Path.Combine(folder, "kds"), "--trust-anchor", Root("ark.der"),
            "--at", "2025-06-01");
        Assert.True(code == 0, text);
    }

    [Fact]
    public async Task AVlekIsFoundInAKeyDistributionFolder()
    {
        var place = Path.Combine(folder, "kds", "vlek", "v1", "Genoa");
        Directory.CreateDirectory(place);
        File.Copy(Root("vlek.der"), Path.Combine(place, "cert"));
        File.WriteAllBytes(Path.Combine(place, "cert_chain"),
            [.. File.ReadAllBytes(Root("asvk.der")), .. File.ReadAllBytes(Root("ark.der"))]);
        var report = Save("vlek.bin", TestBench.VlekReport(Product).Sign(Product, "vlek"));
        var (code, text, _) = await Run("verify", report, "--kds", Path.Combine(folder, "kds"), "--trust-anchor", Root("ark.der"), "--at",
            "2025-06-01");
        Assert.True(code == 0, text);
    }

    [Fact]
    public async Task AddressesAreWrittenWithoutANetwork()
    {
        var (code, text, _) = await Run("fetch-certs", ReportFile(), "--urls");
        Assert.Equal(0, code);
        Assert.Equal(3, text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.All(text.Split('\n', StringSplitOptions.RemoveEmptyEntries), line =>
            Assert.StartsWith("https://kdsintf.amd.com/vcek/v1/Genoa/", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2, "--mode", "snp")]
    [InlineData(2, "--mode", "tdx", "--ovmf", "OVMF")]
    [InlineData(2, "--mode", "snp", "--ovmf", "OVMF")]
    [InlineData(2, "--mode", "snp", "--ovmf", "OVMF", "--vcpus", "1")]
    [InlineData(2, "--mode", "snp", "--ovmf", "OVMF", "--vcpus", "0", "--vcpu-type", "EPYC")]
    [InlineData(2, "--mode", "snp", "--ovmf", "OVMF", "--vcpus", "1", "--vcpu-type", "Xeon")]
    [InlineData(2, "--mode", "snp", "--ovmf", "OVMF", "--vcpus", "1", "--vcpu-type", "EPYC", "--initrd", "OVMF")]
    [InlineData(2, "--mode", "snp", "--ovmf", "OVMF", "--vcpus", "1", "--vcpu-type", "EPYC", "--append", "x")]
    [InlineData(2, "--mode", "snp", "--ovmf", "OVMF", "--vcpus", "1", "--vcpu-family", "23")]
    [InlineData(2, "--mode", "snp", "--ovmf", "OVMF", "--vcpus", "1", "--vmm-type", "xen")]
    [InlineData(2, "--mode", "seves", "--ovmf", "OVMF", "--vcpus", "1", "--vcpu-type", "EPYC", "--snp-ovmf-hash", "00")]
    [InlineData(3, "--mode", "snp", "--ovmf", "OVMF", "--vcpus", "1", "--vcpu-type", "EPYC")]
    [InlineData(4, "--mode", "sev", "--ovmf", "/no/such/ovmf")]
    [InlineData(0, "--mode", "sev", "--ovmf", "OVMF")]
    [InlineData(0, "--mode", "seves", "--ovmf", "OVMF", "--vcpus", "1", "--vcpu-sig", "0x800f12")]
    public async Task MeasureSaysWhatIsMissing(int expected, params string[] options)
    {
        var firmware = Save("ovmf.fd", new byte[4096]);
        var (code, _, errors) = await Run(["measure", .. options.Select(option => option == "OVMF" ? firmware : option)]);
        Assert.Equal(expected, code);
        AssertOneLine(errors, expected != 0);
    }

    [Fact]
    public async Task AnIdBlockIsMadeAndVerified()
    {
        using var key = PlatformKey.Generate();
        var keyFile = Save("id.pem", Encoding.ASCII.GetBytes(key.ExportPem()));
        var (block, authentication) = (Path.Combine(folder, "block.bin"), Path.Combine(folder, "auth.bin"));
        var digest = new string('a', 96);
        var (code, text, errors) = await Run("id-block", "--measurement", digest, "--idkey", keyFile, "--id-file", block, "--auth-file",
            authentication);
        Assert.True(code == 0, errors);
        Assert.Contains(Convert.ToHexStringLower(key.Digest), text, StringComparison.Ordinal);
        Assert.Equal(0, (await Run("id-block", "verify", block, authentication, "--measurement", digest)).Code);
        Assert.Equal(1, (await Run("id-block", "verify", block, authentication, "--measurement", new string('b', 96))).Code);
        Assert.Contains(Convert.ToHexStringLower(key.Digest), (await Run("id-block", "key-digest", keyFile)).Text,
            StringComparison.Ordinal);
        var changed = File.ReadAllBytes(block);
        changed[0x54] ^= 1;
        Assert.Equal(5, (await Run("id-block", "verify", Save("changed.bin", changed), authentication)).Code);
        Assert.Equal(2, (await Run("id-block", "--measurement", digest, "--idkey", keyFile, "--policy", "0x10000")).Code);
        Assert.Equal(3, (await Run("id-block", "--measurement", digest, "--idkey", block)).Code);
    }

    [Theory]
    [InlineData("measure")]
    [InlineData("id-block")]
    [InlineData("report")]
    [InlineData("verify")]
    [InlineData("azure")]
    [InlineData("fetch-certs")]
    [InlineData("certs")]
    public async Task HelpEndsWithExamplesThatParse(string name)
    {
        var (code, text, _) = await Run(name, "--help");
        Assert.Equal(0, code);
        var examples = text.Split("`make image`:\n")[1].Split("\n\n")[0].Split('\n').Select(line => line.Trim()).Where(line =>
            line.Contains("litebox ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(examples);
        foreach (var example in examples.SelectMany(line => line.Split(" && ")))
        {
            var words = Words(example.Split(" | ")[0]);
            Assert.Equal("litebox", words[0]);
            var (status, _, errors) = await Run([.. words.Skip(1).Take(1), .. words.Skip(2).Where(word => word != "--help"), "--help"]);
            Assert.True(status == 0, $"{example}: {errors}");
            Assert.Empty(Program.CreateRoot().Parse([.. words.Skip(1)]).Errors);
        }
    }

    private static void AssertOneLine(string errors, bool expected) =>
        Assert.Equal(expected ? 1 : 0, errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);

    /// <summary>Splits a command line as a shell does, with quotation marks and without substitution.</summary>
    private static List<string> Words(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var quoted = false;
        foreach (var character in line)
        {
            if (character == '"')
            {
                quoted = !quoted;
            }
            else if (character == ' ' && !quoted)
            {
                words.Add(word.ToString());
                word.Clear();
            }
            else
            {
                word.Append(character);
            }
        }

        return [.. words.Append(word.ToString()).Where(text => text.Length > 0)];
    }

    private static string Root(string name) => TestBench.RootFile(Product, name);

    private string ReportFile() => Save("report.bin", TestBench.Report(Product).Sign(Product));

    private string CurrentList() => Save("list.der", TestBench.Authority(Product).IssueRevocationList(9, TestBench.Time.AddDays(-1),
        TestBench.Time.AddDays(1)));

    private string Save(string name, byte[] data)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, data);
        return path;
    }

    private static async Task<(int Code, string Text, string Errors)> Run(params string[] arguments)
    {
        var (output, error) = (Console.Out, Console.Error);
        using var text = new StringWriter();
        using var errors = new StringWriter();
        try
        {
            Console.SetOut(text);
            Console.SetError(errors);
            var code = await Program.RunAsync(arguments);
            return (code, text.ToString(), errors.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }
}
