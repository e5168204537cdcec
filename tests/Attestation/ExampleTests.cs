using System.Diagnostics;
using System.Security.Cryptography;
using Xunit;

namespace LiteBox.Attestation.Tests;

/// <summary>The example scripts do what they say: the secret leaves for the right report, and for no other.</summary>
public sealed class ExampleTests : IDisposable
{
    private const SnpProduct Product = SnpProduct.Milan;
    private readonly string folder = Directory.CreateTempSubdirectory("litebox-example-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [SkippableFact]
    public void TheSecretIsReleasedToTheKeyOfTheReport()
    {
        RequireTools();
        using var guest = RSA.Create(2048);
        Assert.Equal(0, Release(guest, report => { }, "--vmpl", "0"));
        Assert.Equal("the secret", System.Text.Encoding.ASCII.GetString(guest.Decrypt(File.ReadAllBytes(PathOf("secret.enc")),
            RSAEncryptionPadding.OaepSHA256)));
        Assert.False(File.Exists(PathOf("nonce.bin")));
    }

    [SkippableFact]
    public void NothingIsReleasedOtherwise()
    {
        RequireTools();
        using var guest = RSA.Create(2048);
        Assert.Equal(1, Release(guest, report => report.ReportData = new byte[64]));
        Assert.Equal(1, Release(guest, report => report.Policy = new(0xB0000)));
        Assert.Equal(5, Release(guest, report => { }, "--at", "2040-01-01"));
        Assert.Equal(1, Release(guest, report => { }, "--policy", Path.Combine(Examples(), "policy.json"), "--deny-product", "Milan"));
        Assert.False(File.Exists(PathOf("secret.enc")));
        Assert.True(File.Exists(PathOf("nonce.bin")));
    }

    private static void RequireTools() => Skip.IfNot(
        File.Exists("/bin/sh") && File.Exists("/usr/bin/openssl"), "sh or openssl is not there");

    private static string Examples() => Path.Combine(TestBench.RootFolder(Product), "..", "..", "..", "examples");

    /// <summary>Plays the guest and runs the script; answers with its exit status.</summary>
    private int Release(RSA guest, Action<ReportBuilder> change, params string[] options)
    {
        File.WriteAllText(PathOf("guest.pem"), guest.ExportSubjectPublicKeyInfoPem());
        File.WriteAllBytes(PathOf("nonce.bin"), RandomNumberGenerator.GetBytes(32));
        File.WriteAllText(PathOf("secret.bin"), "the secret");
        var report = TestBench.Report(Product);
        report.ReportData = SHA512.HashData([.. File.ReadAllBytes(PathOf("nonce.bin")), .. File.ReadAllBytes(PathOf("guest.pem"))]);
        change(report);
        File.WriteAllBytes(PathOf("report.bin"), report.Sign(Product));

        string[] time = options.Contains("--at") ? [] : ["--at", "2025-06-01"];
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = folder, RedirectStandardError = true };
        string[] arguments =
        [
            Path.Combine(Examples(), "release-key.sh"), "nonce.bin", "report.bin", "guest.pem", "secret.bin", "secret.enc",
            "--certs", TestBench.RootFile(Product, "vcek.der"), "--certs", TestBench.RootFile(Product, "ask.der"), "--trust-anchor",
                TestBench.RootFile(Product, "ark.der"), .. time, .. options,
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["LITEBOX"] = $"dotnet {Path.Combine(AppContext.BaseDirectory, "litebox.dll")}";
        using var process = Process.Start(start)!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }

    private string PathOf(string name) => Path.Combine(folder, name);
}
