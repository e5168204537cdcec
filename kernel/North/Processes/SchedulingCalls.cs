using System;
using System.Buffers.Binary;
using LiteBox.Abi;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;
using static LiteBox.Abi.SystemCallNumber;

namespace LiteBox.North.Processes;

/// <summary>Scheduling, priorities, limits and usage. Every thread is scheduled alike: policies and priorities are answered and not acted on.</summary>
internal static class SchedulingCalls
{
    private const int PRIO_PROCESS = 0;
    private const int PRIO_PGRP = 1;
    private const int PRIO_USER = 2;
    private const int LowestNice = 19;
    private const int HighestNice = -20;

    private const int SCHED_OTHER = 0;
    private const int SCHED_FIFO = 1;
    private const int SCHED_RR = 2;
    private const int SCHED_BATCH = 3;
    private const int SCHED_IDLE = 5;

    private const int RUSAGE_CHILDREN = -1;
    private const int RUSAGE_SELF = 0;
    private const int RUSAGE_THREAD = 1;

    private const ulong SliceNanoseconds = 100_000_000; // what Linux answers for SCHED_RR (sched_rr_get_interval(2))

    public static void AddTo(SystemCallTable table)
    {
        const string notes = "Answered; every thread is scheduled alike.";
        table.Add(sched_yield, Yield);
        table.Add(sched_getaffinity, GetAffinity);
        table.Add(sched_setaffinity, SetAffinity, SystemCallSupport.Partial, notes: "The mask is checked; threads run on any processor.");
        table.Add(sched_getscheduler, GetPolicy, SystemCallSupport.Partial, notes: notes);
        table.Add(sched_setscheduler, SetPolicy, SystemCallSupport.Partial, notes: notes);
        table.Add(sched_getparam, GetParameter, SystemCallSupport.Partial, notes: notes);
        table.Add(sched_setparam, SetParameter, SystemCallSupport.Partial, notes: notes);
        table.Add(sched_get_priority_max, GetHighestPriority);
        table.Add(sched_get_priority_min, GetLowestPriority);
        table.Add(sched_rr_get_interval, GetInterval);
        table.Add(getpriority, GetPriority, SystemCallSupport.Partial, notes: "Nice values are kept and not acted on.");
        table.Add(setpriority, SetPriority, SystemCallSupport.Partial, notes: "Nice values are kept and not acted on.");
        table.Add(getcpu, GetProcessor, notes: "One processor: 0.");
        table.Add(getrusage, GetUsage, SystemCallSupport.Partial, notes: "All time is user time; resident size and context switches are 0.");
        table.Add(getrlimit, GetLimit);
        table.Add(setrlimit, SetLimit);
        table.Add(prlimit64, ChangeLimit);
    }

    private static Result Yield(Task task, in SystemCallArguments arguments)
    {
        task.Kernel.Machine.Scheduler.Yield();
        return Result.Success;
    }

    private static Task? FindTask(Task task, int id) => id == 0 ? task : task.Kernel.Processes.FindTask(id);

    private static Result GetAffinity(Task task, in SystemCallArguments arguments)
    {
        ulong size = arguments.A1;
        if (size < sizeof(ulong) || (size & 7) != 0)
        {
            return Errno.EINVAL;
        }

        if (FindTask(task, arguments.Int0) is null)
        {
            return Errno.ESRCH;
        }

        ulong mask = ProcessorMask(task);
        return new UserPointer<Word64>(arguments.A2).TryWrite(task.UserMemory, new Word64 { Value = mask }) ? sizeof(ulong) : Errno.EFAULT;
    }

    private static Result SetAffinity(Task task, in SystemCallArguments arguments)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        if (!task.UserMemory.TryRead(new UserAddress(arguments.A2), bytes.Slice(0, (int)Math.Min(arguments.A1, sizeof(ulong)))))
        {
            return Errno.EFAULT;
        }

        if (FindTask(task, arguments.Int0) is null)
        {
            return Errno.ESRCH;
        }

        return (BinaryPrimitives.ReadUInt64LittleEndian(bytes) & ProcessorMask(task)) == 0 ? Errno.EINVAL : Result.Success;
    }

    private static ulong ProcessorMask(Task task)
    {
        int count = task.Kernel.Machine.ProcessorCount;
        return count >= 64 ? ulong.MaxValue : (1UL << count) - 1;
    }

    private static Result GetPolicy(Task task, in SystemCallArguments arguments) =>
        arguments.Int0 < 0 ? Errno.EINVAL : FindTask(task, arguments.Int0) is null ? Errno.ESRCH : SCHED_OTHER;

    private static Result SetPolicy(Task task, in SystemCallArguments arguments) => SetPolicy(task, arguments.Int0, arguments.Int1, arguments.A2);

    private static Result SetParameter(Task task, in SystemCallArguments arguments) => SetPolicy(task, arguments.Int0, SCHED_OTHER, arguments.A1);

    private static Result SetPolicy(Task task, int id, int policy, ulong parameter)
    {
        if (id < 0 || parameter == 0)
        {
            return Errno.EINVAL;
        }

        if (!new UserPointer<Word32>(parameter).TryRead(task.UserMemory, out Word32 priority))
        {
            return Errno.EFAULT;
        }

        if (FindTask(task, id) is null)
        {
            return Errno.ESRCH;
        }

        policy &= ~0x40000000; // SCHED_RESET_ON_FORK
        int highest = HighestOf(policy);
        if (highest < 0 || priority.Value > highest || priority.Value < (highest == 0 ? 0 : 1))
        {
            return Errno.EINVAL;
        }

        return highest != 0 && !task.Credentials.Has(Capability.Nice) ? Errno.EPERM : Result.Success;
    }

    private static Result GetParameter(Task task, in SystemCallArguments arguments)
    {
        if (arguments.Int0 < 0 || arguments.A1 == 0)
        {
            return Errno.EINVAL;
        }

        if (FindTask(task, arguments.Int0) is null)
        {
            return Errno.ESRCH;
        }

        return new UserPointer<Word32>(arguments.A1).TryWrite(task.UserMemory, default) ? Result.Success : Errno.EFAULT;
    }

    private static int HighestOf(int policy) => policy switch
    {
        SCHED_FIFO or SCHED_RR => 99,
        SCHED_OTHER or SCHED_BATCH or SCHED_IDLE => 0,
        _ => -1,
    };

    private static Result GetHighestPriority(Task task, in SystemCallArguments arguments)
    {
        int highest = HighestOf(arguments.Int0);
        return highest < 0 ? Errno.EINVAL : highest;
    }

    private static Result GetLowestPriority(Task task, in SystemCallArguments arguments)
    {
        int highest = HighestOf(arguments.Int0);
        return highest < 0 ? Errno.EINVAL : highest == 0 ? 0 : 1;
    }

    private static Result GetInterval(Task task, in SystemCallArguments arguments)
    {
        if (arguments.Int0 < 0)
        {
            return Errno.EINVAL;
        }

        if (FindTask(task, arguments.Int0) is null)
        {
            return Errno.ESRCH;
        }

        var interval = new Timespec { Nanoseconds = (long)SliceNanoseconds };
        return new UserPointer<Timespec>(arguments.A1).TryWrite(task.UserMemory, interval) ? Result.Success : Errno.EFAULT;
    }

    // The kernel answers 20 - nice, so that no answer is negative (getpriority(2), "C library/kernel differences").
    private static Result GetPriority(Task task, in SystemCallArguments arguments)
    {
        if (arguments.Int0 is < PRIO_PROCESS or > PRIO_USER)
        {
            return Errno.EINVAL;
        }

        int best = int.MaxValue;
        for (Process? process = task.Kernel.Processes.NextProcess(0); process is not null; process = task.Kernel.Processes.NextProcess(process.Id))
        {
            if (IsChosen(task, process, arguments.Int0, arguments.Int1))
            {
                best = Math.Min(best, process.Nice);
            }
        }

        return best == int.MaxValue ? Errno.ESRCH : 20 - best;
    }

    private static Result SetPriority(Task task, in SystemCallArguments arguments)
    {
        if (arguments.Int0 is < PRIO_PROCESS or > PRIO_USER)
        {
            return Errno.EINVAL;
        }

        int nice = Math.Max(HighestNice, Math.Min(LowestNice, arguments.Int2));
        Result result = Errno.ESRCH;
        for (Process? process = task.Kernel.Processes.NextProcess(0); process is not null; process = task.Kernel.Processes.NextProcess(process.Id))
        {
            if (!IsChosen(task, process, arguments.Int0, arguments.Int1))
            {
                continue;
            }

            uint owner = process.FirstTask?.Credentials.UserId ?? process.LastUserId;
            if (task.Credentials.EffectiveUserId != owner && !task.Credentials.Has(Capability.Nice))
            {
                result = Errno.EPERM;
            }
            else if (nice < process.Nice && !task.Credentials.Has(Capability.Nice))
            {
                result = Errno.EACCES;
            }
            else
            {
                process.Nice = nice;
                result = result.Error == Errno.ESRCH ? Result.Success : result;
            }
        }

        return result;
    }

    private static bool IsChosen(Task task, Process process, int kind, int id) => kind switch
    {
        PRIO_PROCESS => id == 0 ? process == task.Process : process.Id == id || task.Kernel.Processes.FindTask(id)?.Process == process,
        PRIO_PGRP => process.Group.Id == (id == 0 ? task.Process.Group.Id : id),
        _ => process.FirstTask is { } first && first.Credentials.UserId == (id == 0 ? task.Credentials.UserId : (uint)id),
    };

    private static Result GetProcessor(Task task, in SystemCallArguments arguments)
    {
        bool isStored = (arguments.A0 == 0 || new UserPointer<Word32>(arguments.A0).TryWrite(task.UserMemory, default))
            && (arguments.A1 == 0 || new UserPointer<Word32>(arguments.A1).TryWrite(task.UserMemory, default));
        return isStored ? Result.Success : Errno.EFAULT;
    }

    private static Result GetUsage(Task task, in SystemCallArguments arguments)
    {
        ResourceUsage usage;
        switch (arguments.Int0)
        {
            case RUSAGE_SELF:
                usage = ResourceUsages.Of(task.Process);
                break;
            case RUSAGE_CHILDREN:
                usage = ResourceUsages.OfChildren(task.Process);
                break;
            case RUSAGE_THREAD:
                usage = ResourceUsages.Of(task);
                break;
            default:
                return Errno.EINVAL;
        }

        return new UserPointer<ResourceUsage>(arguments.A1).TryWrite(task.UserMemory, usage) ? Result.Success : Errno.EFAULT;
    }

    private static Result GetLimit(Task task, in SystemCallArguments arguments) => ChangeLimit(task, task.Process, (uint)arguments.A0, 0, arguments.A1);

    private static Result SetLimit(Task task, in SystemCallArguments arguments) =>
        arguments.A1 == 0 ? Errno.EFAULT : ChangeLimit(task, task.Process, (uint)arguments.A0, arguments.A1, 0);

    private static Result ChangeLimit(Task task, in SystemCallArguments arguments)
    {
        Task? target = FindTask(task, arguments.Int0);
        if (target is null)
        {
            return Errno.ESRCH;
        }

        Credentials own = task.Credentials;
        Credentials other = target.Credentials;
        bool isSame = own.UserId == other.UserId && own.UserId == other.EffectiveUserId && own.UserId == other.SavedUserId
            && own.GroupId == other.GroupId && own.GroupId == other.EffectiveGroupId && own.GroupId == other.SavedGroupId;
        if (target.Process != task.Process && !isSame && !own.Has(Capability.ExceedResources))
        {
            return Errno.EPERM;
        }

        return ChangeLimit(task, target.Process, (uint)arguments.A1, arguments.A2, arguments.A3);
    }

    private static Result ChangeLimit(Task task, Process process, uint resource, ulong newAddress, ulong oldAddress)
    {
        if (resource >= ResourceLimits.Count)
        {
            return Errno.EINVAL;
        }

        ResourceLimitPair wanted = default;
        ResourceLimit old = process.Limits[(Resource)resource];
        if (newAddress != 0)
        {
            if (!new UserPointer<ResourceLimitPair>(newAddress).TryRead(task.UserMemory, out wanted))
            {
                return Errno.EFAULT;
            }

            if (wanted.Current > wanted.Maximum)
            {
                return Errno.EINVAL;
            }

            if (wanted.Maximum > old.Maximum && !task.Credentials.Has(Capability.ExceedResources))
            {
                return Errno.EPERM;
            }

            if ((Resource)resource == Resource.OpenFiles && wanted.Maximum > MaximumOpenFiles)
            {
                return Errno.EPERM;
            }

            process.Limits[(Resource)resource] = new ResourceLimit(wanted.Current, wanted.Maximum);
        }

        var answer = new ResourceLimitPair { Current = old.Current, Maximum = old.Maximum };
        return oldAddress == 0 || new UserPointer<ResourceLimitPair>(oldAddress).TryWrite(task.UserMemory, answer) ? Result.Success : Errno.EFAULT;
    }

    /// <summary>/proc/sys/fs/nr_open.</summary>
    private const ulong MaximumOpenFiles = 1 << 20;
}
