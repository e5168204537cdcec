using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;

namespace LiteBox.Image.Tests;

/// <summary>Debian's own tools, which know these formats independently: the oracles of these tests.</summary>
internal static class HostTool
{
    /// <summary>Runs a tool and returns all it printed; fails the test when the tool fails.</summary>
    public static string Run(string program, params IEnumerable<string> arguments)
    {
        (int status, string output) = Try(program, arguments);
        return status == 0 ? output : throw new InvalidOperationException($"{program} ended with {status}:\n{output}");
    }

    public static (int Status, string Output) Try(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MTOOLS_SKIP_CHECK"] = "1";
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["PATH"] = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin";
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start");
        string output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}

/// <summary>A directory that is gone when the test is over.</summary>
internal sealed class ScratchDirectory : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("litebox-image-");

    public string Path => _directory.FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, ReadOnlySpan<byte> bytes)
    {
        System.IO.File.WriteAllBytes(File(name), bytes);
        return File(name);
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
