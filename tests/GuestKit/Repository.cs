using System;
using System.IO;

namespace LiteBox.GuestKit;

/// <summary>Where things stand in the clone that holds this program.</summary>
public static class Repository
{
    private static readonly string Root = FindRoot();

    /// <summary>A file or directory of the clone.</summary>
    public static string PathOf(string relative) => Path.Combine(Root, relative);

    /// <summary>A file that set-up or a build leaves, below out/.</summary>
    /// <exception cref="FileNotFoundException">It is not there; the message says what makes it.</exception>
    public static string Built(string relative)
    {
        string path = Path.Combine(Root, "out", relative);
        return File.Exists(path) ? path : throw new FileNotFoundException($"out/{relative} is not there: run `make image` first", path);
    }

    /// <summary>A directory below out/, made when it is missing.</summary>
    public static string OutDirectory(string relative) => Directory.CreateDirectory(Path.Combine(Root, "out", relative)).FullName;

    private static string FindRoot()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at != null; at = at.Parent)
        {
            if (Directory.Exists(Path.Combine(at.FullName, "workload")) && File.Exists(Path.Combine(at.FullName, "Makefile")))
            {
                return at.FullName;
            }
        }

        throw new DirectoryNotFoundException("this program runs within a clone of LiteBox.Snp");
    }
}
