using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using LiteBox.GuestKit;
using Xunit;

namespace LiteBox.Guest.Tests;

/// <summary>Ten million system calls and two thousand forks lose no memory.</summary>
public partial class EnduranceTests
{
    /// <summary>What the program counts. All of it is exact: sizes in kB are multiples of a frame.</summary>
    private static readonly string[] Counts =
    [
        "free frames", "MemFree:", "Slab:", "AnonPages:", "Shmem:", "PageTables:", "KernelStack:", "objects", "object bytes", "slabs",
    ];

    [Theory]
    [EveryPlatform]
    public async Task Heap_and_free_frames_end_where_they_began(GuestPlatform platform)
    {
        var run = new SuiteRun(GuestSuites.Endurance, GuestKernel.LiteBoxOn(platform));
        IReadOnlyDictionary<string, GuestOutput> outputs = await run.RunAsync(["endurance"]);
        GuestOutput output = outputs["endurance"];
        Assert.True(output.End == "0", output.End + output.Text);
        Assert.All(run.Records, record => SnpJudgement.IsClean(record, run.Transcript));
        Assert.Contains("calls 10000000 forks 2000", output.Text);

        Dictionary<string, (long Before, long After)> counted = Count().Matches(output.Text).ToDictionary(
            match => match.Groups["name"].Value, match => (Number(match.Groups["before"]), Number(match.Groups["after"])));
        Assert.Equal(Counts.Order(StringComparer.Ordinal), counted.Keys.Order(StringComparer.Ordinal));
        Assert.All(counted, count => Assert.True(count.Value.Before > 0 && count.Value.Before == count.Value.After, output.Text));
    }

    private static long Number(Group group) => long.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<name>\S.*?) +before (?<before>-?\d+) after (?<after>-?\d+)$", RegexOptions.Multiline)]
    private static partial Regex Count();
}
