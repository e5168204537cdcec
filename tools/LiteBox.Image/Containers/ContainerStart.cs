using System;
using System.Collections.Generic;
using System.Linq;

namespace LiteBox.Image.Containers;

/// <summary>
/// The way from the kernel, which starts one program as root, to what a container image asks for: environment, working directory, user, command. A start
/// program (<see cref="StartProgram"/>) is added to the image; what it does is measured with it.
/// </summary>
public static class ContainerStart
{
    private const string ProgramPath = ".litebox/start";
    private const uint Executable = 0x1ED; // 0755
    private const uint DirectoryMode = 0x1ED;
    private const string SearchPath = "PATH=";
    private const string HomeVariable = "HOME=";
    private const string DefaultSearchPath = SearchPath + "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    // System calls of x86-64.
    private const int ChangeDirectory = 80;
    private const int SymbolicLink = 88;
    private const int ChangeMode = 90;
    private const int ChangeOwnerOfFile = 93;
    private const int SetUser = 105;
    private const int SetGroup = 106;
    private const int SetGroups = 116;
    private const int MountCall = 165;

    /// <summary>The statuses of shells and container runtimes for a command that cannot be run, and for one that is not there.</summary>
    private const byte CannotRun = 126;
    private const byte NotFound = 127;

    private const int StandardFiles = 3;
    private const uint Unchanged = uint.MaxValue;

    /// <summary>Adds what is needed to the files, and returns what the kernel's command line has to say.</summary>
    /// <exception cref="ImageFormatException">The image asks for what cannot be had; the message says what and how to do without.</exception>
    public static string Prepare(RootFileSystem files, ContainerConfiguration configuration)
    {
        if (configuration.Command.Count == 0)
        {
            throw new ImageFormatException("the image names no entry point and no command: add one when it is built");
        }

        ContainerUser user = ContainerUser.Find(files, configuration.User);
        List<string> environment = [.. configuration.Environment.Where(variable => variable.Contains('='))];
        AddDefault(environment, DefaultSearchPath, SearchPath);
        AddDefault(environment, HomeVariable + user.Home, HomeVariable);
        List<string> paths = [.. Candidates(configuration.Command[0], environment)];
        if (configuration.Command[0].StartsWith('/') || !configuration.Command[0].Contains('/'))
        {
            DemandOne(files, paths, configuration.Command[0]);
        }

        foreach (string directory in new[] { "dev", "proc", "sys", "tmp", configuration.WorkingDirectory.Trim('/') })
        {
            if (directory.Length != 0 && files.FindFollowing(directory) == null)
            {
                files.AddDirectory(directory);
            }
        }

        files.AddFile(ProgramPath, Write(configuration, user, environment, paths), Executable);
        return $"rdinit=/{ProgramPath}";
    }

    private static byte[] Write(ContainerConfiguration configuration, ContainerUser user, List<string> environment, List<string> paths)
    {
        StartProgram program = new();
        PrepareRoot(program);
        string directory = configuration.WorkingDirectory;
        if (user is not { User: 0, Group: 0, FurtherGroups.Count: 0 })
        {
            string complaint = $"litebox: cannot become user {user.User}, group {user.Group}\n";
            for (uint file = 0; file < StandardFiles; file++)
            {
                program.Call(ChangeOwnerOfFile, file, user.User, Unchanged); // so that /dev/stdout can be opened by its name
            }

            program.Demand(complaint, CannotRun, SetGroups, (uint)user.FurtherGroups.Count, program.Numbers(user.FurtherGroups));
            program.Demand(complaint, CannotRun, SetGroup, user.Group);
            program.Demand(complaint, CannotRun, SetUser, user.User);
        }

        program.Demand($"litebox: the working directory {directory} cannot be entered\n", CannotRun, ChangeDirectory, program.Text(directory));
        program.Execute(
            paths, program.Texts(configuration.Command), program.Texts(environment), $"litebox: {configuration.Command[0]} cannot be run\n", NotFound);
        return program.ToArray();
    }

    /// <summary>What every container finds (OCI runtime specification, "Linux: default filesystems" and "/dev symbolic links"); what is there already stays.</summary>
    private static void PrepareRoot(StartProgram program)
    {
        program.Call(ChangeMode, program.Text("/"), DirectoryMode); // the kernel's root is a tmpfs, and everybody may write to one
        Mount(program, "devtmpfs", "/dev");
        Mount(program, "proc", "/proc");
        Mount(program, "sysfs", "/sys");
        foreach ((string target, string link) in new[] { ("/proc/self/fd", "fd"), ("/proc/self/fd/0", "stdin"), ("/proc/self/fd/1", "stdout"), ("/proc/self/fd/2", "stderr") })
        {
            program.Call(SymbolicLink, program.Text(target), program.Text($"/dev/{link}"));
        }
    }

    private static void Mount(StartProgram program, string type, string target) =>
        program.Call(MountCall, program.Text(type), program.Text(target), program.Text(type), 0, 0);

    private static void AddDefault(List<string> environment, string variable, string prefix)
    {
        if (!environment.Exists(given => given.StartsWith(prefix, StringComparison.Ordinal)))
        {
            environment.Add(variable);
        }
    }

    /// <summary>Where a command may be: its own path, or the directories of PATH, as execvp(3) tries them.</summary>
    private static IEnumerable<string> Candidates(string command, List<string> environment)
    {
        string search = environment.Last(variable => variable.StartsWith(SearchPath, StringComparison.Ordinal))[SearchPath.Length..];
        return command.Contains('/') ? [command] : search.Split(':').Select(directory => directory.Length == 0 ? command : $"{directory.TrimEnd('/')}/{command}");
    }

    private static void DemandOne(RootFileSystem files, List<string> paths, string command)
    {
        if (!paths.Exists(path => !path.StartsWith('/') || files.FindFollowing(path) != null))
        {
            throw new ImageFormatException($"the image's command {command} is not in it; looked for {string.Join(", ", paths)}");
        }
    }
}
