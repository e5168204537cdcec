using System.Collections.Generic;

namespace LiteBox.Conformance.Tests;

/// <summary>
/// What the cases print on stock .NET. They run twice, as in the image: a case that changes statics prints something else the second time.
/// </summary>
public sealed class HostedRuns
{
    public Dictionary<string, string> First { get; } = RunAll();

    public Dictionary<string, string> Second { get; } = RunAll();

    private static Dictionary<string, string> RunAll()
    {
        Dictionary<string, string> texts = [];
        foreach ((string name, System.Action<Report> run) in AllCases.List)
        {
            Report report = new();
            run(report);
            texts[name] = report.ToString();
        }

        return texts;
    }
}
