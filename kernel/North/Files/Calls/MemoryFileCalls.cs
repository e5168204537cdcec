using System;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>memfd_create(2): a file in memory without a name in the tree.</summary>
internal static class MemoryFileCalls
{
    private const uint CloseOnExec = 1; // MFD_CLOEXEC
    private const uint AllowSealing = 2; // MFD_ALLOW_SEALING
    private const int MaximumNameLength = 249;
    private const int Heap = 8 << 10;

    public static void AddTo(SystemCallTable table) =>
        table.Add(SystemCallNumber.memfd_create, Create, SystemCallSupport.Partial, Heap, "no huge pages");

    private static Result Create(Task task, in SystemCallArguments a)
    {
        uint flags = (uint)a.A1;
        if ((flags & ~(CloseOnExec | AllowSealing)) != 0)
        {
            return Errno.EINVAL;
        }

        // The name shows in /proc as "/memfd:NAME (deleted)".
        Span<byte> name = stackalloc byte[6 + MaximumNameLength + 1];
        "memfd:"u8.CopyTo(name);
        if (!task.UserMemory.TryReadString(new UserAddress(a.A0), name.Slice(6), out int length))
        {
            return Errno.EFAULT;
        }

        if (length > MaximumNameLength)
        {
            return Errno.EINVAL;
        }

        TemporaryFileSystem fileSystem = task.Kernel.FileSystems.MemoryFiles;
        if (!fileSystem.TryTakeInode())
        {
            return Errno.ENOSPC;
        }

        TemporaryFile inode = new(fileSystem, FileMode.Regular | FileMode.AccessMask)
        {
            UserId = task.Credentials.FileUserId,
            GroupId = task.Credentials.FileGroupId,
            LinkCount = 0,
            Seals = (flags & AllowSealing) != 0 ? 0 : FileSeals.NoMoreSeals,
        };
        Dentry dentry = new(fileSystem.Root, name.Slice(0, 6 + length), inode) { IsRemoved = true };
        RegularFile file = new(new Location(task.Kernel.FileSystems.MemoryFilesMount, dentry), OpenFlags.ReadWrite | OpenFlags.LargeFile, inode);
        return OpenCalls.Install(task, file, (flags & CloseOnExec) != 0 ? OpenFlags.CloseOnExec : 0);
    }
}
