using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using LiteBox.Qemu;

namespace LiteBox.GuestKit;

/// <summary>What one test of a suite printed, and how it ended.</summary>
/// <param name="Text">Its standard output and error.</param>
/// <param name="End">Its exit status as the shell saw it, or in words why there is none.</param>
public sealed record GuestOutput(string Text, string End);

/// <summary>
/// Runs a suite on a kernel. A test that stops the machine, or does not end in time, costs one boot: the machine is started again
/// with the tests behind it.
/// </summary>
public sealed partial class SuiteRun(GuestSuite suite, GuestKernel kernel)
{
    private const string AllDone = "##all-done";
    private const int MostBoots = 12;
    private readonly List<SnpRecord> _records = [];

    /// <summary>How long one test, or the boot before the first, may take in real time.</summary>
    public TimeSpan StepLimit { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>Everything the consoles showed, for people who look for a cause.</summary>
    public string Transcript { get; private set; } = "";

    /// <summary>What the SNP machine told of each boot; empty on other machines.</summary>
    public IReadOnlyList<SnpRecord> Records => _records;

    /// <summary>Runs the named tests.</summary>
    public async Task<IReadOnlyDictionary<string, GuestOutput>> RunAsync(IReadOnlyList<string> names)
    {
        var outputs = new Dictionary<string, GuestOutput>();
        List<string> left = [.. names];
        for (int boots = 0; left.Count != 0 && boots < MostBoots; boots++)
        {
            string? failure = await BootAsync(left, outputs);
            left.RemoveAll(outputs.ContainsKey);
            if (failure == null)
            {
                break;
            }

            if (left.Count != 0)
            {
                outputs[left[0]] = new GuestOutput(PartOf(left[0]), failure);
                left.RemoveAt(0);
            }
        }

        foreach (string name in left)
        {
            outputs[name] = new GuestOutput("", "not run");
        }

        return outputs;
    }

    // One boot. Returns null when all tests were run, else why the first that is missing has no output.
    private async Task<string?> BootAsync(IReadOnlyList<string> names, Dictionary<string, GuestOutput> outputs)
    {
        VirtualMachineOptions options = kernel.Machine(suite.FilesFor(names).ToInitrd());
        await using VirtualMachine machine = VirtualMachine.Start(options);
        string? failure = null;
        try
        {
            for (int step = 0; step <= names.Count; step++)
            {
                string text = await machine.Console.ExpectAsync(StepEnd(), StepLimit);
                if (text.Contains(AllDone, StringComparison.Ordinal))
                {
                    break;
                }
            }
        }
        catch (TimeoutException noStep)
        {
            string[] lines = noStep.Message.Split('\n');
            string end = WorkloadOutcome.Find(machine.Console.Text) is { End: not WorkloadEnd.Unknown } outcome ? $"{outcome}; " : "";
            failure = $"{end}{lines[0]}; console ends:\n{string.Join('\n', lines.TakeLast(25))}";
        }

        // The SNP machine counts to its end.
        await machine.WaitForEndAsync(failure == null ? StepLimit : TimeSpan.Zero);
        if (options.Machine is SoftwareSnpMachine software)
        {
            _records.Add(software.Record);
        }

        Transcript += machine.Console.Text;
        Parse(machine.Console.Text, outputs);
        return failure;
    }

    private static void Parse(string console, Dictionary<string, GuestOutput> outputs)
    {
        foreach (Match match in Test().Matches(console.Replace("\r", "", StringComparison.Ordinal)))
        {
            outputs[match.Groups["name"].Value] = new GuestOutput(Unquote(match.Groups["text"].Value), match.Groups["status"].Value);
        }
    }

    // The test's own lines begin with "| "; all others are the kernel's.
    private static string Unquote(string text) =>
        string.Concat(text.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line[2..] + "\n"));

    private string PartOf(string name)
    {
        int begin = Transcript.LastIndexOf($"##begin {name}\r", StringComparison.Ordinal);
        return begin < 0 ? "" : Transcript[begin..].Replace("\r", "", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"(##end [^\r\n]+|##all-done)\r?\n")]
    private static partial Regex StepEnd();

    [GeneratedRegex(@"##begin (?<name>\S+)\n(?<text>.*?)##end \k<name> (?<status>\d+)\n", RegexOptions.Singleline)]
    private static partial Regex Test();
}
