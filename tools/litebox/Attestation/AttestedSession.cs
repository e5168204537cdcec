using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using LiteBox.Attestation;
using LiteBox.Qemu;

namespace LiteBox.CommandLine;

/// <summary>
/// A machine whose workload gets a secret over its console, and only after the report that it shows was accepted. The guest writes
/// "litebox-attest: ready", reads a line of 128 hexadecimal digits, asks for a report with these 64 bytes as REPORT_DATA, writes
/// "litebox-attest: report" and "litebox-attest: certs" with hexadecimal digits, and reads the secret as one line of base64.
/// </summary>
/// <remarks>
/// The console belongs to the host, and so does this command, which holds the secret: the check keeps it from a guest that is not the one
/// that was built, not from the host. A secret that the host must not see goes the way of examples/release-key.sh.
/// </remarks>
internal sealed partial class AttestedSession : IAsyncDisposable
{
    /// <summary>The longest secret: its base64 is one line of a terminal, which holds 4095 characters (N_TTY).</summary>
    internal const int LongestSecret = 3000;

    private static readonly TimeSpan Forever = TimeSpan.FromDays(20);
    private readonly StringBuilder text = new();
    private readonly VirtualMachine machine;
    private int read;

    private AttestedSession(VirtualMachine machine) => this.machine = machine;

    /// <summary>Runs a machine to its end.</summary>
    /// <param name="options">The machine.</param>
    /// <param name="secret">What the workload gets.</param>
    /// <param name="judge">Judges the report and the certificates that came with it; the nonce is what REPORT_DATA must be.</param>
    /// <param name="limit">When to end the machine.</param>
    /// <returns>How the machine ended; null when the report was refused, which ends the machine at once.</returns>
    internal static async Task<(MachineRun? Run, VerificationResult? Result)> RunAsync(VirtualMachineOptions options, byte[] secret,
        Func<byte[], byte[], byte[], VerificationResult> judge, TimeSpan limit)
    {
        await using var session = new AttestedSession(VirtualMachine.Start(options));
        VerificationResult? result = null;
        try
        {
            result = await session.AttestAsync(judge);
            if (!result.Accepted)
            {
                return (null, result);
            }

            session.machine.Console.Send(Convert.ToBase64String(secret) + "\n");
            _ = session.TypeAsync();
            await session.FindAsync(Never(), limit);
        }
        catch (TimeoutException)
        {
            // The guest has ended, with or without having asked.
        }

        return (await session.machine.WaitForEndAsync(limit < Forever ? limit : Forever), result);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => machine.DisposeAsync();

    private async Task<VerificationResult> AttestAsync(Func<byte[], byte[], byte[], VerificationResult> judge)
    {
        await FindAsync(Ready(), Forever);
        byte[] nonce = RandomNumberGenerator.GetBytes(64);
        machine.Console.Send(Convert.ToHexStringLower(nonce) + "\n");
        byte[] report = Convert.FromHexString(await FindAsync(ReportLine(), Forever));
        byte[] certificates = Convert.FromHexString(await FindAsync(CertificateLine(), Forever));
        return judge(nonce, report, certificates);
    }

    /// <summary>Shows what the guest writes until a line matches, and answers with its digits.</summary>
    /// <exception cref="TimeoutException">The guest ended first.</exception>
    private async Task<string> FindAsync(Regex line, TimeSpan limit)
    {
        while (true)
        {
            if (line.Match(text.ToString(read, text.Length - read)) is { Success: true } match)
            {
                read += match.Index + match.Length;
                return match.Groups["digits"].Value;
            }

            string more = await machine.Console.ExpectAsync(Anything(), limit < Forever ? limit : Forever);
            Console.Out.Write(more);
            text.Append(more);
        }
    }

    private async Task TypeAsync()
    {
        while (await Console.In.ReadLineAsync() is { } line)
        {
            machine.Console.Send(line + "\n");
        }
    }

    [GeneratedRegex(@"[\s\S]+")]
    private static partial Regex Anything();

    [GeneratedRegex(@"(?!)")]
    private static partial Regex Never();

    [GeneratedRegex(@"litebox-attest: ready\r?\n")]
    private static partial Regex Ready();

    [GeneratedRegex(@"litebox-attest: report (?<digits>([0-9a-f]{2})+)\r?\n")]
    private static partial Regex ReportLine();

    [GeneratedRegex(@"litebox-attest: certs ?(?<digits>([0-9a-f]{2})*)\r?\n")]
    private static partial Regex CertificateLine();
}
