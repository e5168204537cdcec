using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using LiteBox.GuestKit;
using Xunit;

namespace LiteBox.Guest.Tests;

/// <summary>Ten million system calls and two thousand forks lose no memory.</summary>
public partial class EnduranceTests
{
    [Fact]
    public async Task Heap_and_free_frames_end_no_worse_than_they_began()
    {
        var run = new SuiteRun(GuestSuites.Endurance, GuestKernel.LiteBox) { StepLimit = TimeSpan.FromMinutes(8) };
        IReadOnlyDictionary<string, GuestOutput> outputs = await run.RunAsync(["endurance"]);
        GuestOutput output = outputs["endurance"];
        Assert.True(output.End == "0", output.End + output.Text);
        Assert.Contains("calls 1 forks 2000", output.Text);
        (long freeBefore, long freeAfter) = Counts("free", output.Text);
        (long heapBefore, long heapAfter) = Counts("heap", output.Text);

        // What the warm-up left unused may be given back in between; nothing may be lost.
        Assert.True(freeAfter >= freeBefore, output.Text);
        Assert.True(heapAfter <= heapBefore, output.Text);
    }

    private static (long Before, long After) Counts(string what, string text)
    {
        Match match = BeforeAndAfter().Match(text[text.IndexOf(what + " kB", StringComparison.Ordinal)..]);
        Assert.True(match.Success, text);
        Assert.True(Number(match, 1) > 0, text);
        return (Number(match, 1), Number(match, 2));
    }

    private static long Number(Match match, int group) => long.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"before (-?\d+) after (-?\d+)")]
    private static partial Regex BeforeAndAfter();
}
