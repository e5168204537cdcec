using System.Collections.Generic;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>One advisory lock: a byte range for record locks, the whole file for flock(2).</summary>
internal sealed class FileLock
{
    public FileLock(object owner, int processId, bool isFlock, bool isExclusive, long start, long end)
    {
        Owner = owner;
        ProcessId = processId;
        IsFlock = isFlock;
        IsExclusive = isExclusive;
        Start = start;
        End = end;
    }

    /// <summary>A descriptor table for record locks of a process; an open description for OFD locks and flock.</summary>
    public object Owner { get; }

    /// <summary>What F_GETLK tells; -1 for OFD locks.</summary>
    public int ProcessId { get; }

    public bool IsFlock { get; }

    public bool IsExclusive { get; }

    /// <summary>First byte.</summary>
    public long Start { get; }

    /// <summary>Last byte, inclusive; long.MaxValue to the end of any file.</summary>
    public long End { get; }

    public bool ConflictsWith(FileLock other) =>
        IsFlock == other.IsFlock && Owner != other.Owner && (IsExclusive || other.IsExclusive) && Start <= other.End && other.Start <= End;
}

/// <summary>The advisory locks on one inode (fcntl(2), flock(2)).</summary>
internal sealed class FileLocks
{
    private readonly List<FileLock> locks = new();
    private readonly WaitQueue changed = new();

    /// <summary>The first lock that stands in the way, or null.</summary>
    public FileLock? FindConflict(FileLock wanted)
    {
        foreach (FileLock held in locks)
        {
            if (held.ConflictsWith(wanted))
            {
                return held;
            }
        }

        return null;
    }

    /// <summary>Takes a lock in the place of what its owner holds in its range. EAGAIN, or a wait, where others stand in the way.</summary>
    public Result Take(Task task, FileLock wanted, bool wait)
    {
        while (FindConflict(wanted) is not null)
        {
            if (!wait)
            {
                return Errno.EAGAIN;
            }

            if (task.Wait(changed) == Errno.ERESTARTSYS)
            {
                return Errno.ERESTARTSYS;
            }
        }

        Drop(wanted.Owner, wanted.IsFlock, wanted.Start, wanted.End);
        locks.Add(wanted);
        return Result.Success;
    }

    /// <summary>Gives up what the owner holds in a range; what it holds around the range stays.</summary>
    public void Drop(object owner, bool isFlock, long start, long end)
    {
        bool isChanged = false;
        for (int i = locks.Count - 1; i >= 0; i--)
        {
            FileLock held = locks[i];
            if (held.Owner != owner || held.IsFlock != isFlock || held.Start > end || start > held.End)
            {
                continue;
            }

            isChanged = true;
            locks.RemoveAt(i);
            if (held.Start < start)
            {
                locks.Add(new FileLock(owner, held.ProcessId, isFlock, held.IsExclusive, held.Start, start - 1));
            }

            if (held.End > end)
            {
                locks.Add(new FileLock(owner, held.ProcessId, isFlock, held.IsExclusive, end + 1, held.End));
            }
        }

        if (isChanged)
        {
            changed.WakeAll();
        }
    }

    /// <summary>The owner (a descriptor table that closes a descriptor, a description that closes) loses its locks on the file.</summary>
    public static void ReleaseOwnedBy(OpenFile file, object owner)
    {
        FileLocks? locks = file.Inode.Locks;
        if (locks is not null)
        {
            locks.Drop(owner, false, 0, long.MaxValue);
            locks.Drop(owner, true, 0, long.MaxValue);
        }
    }
}
