using System.Runtime.CompilerServices;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;

namespace LiteBox.North.Files;

/// <summary>open(2), openat(2), creat(2).</summary>
internal static class OpenCalls
{
    /// <summary>Heap of one open: a new inode with its name, the description, a larger descriptor table.</summary>
    private const int Heap = 16 << 10;

    /// <summary>All flags of open(2) that exist (VALID_OPEN_FLAGS); openat ignores others.</summary>
    private const int KnownFlags = OpenFlags.AccessMask | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoControllingTerminal | OpenFlags.Truncate
        | OpenFlags.Append | OpenFlags.NonBlocking | OpenFlags.DataSynchronous | OpenFlags.Asynchronous | OpenFlags.Direct | OpenFlags.LargeFile
        | OpenFlags.Directory | OpenFlags.NoFollow | OpenFlags.NoAccessTime | OpenFlags.CloseOnExec | OpenFlags.Synchronous | OpenFlags.PathOnly
        | OpenFlags.Unnamed;

    /// <summary>What O_PATH leaves of the flags (O_PATH_FLAGS).</summary>
    private const int PathOnlyFlags = OpenFlags.Directory | OpenFlags.NoFollow | OpenFlags.PathOnly | OpenFlags.CloseOnExec;

    public static void AddTo(SystemCallTable table)
    {
        table.Add(SystemCallNumber.open, (Task task, in SystemCallArguments a) => Open(task, PathCall.WorkingDirectory, a.A0, a.Int1, (uint)a.A2), heapBytes: Heap);
        table.Add(SystemCallNumber.openat, (Task task, in SystemCallArguments a) => Open(task, a.Int0, a.A1, a.Int2, (uint)a.A3), heapBytes: Heap);
        table.Add(
            SystemCallNumber.creat,
            (Task task, in SystemCallArguments a) =>
                Open(task, PathCall.WorkingDirectory, a.A0, OpenFlags.Create | OpenFlags.WriteOnly | OpenFlags.Truncate, (uint)a.A1),
            heapBytes: Heap);
    }

    private static Result Open(Task task, int descriptor, ulong address, int flags, uint mode)
    {
        Errno error = Normalize(ref flags, ref mode);
        if (error != Errno.None)
        {
            return error;
        }

        error = PathName.Read(task, address, out PathName path);
        if (error != Errno.None)
        {
            return error;
        }

        using (path)
        {
            error = PathCall.TryGetStart(task, descriptor, path, out Location start);
            if (error != Errno.None)
            {
                return error;
            }

            error = FileOpening.Open(task, start, path.Bytes, flags, mode, out OpenFile? file);
            return error != Errno.None ? error : Install(task, file!, flags);
        }
    }

    /// <summary>Gives an open file the lowest free descriptor; without one it is closed again.</summary>
    public static Result Install(Task task, OpenFile file, int flags)
    {
        Result result = task.Files.Add(file, (flags & OpenFlags.CloseOnExec) != 0, DescriptorLimit.Of(task));
        if (result.IsError)
        {
            file.Release(task);
        }

        return result;
    }

    /// <summary>Linux's build_open_flags: drops what is unknown, refuses what makes no sense.</summary>
    private static Errno Normalize(ref int flags, ref uint mode)
    {
        flags &= KnownFlags;
        bool creates = (flags & (OpenFlags.Create | OpenFlags.Unnamed)) != 0;
        mode = creates ? mode & FileMode.PermissionMask : 0;
        if ((flags & OpenFlags.Unnamed) != 0)
        {
            bool isComplete = (flags & OpenFlags.Directory) != 0 && (flags & OpenFlags.AccessMask) is OpenFlags.WriteOnly or OpenFlags.ReadWrite;
            if (!isComplete)
            {
                return Errno.EINVAL;
            }
        }

        if ((flags & (OpenFlags.Create | OpenFlags.Directory)) == (OpenFlags.Create | OpenFlags.Directory) && (flags & OpenFlags.Unnamed) == 0)
        {
            // Linux 6.1 makes a regular file here and then fails with ENOTDIR; later versions refuse at once (open(2), BUGS).
            return Errno.EINVAL;
        }

        if ((flags & OpenFlags.PathOnly) != 0)
        {
            flags &= PathOnlyFlags;
        }
        else
        {
            flags |= OpenFlags.LargeFile;
        }

        return Errno.None;
    }
}

/// <summary>How many descriptors a task may have (RLIMIT_NOFILE).</summary>
internal static class DescriptorLimit
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of(Task task)
    {
        ulong limit = task.Process.Limits[Resource.OpenFiles].Current;
        return limit > FileTable.MaximumCapacity ? FileTable.MaximumCapacity : (int)limit;
    }
}
