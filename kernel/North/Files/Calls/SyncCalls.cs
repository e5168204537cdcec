using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;

namespace LiteBox.North.Files;

/// <summary>fsync(2) and its kin: all files are in memory, so there is nothing to bring anywhere; only the descriptor is checked.</summary>
internal static class SyncCalls
{
    public static void AddTo(SystemCallTable table)
    {
        table.Add(SystemCallNumber.sync, (Task task, in SystemCallArguments a) => Result.Success);
        table.Add(SystemCallNumber.syncfs, (Task task, in SystemCallArguments a) => task.Files.TryGet(a.Int0, out _) ? Result.Success : Errno.EBADF);
        table.Add(SystemCallNumber.fsync, SyncFile);
        table.Add(SystemCallNumber.fdatasync, SyncFile);
        table.Add(SystemCallNumber.sync_file_range, SyncRange);
        table.Add(SystemCallNumber.fadvise64, Advise);
        table.Add(SystemCallNumber.readahead, ReadAhead);
    }

    private static Result SyncFile(Task task, in SystemCallArguments a)
    {
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.File is not { } file)
        {
            return Errno.EBADF;
        }

        return file.Inode.IsRegular || file.Inode.IsDirectory ? Result.Success : Errno.EINVAL;
    }

    private static Result SyncRange(Task task, in SystemCallArguments a)
    {
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.File is not { } file)
        {
            return Errno.EBADF;
        }

        if ((a.A3 & ~7UL) != 0 || (long)a.A1 < 0 || (long)a.A2 < 0)
        {
            return Errno.EINVAL;
        }

        return file is PipeEnd ? Errno.ESPIPE : Result.Success;
    }

    private static Result Advise(Task task, in SystemCallArguments a)
    {
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.File is not { } file)
        {
            return Errno.EBADF;
        }

        if (file is PipeEnd)
        {
            return Errno.ESPIPE;
        }

        return (long)a.A2 < 0 || a.A3 > 5 ? Errno.EINVAL : Result.Success;
    }

    private static Result ReadAhead(Task task, in SystemCallArguments a)
    {
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.File is not { IsReadable: true } file)
        {
            return Errno.EBADF;
        }

        return file.Inode.IsRegular ? Result.Success : Errno.EINVAL;
    }
}
