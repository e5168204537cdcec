using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;

namespace LiteBox.TestRunner;

/// <summary>A test project of the house, run by <c>dotnet test</c>; its results are read from the trx file that this leaves.</summary>
internal sealed class TestProject
{
    private const string TestSdk = "Microsoft.NET.Test.Sdk";
    private readonly string _path;

    private TestProject(string path) => _path = path;

    /// <summary>The project's name.</summary>
    public string Name => Path.GetFileNameWithoutExtension(_path);

    /// <summary>All test projects below a directory, in the order of their names.</summary>
    public static IEnumerable<TestProject> FindAll(string directory) => Directory
        .EnumerateFiles(directory, "*.csproj", SearchOption.AllDirectories)
        .Where(path => File.ReadAllText(path).Contains(TestSdk, StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)
        .Select(path => new TestProject(path));

    /// <summary>Whether its name contains a word, in any case.</summary>
    public bool IsNamed(string word) => Name.Contains(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>Builds and runs it. A project that leaves no results counts as one failed test.</summary>
    public IReadOnlyList<TestResult> Run(string resultsDirectory)
    {
        string log = Path.Combine(resultsDirectory, Name + ".log");
        string trx = Path.Combine(resultsDirectory, Name + ".trx");
        Directory.CreateDirectory(resultsDirectory);
        File.Delete(trx);
        int status = RunToLog(["test", _path, "--nologo", "--logger", $"trx;LogFileName={trx}"], log);
        if (!File.Exists(trx))
        {
            return [new TestResult(Name, Outcome.Failed, $"no results (dotnet test ended with {status}); the end of {log}:\n{Tail(log)}")];
        }

        IReadOnlyList<TestResult> results = TrxFile.Read(trx);
        bool crashed = status != 0 && results.All(result => result.Outcome != Outcome.Failed);
        return crashed ? [.. results, new TestResult(Name, Outcome.Failed, $"dotnet test ended with {status}; see {log}")] : results;
    }

    private static int RunToLog(IEnumerable<string> arguments, string log)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var output = new StreamWriter(log) { AutoFlush = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("dotnet does not start");
        process.OutputDataReceived += (_, line) => WriteLine(output, line.Data);
        process.ErrorDataReceived += (_, line) => WriteLine(output, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.WaitForExit();
        return process.ExitCode;
    }

    private static void WriteLine(StreamWriter output, string? line)
    {
        lock (output)
        {
            output.WriteLine(line);
        }
    }

    private static string Tail(string log) => string.Join('\n', File.ReadLines(log).TakeLast(15));
}
