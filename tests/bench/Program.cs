using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using LiteBox.Bench;
using LiteBox.GuestKit;

// usage: LiteBox.Bench [linux]      all columns and docs/numbers.md; with "linux" only Linux' column on a plain VM, printed
string source = File.ReadAllText(Repository.PathOf("tests/bench/lbench.c"));
List<string> rows = ["tsc-at-start", .. Regex.Matches(source, @"\{""([a-z0-9-]+)"", b_").Select(match => match.Groups[1].Value)];

var report = new Report { Rows = rows, PlainLinux = await MeasureAsync(GuestKernel.LinuxUnderUefi) };
if (args is ["linux"])
{
    Console.Write(report.Table());
    return 0;
}

GuestKernel liteBoxInSnp = GuestKernel.LiteBoxOn(GuestPlatform.Snp47);
report = report with
{
    PlainOurs = await MeasureAsync(GuestKernel.LiteBox),
    SnpLinux = await MeasureAsync(GuestKernel.LinuxInSnp),
    SnpOurs = await MeasureAsync(liteBoxInSnp),
};
Console.Error.WriteLine("bench: counting exits");
report = report with { LinuxExits = await ExitCounts.OfAsync(GuestKernel.LinuxInSnp), OurExits = await ExitCounts.OfAsync(liteBoxInSnp) };
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
