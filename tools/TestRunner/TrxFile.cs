using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;

namespace LiteBox.TestRunner;

/// <summary>The results file of <c>dotnet test --logger trx</c>.</summary>
internal static class TrxFile
{
    private static readonly XNamespace Schema = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    /// <summary>Every test in the file, ordered by name.</summary>
    public static IReadOnlyList<TestResult> Read(string path) =>
        [.. XDocument.Load(path).Descendants(Schema + "UnitTestResult").Select(ToResult).OrderBy(result => result.Name, System.StringComparer.Ordinal)];

    private static TestResult ToResult(XElement element) => new(
        (string?)element.Attribute("testName") ?? "(without a name)",
        (string?)element.Attribute("outcome") switch
        {
            "Passed" => Outcome.Passed,
            "NotExecuted" => Outcome.Skipped,
            _ => Outcome.Failed,
        },
        element.Descendants(Schema + "Message").Select(message => message.Value.Trim()).FirstOrDefault()
            ?? element.Descendants(Schema + "StdOut").Select(text => text.Value.Trim()).FirstOrDefault() ?? "");
}
