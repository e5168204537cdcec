using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.Signals;
using LiteBox.North.SystemCalls;

namespace LiteBox.North.Files;

/// <summary>How large a task may make a file (RLIMIT_FSIZE, setrlimit(2)).</summary>
internal static class FileSizeLimit
{
    /// <summary>The largest size in bytes.</summary>
    public static long Of(Task task)
    {
        ulong limit = task.Process.Limits[Resource.FileSize].Current;
        return limit > long.MaxValue ? long.MaxValue : (long)limit;
    }

    /// <summary>What a task that goes beyond it gets: SIGXFSZ where the limit is its own, and EFBIG.</summary>
    public static Result Exceeded(Task task)
    {
        if (Of(task) != long.MaxValue)
        {
            SignalSending.SendToTask(task, SignalInfo.FromKernel(SignalNumber.SIGXFSZ));
        }

        return Errno.EFBIG;
    }
}

/// <summary>The set-user-ID and set-group-ID bits, which a write or a change of owner takes away (inode(7)).</summary>
internal static class SetIdBits
{
    /// <summary>After a write by somebody who may not keep them (CAP_FSETID).</summary>
    public static void RemoveAfterWrite(Task task, Inode inode)
    {
        if (!task.Credentials.Has(Capability.KeepSetId))
        {
            Remove(inode);
        }
    }

    /// <summary>Takes them away. Set-group-ID without group execute meant mandatory locking and stays.</summary>
    public static void Remove(Inode inode)
    {
        inode.Mode &= ~FileMode.SetUserId;
        if ((inode.Mode & FileMode.GroupExecute) != 0)
        {
            inode.Mode &= ~FileMode.SetGroupId;
        }
    }
}
