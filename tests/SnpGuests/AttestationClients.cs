using System;
using System.IO;
using System.Linq;
using LiteBox.Attestation;
using LiteBox.GuestKit;
using LiteBox.Image;
using LiteBox.Qemu;
using Xunit;

namespace LiteBox.SnpGuests.Tests;

/// <summary>The clients of a guest's attestation devices: the same files run on Linux and on our kernel, and what they print is judged in one way.</summary>
internal static class AttestationClients
{
    /// <summary>Messages that the clients make the kernel exchange, as Linux does it.</summary>
    public const ulong MessageCount = 21;

    private const uint Executable = 0x1ED; // 0755
    private static readonly DateTimeOffset When = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What Linux 6.12 answers to right and wrong questions; LinuxTests holds the recording against Linux.</summary>
    public static string Recording => File.ReadAllText(Repository.PathOf("tests/SnpGuests/guest/attestation.linux-6.12.txt"));

    /// <summary>Adds the programs, and the script /bin/attestation that runs them.</summary>
    public static void AddTo(RootFileSystem files)
    {
        foreach (string name in new[] { "sevguest", "sevwrong", "tsmreport" })
        {
            files.AddFile($"bin/{name}", File.ReadAllBytes(GuestProgram.Compile(Repository.PathOf($"tests/SnpGuests/guest/{name}.c"))), Executable);
        }
        files.AddFile("bin/attestation", File.ReadAllBytes(Repository.PathOf("tests/SnpGuests/guest/attestation")), Executable);
    }

    /// <summary>What the clients printed of answers, without the kernel's log between the lines and without what no two guests have in common.</summary>
    public static string Answers(string console)
    {
        string[] lines = console.Replace("\r", "").Split('\n');
        return string.Concat(lines
            .SkipWhile(line => line != "ATTESTATION-BEGIN").Skip(1).TakeWhile(line => line != "ATTESTATION-END")
            .Where(line => !line.StartsWith('[') && !line.StartsWith("TSM-"))
            .Select(line => line + "\n"));
    }

    /// <summary>
    /// Verifies a report and the certificates that came with it, down to the test root, for the data 64 bytes long that count up from
    /// <paramref name="firstByte"/> and for the launch digest that the machine printed.
    /// </summary>
    public static AttestationReport Verify(MachineRun run, SnpRecord record, SnpSettings settings, string reportLine, string certificatesLine, byte firstByte)
    {
        CertificateSet certificates = new();
        Assert.Null(certificates.AddTable(HexAfter(run.Console, certificatesLine), certificatesLine));
        TrustAnchors anchors = TrustAnchors.Only(
            [AmdCertificate.Parse(File.ReadAllBytes(Path.Combine(settings.TestRoot, settings.Product.ToString().ToLowerInvariant(), "ark.der"))).Value!]);
        VerificationPolicy policy = new()
        {
            ReportData = [.. Enumerable.Range(firstByte, 64).Select(value => (byte)value)],
            Measurements = [new(null, Convert.FromHexString(record.LaunchDigest!))],
        };
        VerificationResult result = ReportVerifier.Verify(HexAfter(run.Console, reportLine), certificates, policy, When, anchors);
        Assert.True(result.Accepted, string.Join('\n', result.Failures));
        return result.Report!;
    }

    /// <summary>The bytes that a line of the console has behind its name.</summary>
    public static byte[] HexAfter(string console, string name)
    {
        int start = console.IndexOf("\n" + name + " ", StringComparison.Ordinal) + name.Length + 2;
        int end = console.IndexOfAny(['\r', '\n'], start);
        return Convert.FromHexString(console.AsSpan(start, end - start));
    }
}
