using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace LiteBox.Conformance.Tests;

/// <summary>The shim does what .NET does: the same code prints the same lines.</summary>
public sealed class ConformanceTests(FreestandingRun run) : IClassFixture<FreestandingRun>
{
    public static IEnumerable<object[]> Names => AllCases.List.Select(entry => new object[] { entry.Name });

    [Theory]
    [MemberData(nameof(Names))]
    public void Prints_what_stock_dotnet_prints(string name)
    {
        Report report = new();
        AllCases.List.Single(entry => entry.Name == name).Run(report);

        Assert.True(run.Cases.TryGetValue(name, out string? printed), $"The image stopped before this case:\n{run.Output[^System.Math.Min(500, run.Output.Length)..]}");
        Assert.Equal(report.ToString(), printed);
    }

    [Fact]
    public void The_image_runs_to_its_end()
    {
        Assert.True(run.Cases.ContainsKey("end"));
        Assert.Equal(1, run.ExitCode);
    }
}
