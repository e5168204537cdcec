using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace LiteBox.Image.Containers;

/// <summary>
/// The way from the kernel, which knows only the path and the arguments of a first process, to what a container image asks for: with a
/// shell in the image a script /init; without one, the kernel's command line, as far as that can say it.
/// </summary>
public static class ContainerStart
{
    private const string SearchPath = "PATH=";

    /// <summary>Adds what is needed to the files, and returns what the kernel's command line has to say.</summary>
    /// <exception cref="ImageFormatException">The image asks for what cannot be had; the message says what and how to do without.</exception>
    public static string Prepare(RootFileSystem files, ContainerConfiguration configuration)
    {
        if (configuration.Command.Count == 0)
        {
            throw new ImageFormatException("the image names no entry point and no command: add one when it is built");
        }

        if (configuration.User is not ("" or "0" or "root" or "0:0" or "root:root"))
        {
            throw new ImageFormatException($"the image runs as user {configuration.User}, and the workload runs as root: build it with USER root");
        }

        foreach (string directory in new[] { "dev", "proc", "sys", "tmp" })
        {
            if (files.Find(directory) == null)
            {
                files.AddDirectory(directory);
            }
        }

        if (files.Find("bin/sh") != null || files.Find("bin") is { Mode: var mode } && mode >> 12 == 0xA && files.Find("usr/bin/sh") != null)
        {
            files.AddFile("init", Encoding.UTF8.GetBytes(Script(configuration)), 0x1ED /* 0755 */);
            return "";
        }

        return CommandLine(files, configuration);
    }

    private static string Script(ContainerConfiguration configuration)
    {
        var script = new StringBuilder("#!/bin/sh\n[ -e /proc/self ] || mount -t proc proc /proc 2>/dev/null\n");
        foreach (string variable in configuration.Environment.Where(variable => variable.Contains('=')))
        {
            int equals = variable.IndexOf('=');
            script.Append($"export {variable[..equals]}={Quote(variable[(equals + 1)..])}\n");
        }

        script.Append($"cd {Quote(configuration.WorkingDirectory)} || exit 126\nexec");
        foreach (string word in configuration.Command)
        {
            script.Append(' ').Append(Quote(word));
        }

        return script.Append('\n').ToString();
    }

    private static string CommandLine(RootFileSystem files, ContainerConfiguration configuration)
    {
        string program = configuration.Command[0];
        string path = program.StartsWith('/') ? program : FindProgram(files, configuration, program);
        bool plain = configuration.Command.All(word => word.Length != 0 && !word.Any(char.IsWhiteSpace))
            && configuration.WorkingDirectory == "/"
            && configuration.Environment.All(variable => variable.StartsWith(SearchPath, StringComparison.Ordinal));
        if (!plain)
        {
            throw new ImageFormatException(
                "the image has no /bin/sh, so it can have neither environment variables, a working directory nor blanks in arguments: add a shell, or do without");
        }

        string arguments = string.Join(' ', configuration.Command.Skip(1));
        return arguments.Length == 0 ? $"rdinit={path}" : $"rdinit={path} -- {arguments}";
    }

    private static string FindProgram(RootFileSystem files, ContainerConfiguration configuration, string program)
    {
        string search = configuration.Environment.FirstOrDefault(variable => variable.StartsWith(SearchPath, StringComparison.Ordinal))
            ?? SearchPath + "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        IEnumerable<string> candidates = search[SearchPath.Length..].Split(':').Select(directory => $"{directory.TrimEnd('/')}/{program}");
        return candidates.FirstOrDefault(path => files.Find(path) != null)
            ?? throw new ImageFormatException($"the image's command {program} is in no directory of its {search}");
    }

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
