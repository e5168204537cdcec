using System;
using System.IO;

namespace LiteBox.CommandLine;

/// <summary>Where the parts stand that an image is made of, when the tool runs in a clone of the project.</summary>
internal static class SourceTree
{
    private const string Landmark = "LiteBox.Snp.sln";

    /// <summary>A file below out/ of the clone that holds the current directory or this program, or null.</summary>
    public static string? Find(string relativePath)
    {
        foreach (string start in new[] { Directory.GetCurrentDirectory(), AppContext.BaseDirectory })
        {
            for (DirectoryInfo? at = new(start); at != null; at = at.Parent)
            {
                string candidate = Path.Combine(at.FullName, "out", relativePath);
                if (File.Exists(Path.Combine(at.FullName, Landmark)) && File.Exists(candidate))
                {
                    return candidate;
                }
            }
        }

        return null;
    }

    /// <summary>A part: the file that was named, or the one in the clone.</summary>
    /// <param name="named">What the option said.</param>
    /// <param name="relativePath">Where the part stands below out/.</param>
    /// <param name="option">The option's name, for the message.</param>
    public static string Part(FileInfo? named, string relativePath, string option)
    {
        string? path = named?.FullName ?? Find(relativePath);
        if (path == null)
        {
            throw new UsageException($"out/{relativePath} is not there: build it with `make`, or name the file with {option}");
        }

        return File.Exists(path) ? path : throw new UsageException($"{path}: no such file: see {option}");
    }
}
