using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using LiteBox.GuestKit;
using LiteBox.Qemu;

const string Usage = """
    usage: GuestRunner linux|litebox|litebox-snp|litebox-snp51|compare|compare-snp|compare-snp51 [differential|hostile|endurance] [test...]
    All tests of the suite without names. -snp is the SNP machine with the C-bit at 47, -snp51 with 51. "compare" shows only what differs from Linux.
    """;
(bool OnLinux, GuestPlatform? Ours)? wanted = args.FirstOrDefault() switch
{
    "linux" => (true, null),
    "litebox" => (false, GuestPlatform.Plain),
    "litebox-snp" => (false, GuestPlatform.Snp47),
    "litebox-snp51" => (false, GuestPlatform.Snp51),
    "compare" => (true, GuestPlatform.Plain),
    "compare-snp" => (true, GuestPlatform.Snp47),
    "compare-snp51" => (true, GuestPlatform.Snp51),
    _ => null,
};
if (wanted == null)
{
    Console.Error.WriteLine(Usage);
    return 64;
}

var suites = new Dictionary<string, GuestSuite>
{
    ["differential"] = GuestSuites.Differential,
    ["hostile"] = GuestSuites.Hostile,
    ["endurance"] = GuestSuites.Endurance,
};
bool suiteNamed = args.Length > 1 && suites.ContainsKey(args[1]);
GuestSuite suite = suites[suiteNamed ? args[1] : "differential"];
IReadOnlyList<string> chosen = args[(suiteNamed ? 2 : 1)..];
IReadOnlyList<string> names = chosen.Count > 0 ? chosen : suite.Names;

IReadOnlyDictionary<string, GuestOutput>? linux = wanted.Value.OnLinux ? await LinuxRecording.OfAsync(suite, names) : null;
IReadOnlyDictionary<string, GuestOutput>? ours = null;
if (wanted.Value.Ours is { } platform)
{
    var run = new SuiteRun(suite, GuestKernel.LiteBoxOn(platform));
    ours = await run.RunAsync(names);
    string console = Path.Combine(Repository.OutDirectory("guest-console"), "last.txt");
    File.WriteAllText(console, run.Transcript);
    Console.WriteLine($"(the whole console: {console})");
    foreach (SnpRecord record in run.Records)
    {
        Console.Write(record.Text);
    }
}

int different = 0;
foreach (string name in names)
{
    if (linux != null && ours != null)
    {
        string difference = OutputDifference.Between(name, linux[name], ours[name]);
        different += difference.Length == 0 ? 0 : 1;
        Console.WriteLine(difference.Length == 0 ? $"same      {name}" : $"DIFFERENT {name}\n{difference}");
    }
    else
    {
        GuestOutput output = (linux ?? ours)![name];
        Console.WriteLine($"--- {name}\n{output.Text}--- end: {output.End}");
    }
}

return different == 0 ? 0 : 1;
