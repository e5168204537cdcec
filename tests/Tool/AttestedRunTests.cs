using System;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using LiteBox.GuestKit;
using Xunit;

namespace LiteBox.Tool.Tests;

/// <summary>`litebox run --attest`: the workload of examples/attested gets its secret for the right report, and for no other.</summary>
public sealed class AttestedRunTests : IDisposable
{
    private const string Secret = "open sesame";
    private readonly string _folder = Directory.CreateTempSubdirectory("litebox-attest-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_secret_goes_in_after_the_report_was_accepted()
    {
        CommandEnd end = Run();
        Assert.True(end.Status == 0, end.Errors + end.Output);
        Assert.Contains("litebox: report accepted, the secret went in", end.Errors, StringComparison.Ordinal);
        Assert.Contains(
            $"the secret has {Secret.Length} bytes, its SHA-256 is {Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Secret)))}",
            end.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.ASCII.GetBytes(Secret)), end.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_that_the_policy_refuses_ends_the_machine_before()
    {
        File.WriteAllText(PathOf("policy.json"), """{"minimum_guest_svn": 1}""");
        CommandEnd end = Run("--policy", PathOf("policy.json"));
        Assert.True(end.Status == 1, end.Errors + end.Output);
        Assert.Contains("litebox: report refused, the secret stays here: guest_svn: too old", end.Errors, StringComparison.Ordinal);
        Assert.Contains("litebox-attest: report", end.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("the secret has", end.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_snp_guest_gets_none()
    {
        CommandEnd end = Run("--platform", "plain");
        Assert.Equal(2, end.Status);
        Assert.StartsWith("litebox: --attest: a plain VM has no report", LastLine(end.Errors), StringComparison.Ordinal);
    }

    private static string LastLine(string text) => text.TrimEnd('\n').Split('\n')[^1];

    private CommandEnd Run(params string[] more)
    {
        string root = PathOf("rootfs");
        Directory.CreateDirectory(Path.Combine(root, "bin"));
        File.Copy(Repository.PathOf("examples/attested/init"), Path.Combine(root, "init"));
        File.Copy("/bin/busybox", Path.Combine(root, "bin/busybox"));
        File.CreateSymbolicLink(Path.Combine(root, "bin/sh"), "busybox");
        _ = LiteBoxCommand.Run("build", root, "-o", PathOf("attested.img")).Text;
        File.WriteAllText(PathOf("secret.txt"), Secret);
        string[] platform = more is ["--platform", ..] ? [] : ["--platform", "snp-machine"];
        return LiteBoxCommand.Run(["run", PathOf("attested.img"), "--attest", PathOf("secret.txt"), "--time-limit", "300", .. platform, .. more]);
    }

    private string PathOf(string name) => Path.Combine(_folder, name);
}
