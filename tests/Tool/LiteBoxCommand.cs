using System;
using System.Diagnostics;
using LiteBox.GuestKit;

namespace LiteBox.Tool.Tests;

/// <summary>How a command ended, and what it wrote.</summary>
internal sealed record CommandEnd(int Status, string Output, string Errors)
{
    /// <summary>What it wrote, when it ended well; else the test fails with its errors.</summary>
    public string Text => Status == 0 ? Output : throw new InvalidOperationException($"status {Status}: {Errors}{Output}");
}

/// <summary>The command line, run as a program of its own.</summary>
internal static class LiteBoxCommand
{
    /// <summary>What a shell has to call.</summary>
    public static string[] Words { get; } = ["dotnet", Repository.Built("bin/litebox/litebox.dll")];

    /// <summary>Runs it in the current folder.</summary>
    public static CommandEnd Run(params string[] arguments) => RunProgram(Words[0], [Words[1], .. arguments]);

    /// <summary>Runs any program in a folder.</summary>
    public static CommandEnd RunProgram(string program, string[] arguments, string folder = "", string input = "")
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin";
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start");
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CommandEnd(process.ExitCode, output, errors.Result);
    }
}
