using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using LiteBox.Bench;
using LiteBox.GuestKit;

// usage: LiteBox.Bench [linux]      both kernels and docs/numbers.md; with "linux" only Linux' column, printed
string source = File.ReadAllText(Repository.PathOf("tests/bench/lbench.c"));
List<string> rows = ["tsc-at-start", .. Regex.Matches(source, @"\{""([a-z0-9-]+)"", b_").Select(match => match.Groups[1].Value)];

Console.Error.WriteLine("bench: measuring Linux (about a minute)");
IReadOnlyDictionary<string, Row> linux = await Measurement.OfAsync(GuestKernel.LinuxUnderUefi, rows);
IReadOnlyDictionary<string, Row> ours = new Dictionary<string, Row>();
if (args is not ["linux"])
{
    Console.Error.WriteLine("bench: measuring LiteBox.Snp");
    ours = await Measurement.OfAsync(GuestKernel.LiteBox, rows);
}

Console.WriteLine($"{"operation",-16} {"Linux",14} {"LiteBox.Snp",14} {"ratio",7}");
foreach (string name in rows)
{
    Row? theirs = linux.GetValueOrDefault(name);
    Row? mine = ours.GetValueOrDefault(name);
    string ratio = theirs == null ? "" : Report.Ratio(theirs, mine);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-16} {Report.Figure(theirs),14} {Report.Figure(mine),14} {ratio,7}"));
}

if (args is not ["linux"])
{
    File.WriteAllText(Repository.PathOf("docs/numbers.md"), Report.Markdown(linux, ours));
    Console.Error.WriteLine("bench: docs/numbers.md written");
}

return 0;
