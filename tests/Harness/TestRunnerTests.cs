using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using LiteBox.TestRunner;
using Xunit;

namespace LiteBox.Harness.Tests;

/// <summary>`make test`: the longest first, side by side, and whoever ends without a good word has failed by name.</summary>
public sealed class TestRunnerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("litebox-runner-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_longest_begin_first_and_those_alone_run_last_and_alone()
    {
        var begun = new List<string>();
        int running = 0;
        int most = 0;
        Lanes.Run([Project("short", 1), Project("alone", 90, isAlone: true), Project("long", 30), Project("middle", 20)], 2, project =>
        {
            int now = Interlocked.Increment(ref running);
            Assert.True(project.Name != "alone" || now == 1);
            lock (begun)
            {
                begun.Add(project.Name);
                most = Math.Max(most, now);
            }

            SpinWait.SpinUntil(() => Volatile.Read(ref most) == 2, TimeSpan.FromSeconds(20)); // the first waits for a second one
            Interlocked.Decrement(ref running);
        });
        Assert.Equal(2, most);
        Assert.Equal(["long", "middle"], begun.Take(2).Order(StringComparer.Ordinal));
        Assert.Equal(["short", "alone"], begun.Skip(2));
    }

    [Theory]
    [InlineData(0, "Passed", 1, 0)]
    [InlineData(1, "Failed", 0, 1)]
    [InlineData(1, "Passed", 1, 1)] // the test host crashed behind the last result
    [InlineData(0, null, 0, 1)] // no tests
    [InlineData(134, null, 0, 1)]
    public void Status_and_results_are_judged_together(int status, string? outcome, int passed, int failed)
    {
        string trx = Write("a.trx", Trx(outcome));
        var summary = new Summary(TestProject.Judge("Project", status, trx, Path.Combine(_folder, "no.log")));
        Assert.Equal($"{passed} passed, {failed} failed, 0 skipped", summary.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("<TestRun xmlns=")]
    public void No_file_or_a_part_of_one_is_a_failure_by_name(string? content)
    {
        string trx = content is null ? Path.Combine(_folder, "none.trx") : Write("part.trx", content);
        TestResult result = Assert.Single(TestProject.Judge("Project", 0, trx, Write("log", "what was said last")));
        Assert.Equal(("Project", Outcome.Failed), (result.Name, result.Outcome));
        Assert.Contains("what was said last", result.Message, StringComparison.Ordinal);
    }

    private static string Trx(string? outcome) =>
        $"""<TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"><Results>{(outcome is null ? "" : $"""<UnitTestResult testName="T" outcome="{outcome}" />""")}</Results></TestRun>""";

    private TestProject Project(string name, int seconds, bool isAlone = false) => new(Write(
        name + ".csproj",
        $"<Project><PropertyGroup><TestSeconds>{seconds}</TestSeconds>{(isAlone ? "<TestAlone>true</TestAlone>" : "")}</PropertyGroup></Project>"));

    private string Write(string name, string content)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }
}
