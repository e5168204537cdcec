using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using LiteBox.GuestKit;
using Xunit;

namespace LiteBox.Guest.Tests;

/// <summary>Ten million system calls and two thousand forks leave memory as it was.</summary>
public partial class EnduranceTests
{
    [Fact]
    public async Task Heap_and_free_frames_end_where_they_began()
    {
        var run = new SuiteRun(GuestSuites.Endurance, GuestKernel.LiteBox) { StepLimit = TimeSpan.FromMinutes(8) };
        IReadOnlyDictionary<string, GuestOutput> outputs = await run.RunAsync(["endurance"]);
        GuestOutput output = outputs["endurance"];
        Assert.True(output.End == "0", output.End + output.Text);
        Assert.Contains("calls 1 forks 2000", output.Text);
        AssertUnchanged("free", output.Text);
        AssertUnchanged("heap", output.Text);
    }

    private static void AssertUnchanged(string what, string text)
    {
        Match match = Counts().Match(text[text.IndexOf(what + " kB", StringComparison.Ordinal)..]);
        Assert.True(match.Success, text);
        Assert.True(Number(match, 1) > 0, text);
        Assert.True(Number(match, 1) == Number(match, 2), text);
    }

    private static long Number(Match match, int group) => long.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"before (-?\d+) after (-?\d+)")]
    private static partial Regex Counts();
}
