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
for (int index = 0; index < projects.Count; index++)
{
    TestProject project = projects[index];
    Console.WriteLine($"[{index + 1}/{projects.Count}] {project.Name}");
    IReadOnlyList<TestResult> found = project.Run(results);
    all.AddRange(found);
    Console.WriteLine($"      {new Summary(found)}   ({clock.Elapsed:mm\\:ss} so far)");
}

var summary = new Summary(all);
summary.PrintDetails(Console.Out);
Console.WriteLine(summary);
return summary.Failed == 0 && summary.Passed > 0 ? 0 : 1;
