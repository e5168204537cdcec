using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using LiteBox.Image.Cpio;

namespace LiteBox.Image.Containers;

/// <summary>
/// Who a container runs as: the image's "user", "user:group", names or numbers, looked up in its own /etc/passwd and /etc/group (passwd(5), group(5)). The
/// name root needs no entry.
/// </summary>
/// <param name="User">User ID.</param>
/// <param name="Group">Group ID: the one that is named, else the user's own, else 0.</param>
/// <param name="FurtherGroups">Groups whose lists have the user; none where a group was named.</param>
/// <param name="Home">The home directory; "/" where the user has no entry.</param>
public sealed record ContainerUser(uint User, uint Group, IReadOnlyList<uint> FurtherGroups, string Home)
{
    private const string Root = "root";
    private const int PasswordFields = 7;
    private const int GroupFields = 4;

    /// <summary>Looks a user up; an empty text is root.</summary>
    /// <exception cref="ImageFormatException">A name is in no file of the image, or a number is none that Linux takes.</exception>
    public static ContainerUser Find(RootFileSystem files, string text)
    {
        string[] parts = text.Split(':', 2);
        string user = parts[0].Length == 0 ? Root : parts[0];
        uint? number = IdOf(user);
        string[]? entry = Entries(files, "etc/passwd", PasswordFields).FirstOrDefault(entry => number is { } id ? Number(entry[2]) == id : entry[0] == user);
        uint userId = number ?? Number(entry?[2] ?? "")
            ?? throw new ImageFormatException($"the image runs as user {user}, who is not in its /etc/passwd: add the user, or name a number");
        List<string[]> groups = [.. Entries(files, "etc/group", GroupFields)];
        string home = entry?[5] is { Length: > 0 } directory ? directory : "/";
        if (parts.Length == 2 && parts[1].Length != 0)
        {
            uint groupId = IdOf(parts[1]) ?? Number(groups.FirstOrDefault(group => group[0] == parts[1])?[2] ?? "")
                ?? throw new ImageFormatException($"the image runs as group {parts[1]}, which is not in its /etc/group: add the group, or name a number");
            return new ContainerUser(userId, groupId, [], home);
        }

        IEnumerable<uint> further = entry is null ? [] : groups.Where(group => group[3].Split(',').Contains(entry[0])).Select(group => Number(group[2])).OfType<uint>();
        return new ContainerUser(userId, Number(entry?[3] ?? "") ?? 0, [.. further], home);
    }

    private static IEnumerable<string[]> Entries(RootFileSystem files, string path, int fields) =>
        files.FindFollowing(path) is { } file && (file.Mode & FileType.Mask) == FileType.Regular
            ? Encoding.UTF8.GetString(file.Data.Span).Split('\n').Select(line => line.TrimEnd('\r').Split(':')).Where(entry => entry.Length >= fields)
            : [];

    private static uint? IdOf(string text) => text == Root ? 0 : Number(text);

    /// <summary>Container runtimes take IDs up to 2^31 - 1.</summary>
    private static uint? Number(string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint value) && value <= int.MaxValue ? value : null;
}
