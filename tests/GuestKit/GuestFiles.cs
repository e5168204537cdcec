using System;
using System.IO;
using LiteBox.Image;

namespace LiteBox.GuestKit;

/// <summary>Root file systems for guests: busybox with its links, an /init, and what a run adds.</summary>
public static class GuestFiles
{
    private const uint Executable = 0x1ED; // 0755

    /// <summary>The base tree of workload/assemble.sh with the given /init.</summary>
    /// <param name="name">Names the directory below out/guest-trees/ where it is assembled.</param>
    /// <param name="init">The script that becomes /init.</param>
    public static RootFileSystem WithInit(string name, string init)
    {
        string tree = Path.Combine(Repository.OutDirectory("guest-trees"), $"{name}-{Guid.NewGuid():N}");
        HostProgram.Run(Repository.PathOf("workload/assemble.sh"), tree, init);
        var files = new RootFileSystem(0);
        files.AddTree(tree);
        Directory.Delete(tree, recursive: true);
        return files;
    }

    /// <summary>Adds an executable file of the host.</summary>
    public static void AddProgram(this RootFileSystem files, string path, string hostFile) =>
        files.AddFile(path, File.ReadAllBytes(hostFile), Executable);
}
