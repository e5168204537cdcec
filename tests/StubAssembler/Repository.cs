using System;
using System.IO;

namespace LiteBox.Stubs.Tests;

/// <summary>Files of the repository, wherever the tests run from.</summary>
internal static class Repository
{
    public static string File(string path)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "LiteBox.Snp.sln")))
            {
                return Path.Combine(folder.FullName, path);
            }
        }

        throw new FileNotFoundException("The repository is not above the tests.");
    }
}
