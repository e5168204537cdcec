using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using LiteBox.TestRunner;

// usage: TestRunner [name...]    runs the test projects whose name contains one of the words; all without words
string tests = Path.GetFullPath("tests");
string results = Path.GetFullPath("out/test-results");
List<TestProject> projects = [.. TestProject.FindAll(tests).Where(project => args.Length == 0 || args.Any(project.IsNamed))];
if (projects.Count == 0)
{
    Console.Error.WriteLine($"no test project below {tests} is named so");
    return 1;
}

var clock = Stopwatch.StartNew();
var all = new List<TestResult>();
Directory.CreateDirectory(results);
string buildLog = Path.Combine(results, "build.log");
Say($"building {projects.Count} projects");
int built = Dotnet.Run(
    ["build", Path.Combine(tests, "Tests.proj"), "--nologo", "-v", "q"], buildLog, ("TestProjects", string.Join(';', projects.Select(project => project.Path))));
if (built != 0)
{
    all.Add(new TestResult("build of the test projects", Outcome.Failed, $"the end of {buildLog}:\n{Dotnet.Tail(buildLog)}"));
}
else
{
    Lanes.Run(projects, Environment.ProcessorCount, Run);
}

var summary = new Summary(all);
summary.PrintDetails(Console.Out);
Console.WriteLine(summary);
return summary.Failed == 0 && summary.Passed > 0 ? 0 : 1;

void Run(TestProject project)
{
    TimeSpan begin = clock.Elapsed;
    Say($"{project.Name} begins");
    IReadOnlyList<TestResult> found = project.Run(results);
    lock (all)
    {
        all.AddRange(found);
    }

    Say($"{project.Name}: {new Summary(found)}, in {clock.Elapsed - begin:mm\\:ss}");
}

void Say(string what) => Console.WriteLine($"[{clock.Elapsed:mm\\:ss}] {what}");
