using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace LiteBox.Conformance.Tests;

/// <summary>The shim does what .NET does: the same code prints the same lines.</summary>
public sealed class ConformanceTests(FreestandingRun run, HostedRuns hosted) : IClassFixture<FreestandingRun>, IClassFixture<HostedRuns>
{
    private string End => run.Output[^System.Math.Min(500, run.Output.Length)..];

    public static IEnumerable<object[]> Names => AllCases.List.Select(entry => new object[] { entry.Name });

    [Theory]
    [MemberData(nameof(Names))]
    public void Prints_what_stock_dotnet_prints(string name)
    {
        Assert.True(run.Cases.TryGetValue(name, out string? printed), $"The image stopped before this case:\n{End}");
        Assert.Equal(hosted.First[name], printed);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Prints_what_stock_dotnet_prints_when_every_allocation_collects(string name)
    {
        Assert.True(run.Cases.TryGetValue("torture/" + name, out string? printed), $"The image stopped before this case:\n{End}");
        Assert.Equal(hosted.Second[name], printed);
    }

    [Theory]
    [InlineData("frozen")]
    [InlineData("interior")]
    [InlineData("series")]
    [InlineData("deep")]
    [InlineData("wide")]
    [InlineData("fuzz")]
    [InlineData("garbage")]
    [InlineData("reserve")]
    [InlineData("refuse")]
    [InlineData("release")]
    [InlineData("withdraw")]
    [InlineData("lowest")]
    [InlineData("due")]
    public void The_collector_keeps_its_promise(string name) => Assert.Equal("ok\n", run.Cases.GetValueOrDefault("heap/" + name, End));

    [Theory]
    [InlineData("cipher")]
    [InlineData("comparison")]
    public void T73_Secrets_decide_no_branch(string name) => Assert.Equal("ok\n", run.Cases.GetValueOrDefault("constant-time/" + name, End));

    [Fact]
    public void The_checked_heap_finds_nothing_and_changes_nothing()
    {
        CheckedRun heap = new();
        Assert.Equal(1, heap.ExitCode);
        foreach ((string name, string printed) in run.Cases.Where(entry => entry.Key != "measures"))
        {
            Assert.Equal(printed, heap.Cases[name]);
        }
    }

    [Fact]
    public void The_image_runs_to_its_end()
    {
        Assert.True(run.Cases.ContainsKey("end"));
        Assert.Equal(1, run.ExitCode);
    }
}
