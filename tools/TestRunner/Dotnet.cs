using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;

namespace LiteBox.TestRunner;

/// <summary>The .NET command line, with what it prints in a file.</summary>
internal static class Dotnet
{
    /// <summary>Runs a command to its end and returns its status.</summary>
    public static int Run(IEnumerable<string> arguments, string log, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using var output = new StreamWriter(log) { AutoFlush = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("dotnet does not start");
        process.OutputDataReceived += (_, line) => WriteLine(output, line.Data);
        process.ErrorDataReceived += (_, line) => WriteLine(output, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>The last lines of a log, if it is there.</summary>
    public static string Tail(string log) => File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(15)) : "";

    private static void WriteLine(StreamWriter output, string? line)
    {
        lock (output)
        {
            output.WriteLine(line);
        }
    }
}
