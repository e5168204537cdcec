using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace LiteBox.TestRunner;

/// <summary>Test results, added up.</summary>
internal sealed class Summary(IReadOnlyList<TestResult> results)
{
    public int Passed => Count(Outcome.Passed);

    public int Failed => Count(Outcome.Failed);

    public int Skipped => Count(Outcome.Skipped);

    /// <summary>Names each test that did not pass, with the reason.</summary>
    public void PrintDetails(TextWriter output)
    {
        foreach (TestResult result in results.Where(result => result.Outcome != Outcome.Passed).OrderByDescending(result => result.Outcome))
        {
            output.WriteLine($"{result.Outcome.ToString().ToLowerInvariant()}: {result.Name}: {result.Message}");
        }
    }

    public override string ToString() => $"{Passed} passed, {Failed} failed, {Skipped} skipped";

    private int Count(Outcome outcome) => results.Count(result => result.Outcome == outcome);
}
