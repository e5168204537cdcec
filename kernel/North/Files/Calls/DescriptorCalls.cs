using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;

namespace LiteBox.North.Files;

/// <summary>Calls on descriptors themselves: close, dup, ioctl, and pipes, which are made as descriptors.</summary>
internal static class DescriptorCalls
{
    private const int Heap = 16 << 10;

    public static void AddTo(SystemCallTable table)
    {
        table.Add(SystemCallNumber.close, (Task task, in SystemCallArguments a) => task.Files.Close(task, a.Int0));
        table.Add(SystemCallNumber.close_range, CloseRange, heapBytes: Heap);
        table.Add(SystemCallNumber.dup, Duplicate, heapBytes: Heap);
        table.Add(SystemCallNumber.dup2, DuplicateTo, heapBytes: Heap);
        table.Add(SystemCallNumber.dup3, DuplicateToWithFlags, heapBytes: Heap);
        table.Add(SystemCallNumber.ioctl, Control, heapBytes: Heap);
        table.Add(SystemCallNumber.pipe, (Task task, in SystemCallArguments a) => MakePipe(task, a.A0, 0), heapBytes: Heap);
        table.Add(SystemCallNumber.pipe2, (Task task, in SystemCallArguments a) => MakePipe(task, a.A0, a.Int1), heapBytes: Heap);
    }

    private static Result CloseRange(Task task, in SystemCallArguments a)
    {
        const uint Unshare = 2; // CLOSE_RANGE_UNSHARE
        const uint OnExec = 4; // CLOSE_RANGE_CLOEXEC
        uint first = (uint)a.A0;
        uint last = (uint)a.A1;
        uint flags = (uint)a.A2;
        if ((flags & ~(Unshare | OnExec)) != 0 || first > last)
        {
            return Errno.EINVAL;
        }

        if ((flags & Unshare) != 0 && task.Files.IsShared)
        {
            FileTable shared = task.Files;
            task.Files = shared.Clone();
            shared.Release(task);
        }

        FileTable files = task.Files;
        for (uint descriptor = first; descriptor <= last && descriptor < (uint)files.Capacity; descriptor++)
        {
            if (!files.TryGet((int)descriptor, out _))
            {
                continue;
            }

            if ((flags & OnExec) != 0)
            {
                files.SetCloseOnExec((int)descriptor, true);
            }
            else
            {
                files.Close(task, (int)descriptor);
            }
        }

        return Result.Success;
    }

    private static Result Duplicate(Task task, in SystemCallArguments a)
    {
        if (!task.Files.TryGet(a.Int0, out OpenFile? file))
        {
            return Errno.EBADF;
        }

        file.AddOwner();
        return OpenCalls.Install(task, file, 0);
    }

    private static Result DuplicateTo(Task task, in SystemCallArguments a)
    {
        if (a.Int0 == a.Int1)
        {
            return task.Files.TryGet(a.Int0, out _) ? a.Int0 : Errno.EBADF;
        }

        return DuplicateTo(task, a.Int0, a.Int1, false);
    }

    private static Result DuplicateToWithFlags(Task task, in SystemCallArguments a)
    {
        if ((a.Int2 & ~OpenFlags.CloseOnExec) != 0 || a.Int0 == a.Int1)
        {
            return Errno.EINVAL;
        }

        return DuplicateTo(task, a.Int0, a.Int1, a.Int2 != 0);
    }

    private static Result DuplicateTo(Task task, int from, int to, bool closeOnExec)
    {
        if ((uint)to >= (uint)DescriptorLimit.Of(task) || !task.Files.TryGet(from, out OpenFile? file))
        {
            return Errno.EBADF;
        }

        file.AddOwner();
        task.Files.Replace(task, to, file, closeOnExec);
        return to;
    }

    private static Result Control(Task task, in SystemCallArguments a)
    {
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.File is not { } file)
        {
            return Errno.EBADF;
        }

        uint request = (uint)a.A1;
        switch (request)
        {
            case 0x5451: // FIOCLEX (include/uapi/asm-generic/ioctls.h)
                task.Files.SetCloseOnExec(a.Int0, true);
                return Result.Success;
            case 0x5450: // FIONCLEX
                task.Files.SetCloseOnExec(a.Int0, false);
                return Result.Success;
            case 0x5421: // FIONBIO
                if (!UserWords.TryReadInt32(task, a.A2, out int isOn))
                {
                    return Errno.EFAULT;
                }

                file.StatusFlags = isOn != 0 ? file.StatusFlags | OpenFlags.NonBlocking : file.StatusFlags & ~OpenFlags.NonBlocking;
                return Result.Success;
            case 0x541B when file.Inode.IsRegular: // FIONREAD
                return UserWords.WriteInt32(task, a.A2, unchecked((int)(file.Inode.Size - file.Position)));
            default:
                return file.Control(task, request, a.A2);
        }
    }

    private static Result MakePipe(Task task, ulong descriptors, int flags)
    {
        if ((flags & ~(OpenFlags.CloseOnExec | OpenFlags.NonBlocking | OpenFlags.Direct)) != 0)
        {
            return Errno.EINVAL;
        }

        Pipe pipe = new(task.Kernel.Machine);
        Location place = task.FileSystemContext.VirtualFileSystem.Pipes.CreatePlace(task, FileMode.Fifo | 0x180, "pipe:"u8); // 0600
        PipeEnd readEnd = new(place, OpenFlags.ReadOnly | (flags & ~OpenFlags.CloseOnExec), pipe, 0);
        PipeEnd writeEnd = new(place, OpenFlags.WriteOnly | (flags & ~OpenFlags.CloseOnExec), pipe, 0);
        return InstallPair(task, readEnd, writeEnd, descriptors, flags);
    }

    /// <summary>Gives two new files descriptors and tells the program; on failure neither stays.</summary>
    public static Result InstallPair(Task task, OpenFile first, OpenFile second, ulong descriptors, int flags)
    {
        Result firstDescriptor = OpenCalls.Install(task, first, flags);
        if (firstDescriptor.IsError)
        {
            second.Release(task);
            return firstDescriptor;
        }

        Result secondDescriptor = OpenCalls.Install(task, second, flags);
        if (!secondDescriptor.IsError)
        {
            if (UserWords.WriteInt64(task, descriptors, firstDescriptor.Value | secondDescriptor.Value << 32).IsError)
            {
                task.Files.Close(task, (int)secondDescriptor.Value);
                secondDescriptor = Errno.EFAULT;
            }
            else
            {
                return Result.Success;
            }
        }

        task.Files.Close(task, (int)firstDescriptor.Value);
        return secondDescriptor;
    }
}
