using System;
using System.Collections.Generic;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.Terminals;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>The tree of mounted file systems and what all files share. One a kernel.</summary>
internal sealed class VirtualFileSystem
{
    private readonly List<Mount> mounts = new();
    private uint lastAnonymousDevice;
    private int lastMountId;

    public VirtualFileSystem(LinuxKernel kernel)
    {
        Kernel = kernel;
        Machine = kernel.Machine;
        TemporaryFileSystem rootFileSystem = new(this, "rootfs", isEarly: true);
        Root = new Mount(++lastMountId, rootFileSystem.Root, null, null, "rootfs"u8.ToArray(), MountFlags.None);
        mounts.Add(Root);
        Pipes = new AnonymousFileSystem(this, "pipefs", 0x50495045); // PIPEFS_MAGIC
        Anonymous = new AnonymousFileSystem(this, "anon_inodefs", 0x09041934); // ANON_INODE_FS_MAGIC
        MemoryFiles = new TemporaryFileSystem(this, "tmpfs");
        MemoryFilesMount = new Mount(0, MemoryFiles.Root, null, null, [], MountFlags.None);
        Console = new SystemConsole(kernel, Devices);
        DeviceFiles = DeviceFileSystem.Create(this);
        ProcessFiles = new ProcessFileSystem(this);
        SystemFiles = new SystemFileSystem(this);
        ConfigFiles = new ConfigFileSystem(this);
    }

    /// <summary>The terminal on the serial line.</summary>
    public SystemConsole Console { get; }

    /// <summary>The file system of the devices there are (devtmpfs); every mount of the type shows this one.</summary>
    public TemporaryFileSystem DeviceFiles { get; }

    /// <summary>/proc; every mount of the type shows this one.</summary>
    public ProcessFileSystem ProcessFiles { get; }

    /// <summary>/sys; every mount of the type shows this one.</summary>
    public SystemFileSystem SystemFiles { get; }

    /// <summary>/sys/kernel/config; every mount of the type shows this one.</summary>
    public ConfigFileSystem ConfigFiles { get; }

    /// <summary>Where files of memfd_create(2) have their inodes.</summary>
    public TemporaryFileSystem MemoryFiles { get; }

    /// <summary>The mount that they are seen through; it is not part of the tree.</summary>
    public Mount MemoryFilesMount { get; }

    /// <summary>Where pipes have their inodes.</summary>
    public AnonymousFileSystem Pipes { get; }

    /// <summary>Where event counters and the like have their inodes.</summary>
    public AnonymousFileSystem Anonymous { get; }

    /// <summary>The kernel that the tree belongs to.</summary>
    public LinuxKernel Kernel { get; }

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

    /// <summary>
    /// Takes a mount, with all that is mounted below it, out of the tree. Those who are in it stay there. A file system of which no mount is left
    /// gives its names up, and with them all data that nobody uses.
    /// </summary>
    public void Detach(Mount mount)
    {
        for (int i = mount.Children.Count - 1; i >= 0; i--)
        {
            Detach(mount.Children[i]);
        }

        mount.MountPoint!.MountCount--;
        mount.Parent!.Children.Remove(mount);
        mounts.Remove(mount);
        if (!HasMount(mount.FileSystem))
        {
            mount.FileSystem.Free();
        }
    }

    /// <summary>Puts a mount somewhere else.</summary>
    public void Move(Mount mount, in Location mountPoint)
    {
        mount.MountPoint!.MountCount--;
        mount.Parent!.Children.Remove(mount);
        mount.MountPoint = mountPoint.Dentry;
        mount.Parent = mountPoint.Mount;
        mountPoint.Dentry.MountCount++;
        mountPoint.Mount.Children.Add(mount);
    }

    /// <summary>Frames that hold the contents of files, for /proc/meminfo.</summary>
    public long CountFileFrames()
    {
        long count = MemoryFiles.Frames.Used;
        FileSystem? previous = null;
        foreach (Mount mount in mounts)
        {
            // A file system that is mounted twice in a row counts once; elsewhere a bind mount may count its file system again.
            if (mount.FileSystem is TemporaryFileSystem temporary && temporary != previous)
            {
                count += temporary.Frames.Used;
                previous = temporary;
            }
        }

        return count;
    }

    private bool HasMount(FileSystem fileSystem)
    {
        foreach (Mount mount in mounts)
        {
            if (mount.FileSystem == fileSystem)
            {
                return true;
            }
        }

        return fileSystem == DeviceFiles;
    }
}
