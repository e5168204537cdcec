using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using LiteBox.Bench;
using LiteBox.GuestKit;

// usage: LiteBox.Bench [linux|exits]      all columns and docs/numbers.md; "linux" only prints Linux' column on a plain VM, "exits" only our exits
string source = File.ReadAllText(Repository.PathOf("tests/bench/lbench.c"));
List<string> rows = ["tsc-at-start", .. Regex.Matches(source, @"\{""([a-z0-9-]+)"", b_").Select(match => match.Groups[1].Value)];

GuestKernel counted = GuestKernel.LiteBoxWithoutDisk(GuestPlatform.Snp47);
var report = new Report { Rows = rows };
if (args is ["exits"])
{
    Console.Write((report with { OurExits = await ExitCounts.OfAsync(counted) }).ExitTable());
    return 0;
}

report = report with { PlainLinux = await MeasureAsync(GuestKernel.LinuxUnderUefi) };
if (args is ["linux"])
{
    Console.Write(report.Table());
    return 0;
}

report = report with
{
    PlainOurs = await MeasureAsync(GuestKernel.LiteBox),
    SnpLinux = await MeasureAsync(GuestKernel.LinuxInSnp),
    SnpOurs = await MeasureAsync(GuestKernel.LiteBoxOn(GuestPlatform.Snp47)),
};
Console.Error.WriteLine("bench: counting exits");
report = report with { LinuxExits = await ExitCounts.OfAsync(GuestKernel.LinuxInSnp), OurExits = await ExitCounts.OfAsync(counted) };
Console.Write(report.Table());
Console.Write(report.ExitTable());
File.WriteAllText(Repository.PathOf("docs/numbers.md"), report.Markdown());
Console.Error.WriteLine("bench: docs/numbers.md written");
return 0;

Task<IReadOnlyDictionary<string, Row>> MeasureAsync(GuestKernel kernel)
{
    Console.Error.WriteLine($"bench: measuring {kernel.Name}");
    return Measurement.OfAsync(kernel, rows);
}
