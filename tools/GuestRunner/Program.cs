using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using LiteBox.GuestKit;

// usage: GuestRunner linux|litebox|compare [differential|hostile|endurance] [test...]     all tests of the suite without names
const string Usage = "usage: GuestRunner linux|litebox|compare [differential|hostile|endurance] [test...]";
if (args.Length == 0 || args[0] is not ("linux" or "litebox" or "compare"))
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
IReadOnlyList<string> wanted = args[(suiteNamed ? 2 : 1)..];
IReadOnlyList<string> names = wanted.Count > 0 ? wanted : suite.Names;

IReadOnlyDictionary<string, GuestOutput>? linux = args[0] == "litebox" ? null : await LinuxRecording.OfAsync(suite, names);
IReadOnlyDictionary<string, GuestOutput>? ours = null;
if (args[0] != "linux")
{
    var run = new SuiteRun(suite, GuestKernel.LiteBox);
    ours = await run.RunAsync(names);
    string console = Path.Combine(Repository.OutDirectory("guest-console"), "last.txt");
    File.WriteAllText(console, run.Transcript);
    Console.WriteLine($"(the whole console: {console})");
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
