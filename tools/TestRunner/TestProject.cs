using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Xml;
using System.Xml.Linq;

namespace LiteBox.TestRunner;

/// <summary>A test project of the house, run by <c>dotnet test</c>; its results are read from the trx file that this leaves.</summary>
internal sealed class TestProject
{
    private const string TestSdk = "Microsoft.NET.Test.Sdk";
    private readonly XDocument _project;

    public TestProject(string path)
    {
        Path = path;
        _project = XDocument.Load(path);
    }

    /// <summary>The project file.</summary>
    public string Path { get; }

    /// <summary>The project's name.</summary>
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>TestSeconds in the project file: how long it takes on two idle processors, roughly. The longest begin first.</summary>
    public int Seconds => int.Parse(Property("TestSeconds") ?? "0", CultureInfo.InvariantCulture);

    /// <summary>TestAlone in the project file: it measures time, and has the machine for itself.</summary>
    public bool IsAlone => Property("TestAlone") == "true";

    /// <summary>All test projects below a directory, in the order of their names.</summary>
    public static IEnumerable<TestProject> FindAll(string directory) => Directory
        .EnumerateFiles(directory, "*.csproj", SearchOption.AllDirectories)
        .Where(path => File.ReadAllText(path).Contains(TestSdk, StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)
        .Select(path => new TestProject(path));

    /// <summary>Whether its name contains a word, in any case.</summary>
    public bool IsNamed(string word) => Name.Contains(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>Runs it; it has been built. A project that leaves no results counts as one failed test.</summary>
    public IReadOnlyList<TestResult> Run(string resultsDirectory)
    {
        string log = System.IO.Path.Combine(resultsDirectory, Name + ".log");
        string trx = System.IO.Path.Combine(resultsDirectory, Name + ".trx");
        File.Delete(trx);
        int status = Dotnet.Run(["test", Path, "--no-build", "--nologo", "--logger", $"trx;LogFileName={trx}"], log);
        return Judge(Name, status, trx, log);
    }

    /// <summary>What a test run's status and its trx file say together: whoever ends badly, or says nothing, has failed.</summary>
    internal static IReadOnlyList<TestResult> Judge(string name, int status, string trx, string log)
    {
        IReadOnlyList<TestResult> results = ReadOrNone(trx);
        if (results.Count == 0)
        {
            return [new TestResult(name, Outcome.Failed, $"no results (dotnet test ended with {status}); the end of {log}:\n{Dotnet.Tail(log)}")];
        }

        bool crashed = status != 0 && results.All(result => result.Outcome != Outcome.Failed);
        return crashed ? [.. results, new TestResult(name, Outcome.Failed, $"dotnet test ended with {status}; see {log}")] : results;
    }

    private static IReadOnlyList<TestResult> ReadOrNone(string trx)
    {
        try
        {
            return File.Exists(trx) ? TrxFile.Read(trx) : [];
        }
        catch (XmlException)
        {
            return []; // cut off: the runner was killed while it wrote
        }
    }

    private string? Property(string name) => _project.Descendants(name).FirstOrDefault()?.Value;
}
