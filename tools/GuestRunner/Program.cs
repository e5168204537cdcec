using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using LiteBox.GuestKit;

// usage: GuestRunner linux|litebox|compare [test...]     tests of tests/Guest; all without names
if (args.Length == 0 || args[0] is not ("linux" or "litebox" or "compare"))
{
    Console.Error.WriteLine("usage: GuestRunner linux|litebox|compare [test...]");
    return 64;
}

GuestSuite suite = GuestSuites.Differential;
IReadOnlyList<string> names = args.Length > 1 ? args[1..] : suite.Names;
IReadOnlyDictionary<string, GuestOutput>? linux = args[0] == "litebox" ? null : await LinuxRecording.OfAsync(suite, names);
IReadOnlyDictionary<string, GuestOutput>? ours = null;
if (args[0] != "linux")
{
    var run = new SuiteRun(suite, GuestKernel.LiteBox);
    ours = await run.RunAsync(names);
    File.WriteAllText(Path.Combine(Repository.OutDirectory("guest-console"), "last.txt"), run.Transcript);
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
