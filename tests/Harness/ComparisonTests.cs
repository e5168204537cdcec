using System.IO;
using System.Linq;
using LiteBox.Bench;
using LiteBox.GuestKit;
using LiteBox.TestRunner;
using Xunit;

namespace LiteBox.Harness.Tests;

public class ComparisonTests
{
    [Fact]
    public void Equal_outputs_have_no_difference() =>
        Assert.Equal("", OutputDifference.Between("t", new GuestOutput("a\nb\n", "0"), new GuestOutput("a\nb\n", "0")));

    [Theory]
    [InlineData("a\nb\nc\n", "a\nX\nc\n", "0", "- b\n+ X\n")]
    [InlineData("a\nb\nc\n", "a\nc\n", "0", "- b\n")]
    [InlineData("a\nc\n", "a\nb\nc\n", "0", "+ b\n")]
    [InlineData("a\n", "a\n", "1", "- (end: 0)\n+ (end: 1)\n")]
    [InlineData("a \n", "a\n", "0", "- a \n+ a\n")]
    public void Every_other_line_is_shown_once(string linux, string ours, string end, string expected) =>
        Assert.Equal(expected, OutputDifference.Between("t", new GuestOutput(linux, "0"), new GuestOutput(ours, end)));

    [Fact]
    public void Every_explained_difference_says_why() =>
        Assert.All(ExplainedDifferences.All, difference => Assert.NotEmpty(difference.Why));

    [Theory]
    [InlineData("syscall-null          363.8 20000\r", "syscall-null", 363.8, 20000)]
    [InlineData("tsc-at-start     6870091942 1", "tsc-at-start", 6870091942.0, 1)]
    public void A_row_of_the_benchmark_is_read(string line, string name, double figure, long measured) =>
        Assert.Equal(new Row(name, figure, "", measured), Row.Parse(line));

    [Fact]
    public void A_failed_row_keeps_its_reason_and_other_lines_are_none()
    {
        Assert.Equal(new Row("eventfd", null, "eventfd (Function not implemented)"), Row.Parse("eventfd          failed: eventfd (Function not implemented)"));
        Assert.Null(Row.Parse("[    0.006] plain VM: 511 MiB, 484 MiB free"));
        Assert.Null(Row.Parse("##all-done"));
    }

    [Fact]
    public void Results_are_counted_from_the_results_file()
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, """
            <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"><Results>
              <UnitTestResult testName="b" outcome="Passed" />
              <UnitTestResult testName="a" outcome="Failed"><Output><ErrorInfo><Message>why</Message></ErrorInfo></Output></UnitTestResult>
              <UnitTestResult testName="c" outcome="NotExecuted"><Output><ErrorInfo><Message>no hardware</Message></ErrorInfo></Output></UnitTestResult>
              <UnitTestResult testName="d" outcome="Timeout" />
            </Results></TestRun>
            """);
        try
        {
            var results = TrxFile.Read(file);
            Assert.Equal("1 passed, 2 failed, 1 skipped", new Summary(results).ToString());
            Assert.Equal(["a", "b", "c", "d"], results.Select(result => result.Name));
            var details = new StringWriter();
            new Summary(results).PrintDetails(details);
            Assert.Contains("skipped: c: no hardware", details.ToString());
            Assert.Contains("failed: a: why", details.ToString());
            Assert.DoesNotContain("passed: b", details.ToString());
        }
        finally
        {
            File.Delete(file);
        }
    }
}
