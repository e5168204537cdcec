using System;
using System.Collections.Generic;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>
/// Fills the root file system before the first process: what Linux has built in (usr/default_cpio_list), then the initial RAM disk, as
/// init/initramfs.c unpacks it: a file that cannot be made is left out, and later files go over earlier ones.
/// </summary>
internal static class RootFileSystem
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>What became of the archive.</summary>
    public readonly struct Outcome
    {
        public Outcome(int fileCount, int failureCount, bool isDamaged)
        {
            FileCount = fileCount;
            FailureCount = failureCount;
            IsDamaged = isDamaged;
        }

        /// <summary>Files made.</summary>
        public int FileCount { get; }

        /// <summary>Files that could not be made.</summary>
        public int FailureCount { get; }

        /// <summary>True where the archive ended in something else.</summary>
        public bool IsDamaged { get; }
    }

    /// <summary>Makes the built-in files and unpacks the archive.</summary>
    public static Outcome Fill(VirtualFileSystem fileSystems, ReadOnlySpan<byte> initrd)
    {
        Location root = new(fileSystems.Root, fileSystems.Root.Root);
        const uint DirectoryMode = FileMode.Directory | 0x1ED; // 0755
        Make(root, "dev"u8, new NewFile(DirectoryMode, 0, 0), default, out _);
        Make(root, "dev/console"u8, new NewFile(FileMode.CharacterDevice | 0x180, 0, 0, DeviceNumbers.Make(5, 1)), default, out _); // 0600
        Make(root, "root"u8, new NewFile(FileMode.Directory | 0x1C0, 0, 0), default, out _); // 0700
        return Unpack(root, initrd);
    }

    private static Outcome Unpack(in Location root, ReadOnlySpan<byte> initrd)
    {
        CpioArchive archive = new(initrd);
        Dictionary<ulong, Inode> links = new();
        List<Inode> directories = new();
        List<long> times = new();
        int files = 0;
        int failures = 0;
        while (archive.TryReadNext(out CpioEntry entry, out bool isTrailer))
        {
            if (isTrailer)
            {
                links.Clear();
                continue;
            }

            Errno error = Unpack(root, entry, links, out Inode? inode);
            if (error != Errno.None)
            {
                failures++;
                continue;
            }

            files++;
            SetTime(inode!, entry.ModifySeconds * NanosecondsPerSecond);
            if (inode!.IsDirectory)
            {
                directories.Add(inode);
                times.Add(inode.ModifyTime);
            }
        }

        // Making files in a directory changes its time, so directories get theirs at the end.
        for (int i = 0; i < directories.Count; i++)
        {
            SetTime(directories[i], times[i]);
        }

        return new Outcome(files, failures, archive.IsDamaged);
    }

    private static Errno Unpack(in Location root, in CpioEntry entry, Dictionary<ulong, Inode> links, out Inode? inode)
    {
        bool mayBeLinked = entry.LinkCount >= 2 && (entry.Mode & FileMode.TypeMask) != FileMode.Directory;
        ulong identity = DeviceNumbers.Make(entry.DeviceMajor, entry.DeviceMinor) << 32 | entry.Inode;
        if (mayBeLinked && links.TryGetValue(identity, out inode))
        {
            Errno error = Link(root, entry.Name, inode);
            return error == Errno.None && entry.Contents.Length > 0 && inode is TemporaryFile file ? Write(file, entry.Contents) : error;
        }

        NewFile newFile = new(entry.Mode & (FileMode.TypeMask | FileMode.PermissionMask), entry.UserId, entry.GroupId, DeviceNumbers.Make(entry.SpecialMajor, entry.SpecialMinor));
        Errno made = Make(root, entry.Name, newFile, entry.Contents, out inode);
        if (made == Errno.None && mayBeLinked)
        {
            links.Add(identity, inode!);
        }

        return made;
    }

    /// <summary>Makes one file; a directory that is there already takes the new mode and owner, anything else is replaced.</summary>
    private static Errno Make(in Location root, ReadOnlySpan<byte> path, in NewFile newFile, ReadOnlySpan<byte> contents, out Inode? inode)
    {
        inode = null;
        if (path.Length == 0)
        {
            return Errno.ENOENT;
        }

        PathWalk walk = new(root);
        Errno error = walk.WalkToParent(path);
        if (error != Errno.None)
        {
            return error;
        }

        uint type = newFile.Mode & FileMode.TypeMask;
        if (walk.LastKind != LastComponent.Name)
        {
            // "." stands for the root directory itself.
            inode = walk.Current.Inode;
            return type == FileMode.Directory ? TakeOver(inode, newFile) : Errno.EISDIR;
        }

        Location parent = walk.Current;
        DirectoryInode directory = (DirectoryInode)parent.Inode;
        error = walk.LookupLast(out Dentry? present);
        if (error == Errno.None)
        {
            if (type == FileMode.Directory && present!.Inode.IsDirectory)
            {
                inode = present.Inode;
                return TakeOver(inode, newFile);
            }

            if (present!.Inode is DirectoryInode { IsEmpty: false })
            {
                return Errno.EEXIST;
            }

            directory.Remove(parent.Dentry, present);
        }
        else if (error != Errno.ENOENT)
        {
            return error;
        }

        Dentry? child;
        if (type == FileMode.SymbolicLink)
        {
            int length = contents.IndexOf((byte)0);
            ReadOnlySpan<byte> target = length < 0 ? contents : contents.Slice(0, length);
            if (target.Length is 0 or >= PathName.MaximumLength)
            {
                return Errno.ENAMETOOLONG;
            }

            error = directory.CreateLink(parent.Dentry, walk.LastName, target, newFile, out child);
        }
        else if (type is FileMode.Regular or FileMode.Directory or FileMode.CharacterDevice or FileMode.BlockDevice or FileMode.Fifo or FileMode.Socket)
        {
            error = directory.Create(parent.Dentry, walk.LastName, newFile, out child);
        }
        else
        {
            return Errno.EINVAL;
        }

        if (error != Errno.None)
        {
            return error;
        }

        inode = child!.Inode;
        return inode is TemporaryFile file ? Write(file, contents) : Errno.None;
    }

    private static Errno TakeOver(Inode inode, in NewFile newFile)
    {
        inode.Mode = newFile.Mode;
        inode.UserId = newFile.UserId;
        inode.GroupId = newFile.GroupId;
        return Errno.None;
    }

    private static Errno Link(in Location root, ReadOnlySpan<byte> path, Inode inode)
    {
        if (path.Length == 0)
        {
            return Errno.ENOENT;
        }

        PathWalk walk = new(root);
        Errno error = walk.WalkToParent(path);
        if (error != Errno.None)
        {
            return error;
        }

        if (walk.LastKind != LastComponent.Name)
        {
            return Errno.EEXIST;
        }

        Location parent = walk.Current;
        DirectoryInode directory = (DirectoryInode)parent.Inode;
        if (walk.LookupLast(out Dentry? present) == Errno.None)
        {
            if (present!.Inode == inode)
            {
                return Errno.None;
            }

            if (present.Inode.IsDirectory)
            {
                return Errno.EEXIST;
            }

            directory.Remove(parent.Dentry, present);
        }

        return walk.LastName.Length > PathWalk.MaximumNameLength ? Errno.ENAMETOOLONG : directory.AddLink(parent.Dentry, walk.LastName, inode);
    }

    private static Errno Write(TemporaryFile file, ReadOnlySpan<byte> contents)
    {
        file.Pages.Resize(0);
        DataSource source = new(contents);
        return file.Pages.Write(0, ref source);
    }

    private static void SetTime(Inode inode, long time)
    {
        inode.AccessTime = time;
        inode.ModifyTime = time;
    }
}
