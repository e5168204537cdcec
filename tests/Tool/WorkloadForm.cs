using System;
using System.IO;
using LiteBox.GuestKit;

namespace LiteBox.Tool.Tests;

/// <summary>The forms in which people have a workload: a directory, one program, a container image.</summary>
public enum WorkloadForm
{
    /// <summary>A root directory with Debian's busybox-static.</summary>
    Directory,

    /// <summary>One program, static, of musl.</summary>
    Program,

    /// <summary>An OCI archive made with umoci, with entry point, command, environment and working directory.</summary>
    Container,
}

/// <summary>Makes a workload of each form; what it says and how it ends is known.</summary>
internal static class WorkloadForms
{
    private const string Init = "#!/bin/sh\necho \"hello from busybox, pid $$\"\n/bin/workload\nexit 7\n";

    /// <summary>What the workload writes.</summary>
    public static string Greeting(this WorkloadForm form) => form switch
    {
        WorkloadForm.Directory => "hello from busybox, pid 1",
        WorkloadForm.Program => "hello from musl",
        _ => "hello from two words in /srv, pid 1",
    };

    /// <summary>The status it ends with.</summary>
    public static int Status(this WorkloadForm form) => form switch
    {
        WorkloadForm.Directory => 7,
        WorkloadForm.Program => 8,
        _ => 9,
    };

    /// <summary>Makes the workload below a folder, and returns what `litebox build` is given.</summary>
    public static string Make(this WorkloadForm form, string folder)
    {
        string program = GuestProgram.Compile(Repository.PathOf("tests/Tool/programs/workload.c"));
        return form switch
        {
            WorkloadForm.Directory => Directory(Path.Combine(folder, "rootfs"), program),
            WorkloadForm.Program => program,
            _ => Container(folder, program),
        };
    }

    private static string Directory(string root, string program)
    {
        foreach (string name in new[] { "bin", "dev", "proc", "tmp" })
        {
            System.IO.Directory.CreateDirectory(Path.Combine(root, name));
        }

        FillBin(root, program);
        string init = Path.Combine(root, "init");
        File.WriteAllText(init, Init);
        File.SetUnixFileMode(init, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return root;
    }

    private static void FillBin(string root, string program)
    {
        File.Copy("/bin/busybox", Path.Combine(root, "bin/busybox"));
        File.CreateSymbolicLink(Path.Combine(root, "bin/sh"), "busybox");
        File.Copy(program, Path.Combine(root, "bin/workload"));
    }

    private static string Container(string folder, string program)
    {
        string bundle = Path.Combine(folder, "bundle");
        Umoci("init", "--layout", "oci");
        Umoci("new", "--image", "oci:latest");
        Umoci("unpack", "--rootless", "--image", "oci:latest", "bundle");
        System.IO.Directory.CreateDirectory(Path.Combine(bundle, "rootfs/bin"));
        System.IO.Directory.CreateDirectory(Path.Combine(bundle, "rootfs/srv"));
        FillBin(Path.Combine(bundle, "rootfs"), program);
        Umoci("repack", "--image", "oci:latest", "bundle");
        Umoci("config", "--image", "oci:latest", "--config.entrypoint", "sh", "--config.entrypoint", "-c", "--config.cmd",
            "echo \"hello from $NAME in $(/bin/busybox pwd), pid $$\"; workload; exit 9", "--config.env", "NAME=two words", "--config.env", "PATH=/bin",
            "--config.workingdir", "/srv", "--config.user", "root");
        Run("tar", "-C", "oci", "-cf", "oci.tar", ".");
        return Path.Combine(folder, "oci.tar");

        void Umoci(params string[] arguments) => Run("umoci", arguments);

        void Run(string tool, params string[] arguments) => _ = LiteBoxCommand.RunProgram(tool, arguments, folder).Text;
    }
}
