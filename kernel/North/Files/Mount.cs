using System.Collections.Generic;

namespace LiteBox.North.Files;

/// <summary>A file system, or a part of one, seen at a place of the tree (mount(2)).</summary>
internal sealed class Mount
{
    public Mount(int id, Dentry root, Mount? parent, Dentry? mountPoint, byte[] source, MountFlags flags)
    {
        Id = id;
        Root = root;
        Parent = parent;
        MountPoint = mountPoint;
        Source = source;
        Flags = flags;
    }

    /// <summary>The number in /proc/self/mountinfo.</summary>
    public int Id { get; }

    /// <summary>The directory (or file, of a bind mount) that shows here.</summary>
    public Dentry Root { get; }

    /// <summary>The mount that holds the mount point; null for the root of the tree.</summary>
    public Mount? Parent { get; set; }

    /// <summary>What is hidden below.</summary>
    public Dentry? MountPoint { get; set; }

    /// <summary>The device, as mount(2) was told.</summary>
    public byte[] Source { get; }

    /// <summary>Read-only and the like.</summary>
    public MountFlags Flags { get; set; }

    /// <summary>Mounts whose mount points are in this one.</summary>
    public List<Mount> Children { get; } = new();

    public FileSystem FileSystem => Root.Inode.FileSystem;

    public bool IsReadOnly => (Flags & MountFlags.ReadOnly) != 0;

    /// <summary>The mount's flags as statfs(2) shows them (ST_RDONLY to ST_RELATIME, include/linux/statfs.h): moved from mount(2)'s places.</summary>
    public long StatusFlags =>
        (long)(uint)(Flags & (MountFlags.ReadOnly | MountFlags.NoSetUserId | MountFlags.NoDevices | MountFlags.NoExecute | MountFlags.NoAccessTime | MountFlags.NoDirectoryAccessTime))
        | ((Flags & MountFlags.RelativeAccessTime) != 0 ? 0x1000L : 0L);

    /// <summary>The newest mount on a directory of this one.</summary>
    public Mount? FindChild(Dentry mountPoint)
    {
        for (int i = Children.Count - 1; i >= 0; i--)
        {
            if (Children[i].MountPoint == mountPoint)
            {
                return Children[i];
            }
        }

        return null;
    }
}
