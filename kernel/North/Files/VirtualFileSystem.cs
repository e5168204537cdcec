using System;
using System.Collections.Generic;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>The tree of mounted file systems and what all files share. One a kernel.</summary>
internal sealed class VirtualFileSystem
{
    private readonly List<Mount> mounts = new();
    private uint lastAnonymousDevice;
    private int lastMountId;

    public VirtualFileSystem(Machine machine)
    {
        Machine = machine;
        TemporaryFileSystem rootFileSystem = new(this, "rootfs");
        Root = new Mount(++lastMountId, rootFileSystem.Root, null, null, "rootfs"u8.ToArray(), MountFlags.None);
        mounts.Add(Root);
        Pipes = new AnonymousFileSystem(this, "pipefs", 0x50495045); // PIPEFS_MAGIC
        Anonymous = new AnonymousFileSystem(this, "anon_inodefs", 0x09041934); // ANON_INODE_FS_MAGIC
    }

    /// <summary>Where pipes have their inodes.</summary>
    public AnonymousFileSystem Pipes { get; }

    /// <summary>Where event counters and the like have their inodes.</summary>
    public AnonymousFileSystem Anonymous { get; }

    /// <summary>The machine below.</summary>
    public Machine Machine { get; }

    /// <summary>The mount at the top of the tree: the root file system, filled from the initial RAM disk.</summary>
    public Mount Root { get; }

    /// <summary>All mounts, in the order in which they were made.</summary>
    public List<Mount> Mounts => mounts;

    /// <summary>The character devices.</summary>
    public DeviceTable Devices { get; } = new();

    /// <summary>Buffers for paths.</summary>
    public PathBuffers PathBuffers { get; } = new();

    /// <summary>Root and working directory of the first process.</summary>
    public FileSystemContext CreateContext() => new(this, new Location(Root, Root.Root));

    /// <summary>A device number of its own for a file system without a device: major 0, as Linux numbers them.</summary>
    public ulong NextAnonymousDevice() => ++lastAnonymousDevice;

    /// <summary>Mounts a file system, or a directory of one (bind), on a directory.</summary>
    public Mount Attach(Dentry root, in Location mountPoint, byte[] source, MountFlags flags)
    {
        Mount mount = new(++lastMountId, root, mountPoint.Mount, mountPoint.Dentry, source, flags & MountFlags.Kept);
        mountPoint.Dentry.MountCount++;
        mountPoint.Mount.Children.Add(mount);
        mounts.Add(mount);
        return mount;
    }

    /// <summary>Takes a mount without children out of the tree. Those who are in it stay there.</summary>
    public void Detach(Mount mount)
    {
        mount.MountPoint!.MountCount--;
        mount.Parent!.Children.Remove(mount);
        mounts.Remove(mount);
    }
}
