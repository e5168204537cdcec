using System;
using System.Diagnostics;
using System.IO;

namespace LiteBox.Build.Tests;

/// <summary>The repository that these tests were built from, and commands run in it.</summary>
internal static class Repository
{
    private const int Minutes = 15;

    public static string Root { get; } = FindRoot();

    /// <summary>Runs a command to its end. Fails the test if it fails.</summary>
    public static string Run(string folder, string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true };

        // The test host's own settings would reach the build through these.
        start.Environment.Remove("MSBUILD_EXE_PATH");
        start.Environment.Remove("MSBuildSDKsPath");
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(TimeSpan.FromMinutes(Minutes)))
        {
            process.Kill(entireProcessTree: true);
        }

        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}:\n{output}");
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "LiteBox.Snp.sln")))
            {
                return folder.FullName;
            }
        }

        throw new FileNotFoundException("The repository is not above the tests.");
    }
}
