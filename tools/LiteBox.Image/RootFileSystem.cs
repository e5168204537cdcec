using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using LiteBox.Image.Cpio;

namespace LiteBox.Image;

/// <summary>
/// The workload's files, on their way into an initrd. Owned by root, all with one time, in the order of their names:
/// the same tree gives the same bytes, whoever builds it and when.
/// </summary>
public sealed class RootFileSystem
{
    private const uint Permissions = 0xFFF;
    private readonly SortedDictionary<string, CpioEntry> _entries = new(StringComparer.Ordinal);
    private readonly uint _time;

    /// <summary>An empty file system.</summary>
    /// <param name="time">The time of every file, in seconds since 1970-01-01 UTC (SOURCE_DATE_EPOCH).</param>
    public RootFileSystem(uint time) => _time = time;

    /// <summary>What is in it, by name.</summary>
    public IEnumerable<CpioEntry> Entries => _entries.Values;

    /// <summary>Adds a directory, and those above it.</summary>
    public void AddDirectory(string path, uint permissions = 0x1ED /* 0755 */) => Add(path, FileType.Directory | (permissions & Permissions), default);

    /// <summary>Adds a regular file, in place of one of the same name.</summary>
    public void AddFile(string path, ReadOnlyMemory<byte> content, uint permissions = 0x1A4 /* 0644 */) =>
        Add(path, FileType.Regular | (permissions & Permissions), content);

    /// <summary>Adds a symbolic link.</summary>
    public void AddSymbolicLink(string path, string target) => Add(path, FileType.SymbolicLink | 0x1FF, Encoding.UTF8.GetBytes(target));

    /// <summary>Adds a character device.</summary>
    public void AddCharacterDevice(string path, uint major, uint minor, uint permissions) =>
        Add(path, FileType.CharacterDevice | (permissions & Permissions), default, major, minor);

    /// <summary>Adds everything in a directory of the host, with its permissions; symbolic links stay links.</summary>
    /// <param name="directory">The directory whose contents become the root's.</param>
    public void AddTree(string directory)
    {
        var root = new DirectoryInfo(directory);
        foreach (FileSystemInfo item in root.EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0 }))
        {
            AddItem(item, item.Name);
        }
    }

    /// <summary>Adds an entry as it is, but for its time, in place of one of the same name. What stood below a directory that is replaced by something else goes with it.</summary>
    public void AddEntry(CpioEntry entry)
    {
        if ((entry.Mode & FileType.Mask) != FileType.Directory)
        {
            Remove(entry.Path);
        }

        Add(entry.Path, entry.Mode, entry.Data, entry.DeviceMajor, entry.DeviceMinor, entry.User, entry.Group);
    }

    /// <summary>The entry of a path, or null.</summary>
    public CpioEntry? Find(string path) => _entries.GetValueOrDefault(path.Trim('/'));

    /// <summary>What a path leads to when symbolic links are followed, in the middle and at its end (path_resolution(7)); null where it leads nowhere.</summary>
    public CpioEntry? FindFollowing(string path)
    {
        const int MostLinks = 40;
        LinkedList<string> left = new(path.Split('/'));
        List<string> here = [];
        for (int links = 0; left.First is { } next; left.Remove(next))
        {
            switch (next.Value)
            {
                case "" or ".":
                    continue;
                case "..":
                    here.RemoveRange(Math.Max(here.Count - 1, 0), Math.Min(here.Count, 1));
                    continue;
            }

            here.Add(next.Value);
            CpioEntry? found = Find(string.Join('/', here));
            if (found is null)
            {
                return null;
            }

            if ((found.Mode & FileType.Mask) == FileType.SymbolicLink)
            {
                if (++links > MostLinks)
                {
                    return null;
                }

                string target = Encoding.UTF8.GetString(found.Data.Span);
                here.RemoveRange(target.StartsWith('/') ? 0 : here.Count - 1, target.StartsWith('/') ? here.Count : 1);
                LinkedListNode<string> place = next;
                foreach (string part in target.Split('/'))
                {
                    place = left.AddAfter(place, part);
                }
            }
        }

        return here.Count > 0 ? Find(string.Join('/', here)) : null;
    }

    /// <summary>Removes a path and what stands below it; nothing when it is not there.</summary>
    public void Remove(string path)
    {
        path = path.Trim('/');
        foreach (string name in _entries.Keys.Where(name => name == path || name.StartsWith(path + "/", StringComparison.Ordinal)).ToList())
        {
            _entries.Remove(name);
        }
    }

    /// <summary>Removes what stands below a directory, and keeps the directory.</summary>
    public void RemoveChildren(string path)
    {
        path = path.Trim('/');
        foreach (string name in _entries.Keys.Where(name => path.Length == 0 || name.StartsWith(path + "/", StringComparison.Ordinal)).ToList())
        {
            _entries.Remove(name);
        }
    }

    /// <summary>The newc archive of the files.</summary>
    public byte[] ToInitrd() => CpioWriter.Write(_entries.Values);

    private void AddItem(FileSystemInfo item, string path)
    {
        if (item.LinkTarget is { } target)
        {
            AddSymbolicLink(path, target);
        }
        else if (item is DirectoryInfo directory)
        {
            AddDirectory(path, (uint)directory.UnixFileMode);
            foreach (FileSystemInfo child in directory.EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0 }))
            {
                AddItem(child, path + "/" + child.Name);
            }
        }
        else
        {
            AddFile(path, File.ReadAllBytes(item.FullName), (uint)item.UnixFileMode);
        }
    }

    private void Add(string path, uint mode, ReadOnlyMemory<byte> data, uint major = 0, uint minor = 0, uint user = 0, uint group = 0)
    {
        path = path.Trim('/');
        if (path.Length == 0 || path.Split('/').Any(part => part is "" or "." or ".."))
        {
            throw new ArgumentException($"\"{path}\" is not a path below the root", nameof(path));
        }

        AddParents(path);
        _entries[path] = new CpioEntry(path, mode, data) { ModifiedAt = _time, DeviceMajor = major, DeviceMinor = minor, User = user, Group = group };
    }

    private void AddParents(string path)
    {
        int slash = path.LastIndexOf('/');
        if (slash > 0 && !_entries.ContainsKey(path[..slash]))
        {
            AddDirectory(path[..slash]);
        }
    }
}
