using System;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.Text;

namespace LiteBox.North.Files;

/// <summary>/proc/PID/mounts and mountinfo (proc(5); fs/proc_namespace.c): what is mounted below the reader's root.</summary>
internal static class MountTexts
{
    public static Errno Mounts(Task reader, ProcessSubject subject, ref TextWriter text)
    {
        if (subject.Task is not { } task)
        {
            return Errno.EINVAL;
        }

        Location root = task.FileSystemContext.Root;
        byte[] buffer = new byte[PathName.MaximumLength];
        foreach (Mount mount in task.FileSystemContext.VirtualFileSystem.Mounts)
        {
            if (!TryGetPath(mount, root, buffer, out ReadOnlySpan<byte> path))
            {
                continue;
            }

            text.AddEscaped(mount.Source);
            text.Add((byte)' ');
            text.AddEscaped(path);
            text.Add((byte)' ');
            text.Add(mount.FileSystem.TypeName);
            text.Add(mount.IsReadOnly ? " ro"u8 : " rw"u8);
            AddFlags(mount, ref text);
            mount.FileSystem.WriteOptions(ref text);
            text.Add(" 0 0\n"u8);
        }

        return Errno.None;
    }

    public static Errno MountInformation(Task reader, ProcessSubject subject, ref TextWriter text)
    {
        if (subject.Task is not { } task)
        {
            return Errno.EINVAL;
        }

        Location root = task.FileSystemContext.Root;
        byte[] buffer = new byte[PathName.MaximumLength];
        foreach (Mount mount in task.FileSystemContext.VirtualFileSystem.Mounts)
        {
            if (!TryGetPath(mount, root, buffer, out ReadOnlySpan<byte> path))
            {
                continue;
            }

            text.Add(mount.Id);
            text.Add((byte)' ');
            text.Add(mount.Parent?.Id ?? mount.Id);
            text.Add((byte)' ');
            text.AddUnsigned(DeviceNumbers.Major(mount.FileSystem.DeviceNumber));
            text.Add((byte)':');
            text.AddUnsigned(DeviceNumbers.Minor(mount.FileSystem.DeviceNumber));
            text.Add((byte)' ');
            AddRootOf(mount, ref text);
            text.Add((byte)' ');
            text.AddEscaped(path);
            text.Add(mount.IsReadOnly ? " ro"u8 : " rw"u8);
            AddFlags(mount, ref text);
            text.Add(" - "u8);
            text.Add(mount.FileSystem.TypeName);
            text.Add((byte)' ');
            text.AddEscaped(mount.Source);
            text.Add(" rw"u8);
            mount.FileSystem.WriteOptions(ref text);
            text.Add((byte)'\n');
        }

        return Errno.None;
    }

    private static bool TryGetPath(Mount mount, in Location root, byte[] buffer, out ReadOnlySpan<byte> path) =>
        LocationText.TryWrite(new Location(mount, mount.Root), root, buffer, out path) && path[0] == (byte)'/';

    // Which directory of the file system shows here: "/" unless it is a bind mount.
    private static void AddRootOf(Mount mount, ref TextWriter text)
    {
        Dentry root = mount.FileSystem.Root;
        Mount whole = new(0, root, null, null, [], MountFlags.None);
        byte[] buffer = new byte[PathName.MaximumLength];
        if (LocationText.TryWrite(new Location(whole, mount.Root), new Location(whole, root), buffer, out ReadOnlySpan<byte> path))
        {
            text.AddEscaped(path);
        }
    }

    // fs/proc_namespace.c, show_mnt_opts.
    private static void AddFlags(Mount mount, ref TextWriter text)
    {
        AddFlag(mount, MountFlags.NoSetUserId, ",nosuid"u8, ref text);
        AddFlag(mount, MountFlags.NoDevices, ",nodev"u8, ref text);
        AddFlag(mount, MountFlags.NoExecute, ",noexec"u8, ref text);
        AddFlag(mount, MountFlags.NoAccessTime, ",noatime"u8, ref text);
        AddFlag(mount, MountFlags.NoDirectoryAccessTime, ",nodiratime"u8, ref text);
        AddFlag(mount, MountFlags.RelativeAccessTime, ",relatime"u8, ref text);
    }

    private static void AddFlag(Mount mount, MountFlags flag, ReadOnlySpan<byte> name, ref TextWriter text)
    {
        if ((mount.Flags & flag) != 0)
        {
            text.Add(name);
        }
    }
}
