using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace LiteBox.GuestKit;

/// <summary>Guest programs in C, compiled statically against musl: the same file runs on every kernel.</summary>
public static class GuestProgram
{
    private static readonly string[] Options = ["-static", "-O2", "-Wall", "-Wno-unused-result", "-Wno-unused-function", "-pthread"];

    /// <summary>Compiles a program, unless it and the headers beside it are unchanged, and returns the executable's path.</summary>
    public static string Compile(string source)
    {
        string executable = Path.Combine(Repository.OutDirectory("guest-programs"), Path.GetFileNameWithoutExtension(source));
        IEnumerable<string> inputs = Directory.EnumerateFiles(Path.GetDirectoryName(source)!, "*.h").Append(source);
        if (!File.Exists(executable) || inputs.Any(input => File.GetLastWriteTimeUtc(input) > File.GetLastWriteTimeUtc(executable)))
        {
            string draft = $"{executable}.{Environment.ProcessId}";
            HostProgram.Run("musl-gcc", [.. Options, "-o", draft, source]);
            File.Move(draft, executable, overwrite: true);
        }

        return executable;
    }
}
