using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using LiteBox.Image;

namespace LiteBox.GuestKit;

/// <summary>Programs (*.c) and scripts (*.sh) of a directory tree that are run in a guest, one after the other, by one boot.</summary>
public sealed class GuestSuite
{
    private readonly SortedDictionary<string, string> _files = new(StringComparer.Ordinal);
    private readonly string _init;

    /// <summary>Takes all programs and scripts of some directories.</summary>
    /// <param name="init">The /init that runs what /tests/list names; see tests/Guest/init.</param>
    /// <param name="directories">Directories with sources.</param>
    public GuestSuite(string init, params IEnumerable<string> directories)
    {
        _init = init;
        foreach (string file in directories.SelectMany(Directory.EnumerateFiles))
        {
            if (Path.GetExtension(file) is ".c" or ".sh")
            {
                _files.Add(NameOf(file), file);
            }
        }
    }

    /// <summary>The names of the tests: a program's without its extension, a script's with it.</summary>
    public IReadOnlyList<string> Names => [.. _files.Keys];

    /// <summary>The root file system that runs the named tests in that order.</summary>
    public RootFileSystem FilesFor(IEnumerable<string> names)
    {
        RootFileSystem files = GuestFiles.WithInit("suite", _init);
        foreach ((string name, string file) in _files)
        {
            files.AddProgram("tests/" + name, Path.GetExtension(file) == ".c" ? GuestProgram.Compile(file) : file);
        }

        files.AddFile("tests/list", Encoding.UTF8.GetBytes(string.Concat(names.Select(name => name + "\n"))));
        return files;
    }

    private static string NameOf(string file) => Path.GetExtension(file) == ".c" ? Path.GetFileNameWithoutExtension(file) : Path.GetFileName(file);
}
