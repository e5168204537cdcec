using System;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>mount(2) and umount2(2).</summary>
internal static class MountCalls
{
    private const int Heap = 64 << 10;

    public static void AddTo(SystemCallTable table)
    {
        table.Add(SystemCallNumber.mount, Mount, SystemCallSupport.Partial, Heap, "tmpfs, ramfs, devtmpfs, proc, sysfs, bind, move, remount; no propagation");
        table.Add(SystemCallNumber.umount2, Unmount);
    }

    private static Result Mount(Task task, in SystemCallArguments a)
    {
        MountFlags flags = (MountFlags)(uint)a.A3;
        if (((uint)flags & 0xFFFF0000) == 0xC0ED0000) // MS_MGC_VAL, which very old programs pass
        {
            flags &= (MountFlags)0xFFFF;
        }

        if (!task.Credentials.Has(Capability.Administer))
        {
            return Errno.EPERM;
        }

        Errno error = PathCall.Find(task, PathCall.WorkingDirectory, a.A1, LookupFlags.Follow, out Location target);
        if (error != Errno.None)
        {
            return error;
        }

        if ((flags & MountFlags.Remount) != 0)
        {
            return Remount(target, flags);
        }

        if ((flags & (MountFlags.Shared | MountFlags.Private | MountFlags.Slave | MountFlags.Unbindable)) != 0)
        {
            // There is one name space and no propagation: every mount is as good as private.
            return target.Dentry == target.Mount.Root ? Result.Success : Errno.EINVAL;
        }

        if ((flags & (MountFlags.Bind | MountFlags.Move)) != 0)
        {
            error = PathCall.Find(task, PathCall.WorkingDirectory, a.A0, LookupFlags.Follow, out Location source);
            if (error != Errno.None)
            {
                return error;
            }

            return (flags & MountFlags.Bind) != 0 ? Bind(source, target) : Move(source, target);
        }

        return MountNew(task, a, target, flags);
    }

    private static Result MountNew(Task task, in SystemCallArguments a, in Location target, MountFlags flags)
    {
        Span<byte> typeBuffer = stackalloc byte[64];
        if (!task.UserMemory.TryReadString(new UserAddress(a.A2), typeBuffer, out int typeLength))
        {
            return Errno.EFAULT;
        }

        if (!target.Inode.IsDirectory)
        {
            return Errno.ENOTDIR;
        }

        byte[] source = "none"u8.ToArray();
        if (a.A0 != 0)
        {
            Errno error = PathName.Read(task, a.A0, out PathName sourceName);
            if (error != Errno.None)
            {
                return error;
            }

            using (sourceName)
            {
                source = sourceName.Bytes.ToArray();
            }
        }

        byte[] options = [];
        if (a.A4 != 0)
        {
            Errno error = PathName.Read(task, a.A4, out PathName optionText);
            if (error != Errno.None)
            {
                return error;
            }

            using (optionText)
            {
                options = optionText.Bytes.ToArray();
            }
        }

        VirtualFileSystem fileSystems = task.FileSystemContext.VirtualFileSystem;
        Errno made = FileSystemTypes.Create(fileSystems, typeBuffer.Slice(0, typeLength), options, out FileSystem? fileSystem);
        if (made != Errno.None)
        {
            return made;
        }

        bool isThere = target.Dentry == target.Mount.Root && target.Mount.FileSystem == fileSystem;
        if (isThere)
        {
            return Errno.EBUSY;
        }

        fileSystems.Attach(fileSystem!.Root, target, source, WithDefaultAccessTimes(flags));
        return Result.Success;
    }

    private static MountFlags WithDefaultAccessTimes(MountFlags flags) =>
        (flags & MountFlags.NoAccessTime) == 0 ? flags | MountFlags.RelativeAccessTime : flags & ~MountFlags.RelativeAccessTime;

    private static Result Remount(in Location target, MountFlags flags)
    {
        if (target.Dentry != target.Mount.Root)
        {
            return Errno.EINVAL;
        }

        target.Mount.Flags = WithDefaultAccessTimes(flags) & MountFlags.Kept;
        return Result.Success;
    }

    private static Result Bind(in Location source, in Location target)
    {
        if (source.Inode.IsDirectory != target.Inode.IsDirectory)
        {
            return Errno.ENOTDIR;
        }

        VirtualFileSystem fileSystems = target.Inode.FileSystem.VirtualFileSystem;
        fileSystems.Attach(source.Dentry, target, source.Mount.Source, source.Mount.Flags);
        return Result.Success;
    }

    private static Result Move(in Location source, in Location target)
    {
        if (source.Dentry != source.Mount.Root || source.Mount.Parent is null)
        {
            return Errno.EINVAL;
        }

        if (source.Inode.IsDirectory != target.Inode.IsDirectory)
        {
            return Errno.ENOTDIR;
        }

        for (Mount? mount = target.Mount; mount is not null; mount = mount.Parent)
        {
            if (mount == source.Mount)
            {
                return Errno.ELOOP;
            }
        }

        target.Inode.FileSystem.VirtualFileSystem.Move(source.Mount, target);
        return Result.Success;
    }

    private static Result Unmount(Task task, in SystemCallArguments a)
    {
        const int Detach = 2; // MNT_DETACH
        const int NoFollow = 8; // UMOUNT_NOFOLLOW
        const int Known = 1 | Detach | 4 | NoFollow; // MNT_FORCE, MNT_EXPIRE
        if ((a.Int1 & ~Known) != 0)
        {
            return Errno.EINVAL;
        }

        LookupFlags lookup = (a.Int1 & NoFollow) != 0 ? LookupFlags.None : LookupFlags.Follow;
        Errno error = PathCall.Find(task, PathCall.WorkingDirectory, a.A0, lookup, out Location target);
        if (error != Errno.None)
        {
            return error;
        }

        Mount mount = target.Mount;
        if (target.Dentry != mount.Root || mount.Parent is null)
        {
            return Errno.EINVAL;
        }

        if (!task.Credentials.Has(Capability.Administer))
        {
            return Errno.EPERM;
        }

        VirtualFileSystem fileSystems = task.FileSystemContext.VirtualFileSystem;
        bool isLazy = (a.Int1 & Detach) != 0;
        if (!isLazy && (mount.Children.Count > 0 || MountUse.IsUsed(task.Kernel, mount)))
        {
            return Errno.EBUSY;
        }

        fileSystems.Detach(mount);
        return Result.Success;
    }
}
