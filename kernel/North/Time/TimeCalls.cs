using System;
using System.Buffers.Binary;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.Signals;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;
using static LiteBox.Abi.SystemCallNumber;

namespace LiteBox.North.Time;

/// <summary>Clocks, sleeping and timers.</summary>
internal static class TimeCalls
{
    private const int CLOCK_REALTIME = 0;
    private const int CLOCK_MONOTONIC = 1;
    private const int CLOCK_PROCESS_CPUTIME_ID = 2;
    private const int CLOCK_THREAD_CPUTIME_ID = 3;
    private const int CLOCK_MONOTONIC_RAW = 4;
    private const int CLOCK_REALTIME_COARSE = 5;
    private const int CLOCK_MONOTONIC_COARSE = 6;
    private const int CLOCK_BOOTTIME = 7;
    private const int CLOCK_REALTIME_ALARM = 8;
    private const int CLOCK_BOOTTIME_ALARM = 9;
    private const int CLOCK_TAI = 11;

    private const ulong TIMER_ABSTIME = 1;

    private const int SIGEV_SIGNAL = 0;
    private const int SIGEV_NONE = 1;
    private const int SIGEV_THREAD_ID = 4;

    /// <summary>Clock ticks a second (sysconf(_SC_CLK_TCK)).</summary>
    private const ulong TicksPerSecond = 100;

    private const ulong CoarseResolution = 4_000_000; // Linux at HZ=250

    public static void AddTo(SystemCallTable table)
    {
        table.Add(clock_gettime, GetClock);
        table.Add(clock_settime, SetClock);
        table.Add(clock_getres, GetResolution);
        table.Add(gettimeofday, GetTimeOfDay);
        table.Add(settimeofday, SetTimeOfDay);
        table.Add(SystemCallNumber.time, GetTime);
        table.Add(times, GetTimes, SystemCallSupport.Partial, notes: "All time is user time.");
        table.Add(nanosleep, Sleep);
        table.Add(clock_nanosleep, SleepOnClock, SystemCallSupport.Partial, notes: "Not on CPU-time clocks.");
        table.Add(alarm, SetAlarm, heapBytes: 256);
        table.Add(setitimer, SetTimer, heapBytes: 256);
        table.Add(getitimer, GetTimer);
        table.Add(timer_create, CreateTimer, SystemCallSupport.Partial, 4096, "SIGEV_SIGNAL, SIGEV_NONE, SIGEV_THREAD_ID; not on CPU-time clocks.");
        table.Add(timer_settime, SetPosixTimer);
        table.Add(timer_gettime, GetPosixTimer);
        table.Add(timer_getoverrun, GetOverrun);
        table.Add(timer_delete, DeleteTimer);
    }

    private static Result GetClock(Task task, in SystemCallArguments arguments)
    {
        Errno error = Read(task, arguments.Int0, out ulong now);
        if (error != Errno.None)
        {
            return error;
        }

        return new UserPointer<Timespec>(arguments.A1).TryWrite(task.UserMemory, UserTime.ToTimespec(now)) ? Result.Success : Errno.EFAULT;
    }

    private static Errno Read(Task task, int clock, out ulong now)
    {
        Clock source = task.Kernel.Machine.Clock;
        now = 0;
        switch (clock)
        {
            case CLOCK_MONOTONIC or CLOCK_MONOTONIC_RAW or CLOCK_MONOTONIC_COARSE or CLOCK_BOOTTIME or CLOCK_BOOTTIME_ALARM:
                now = source.Monotonic;
                return Errno.None;

            case CLOCK_REALTIME or CLOCK_REALTIME_COARSE or CLOCK_REALTIME_ALARM or CLOCK_TAI:
                now = source.Realtime;
                return Errno.None;

            case CLOCK_PROCESS_CPUTIME_ID:
                now = task.Process.RunTime;
                return Errno.None;

            case CLOCK_THREAD_CPUTIME_ID:
                now = task.Thread.RunTime;
                return Errno.None;

            default:
                return ReadOther(task, clock, out now);
        }
    }

    // Clocks of other processes and threads: the complement of the id and a kind in three bits (include/linux/posix-timers.h).
    private static Errno ReadOther(Task task, int clock, out ulong now)
    {
        now = 0;
        if (clock >= 0 || (clock & 3) == 3)
        {
            return Errno.EINVAL;
        }

        int id = ~(clock >> 3);
        bool isThread = (clock & 4) != 0;
        Task? other = id == 0 ? task : task.Kernel.Processes.FindTask(id);
        if (other is null)
        {
            return Errno.EINVAL;
        }

        now = isThread ? other.Thread.RunTime : other.Process.RunTime;
        return Errno.None;
    }

    private static Result SetClock(Task task, in SystemCallArguments arguments)
    {
        if (arguments.Int0 != CLOCK_REALTIME)
        {
            return Errno.EINVAL;
        }

        Errno error = UserTime.ReadSpan(task, arguments.A1, out ulong value);
        return error != Errno.None ? error : SetRealtime(task, value);
    }

    private static Errno SetRealtime(Task task, ulong value)
    {
        if (!task.Credentials.Has(Capability.SetTime))
        {
            return Errno.EPERM;
        }

        task.Kernel.Machine.Clock.SetRealtime(value);
        return Errno.None;
    }

    private static Result GetResolution(Task task, in SystemCallArguments arguments)
    {
        Errno error = Read(task, arguments.Int0, out _);
        if (error != Errno.None)
        {
            return error;
        }

        ulong resolution = arguments.Int0 is CLOCK_REALTIME_COARSE or CLOCK_MONOTONIC_COARSE ? CoarseResolution : 1;
        return arguments.A1 == 0 || new UserPointer<Timespec>(arguments.A1).TryWrite(task.UserMemory, UserTime.ToTimespec(resolution))
            ? Result.Success
            : Errno.EFAULT;
    }

    private static Result GetTimeOfDay(Task task, in SystemCallArguments arguments)
    {
        Timeval now = UserTime.ToTimeval(task.Kernel.Machine.Clock.Realtime);
        bool isStored = (arguments.A0 == 0 || new UserPointer<Timeval>(arguments.A0).TryWrite(task.UserMemory, now))
            && (arguments.A1 == 0 || new UserPointer<TimeZoneRecord>(arguments.A1).TryWrite(task.UserMemory, default));
        return isStored ? Result.Success : Errno.EFAULT;
    }

    private static Result SetTimeOfDay(Task task, in SystemCallArguments arguments)
    {
        if (arguments.A0 == 0)
        {
            return task.Credentials.Has(Capability.SetTime) ? Result.Success : Errno.EPERM; // the time zone alone: not kept
        }

        if (!new UserPointer<Timeval>(arguments.A0).TryRead(task.UserMemory, out Timeval value))
        {
            return Errno.EFAULT;
        }

        Errno error = UserTime.ToNanoseconds(value, out ulong nanoseconds);
        return error != Errno.None ? error : SetRealtime(task, nanoseconds);
    }

    private static Result GetTime(Task task, in SystemCallArguments arguments)
    {
        ulong seconds = task.Kernel.Machine.Clock.Realtime / UserTime.NanosecondsPerSecond;
        return arguments.A0 == 0 || new UserPointer<Word64>(arguments.A0).TryWrite(task.UserMemory, new Word64 { Value = seconds })
            ? (long)seconds
            : Errno.EFAULT;
    }

    private static Result GetTimes(Task task, in SystemCallArguments arguments)
    {
        const ulong nanosecondsPerTick = UserTime.NanosecondsPerSecond / TicksPerSecond;
        var values = new ProcessTimes
        {
            User = (long)(task.Process.RunTime / nanosecondsPerTick),
            ChildrenUser = (long)(task.Process.ChildrenRunTime / nanosecondsPerTick),
        };
        if (arguments.A0 != 0 && !new UserPointer<ProcessTimes>(arguments.A0).TryWrite(task.UserMemory, values))
        {
            return Errno.EFAULT;
        }

        return (long)(task.Kernel.Machine.Clock.Monotonic / nanosecondsPerTick);
    }

    private static Result Sleep(Task task, in SystemCallArguments arguments)
    {
        Errno error = UserTime.ReadSpan(task, arguments.A0, out ulong span);
        return error != Errno.None ? error : SleepUntil(task, UserTime.After(task, span), arguments.A1, arguments, ContinueSleep);
    }

    private static Result ContinueSleep(Task task, in SystemCallArguments arguments) =>
        SleepUntil(task, task.RestartDeadline, arguments.A1, arguments, ContinueSleep);

    private static Result SleepOnClock(Task task, in SystemCallArguments arguments)
    {
        bool isRealtime = arguments.Int0 is CLOCK_REALTIME or CLOCK_REALTIME_ALARM or CLOCK_TAI;
        if (!isRealtime && arguments.Int0 is not (CLOCK_MONOTONIC or CLOCK_BOOTTIME or CLOCK_BOOTTIME_ALARM))
        {
            return arguments.Int0 == CLOCK_PROCESS_CPUTIME_ID ? Errno.EOPNOTSUPP : Errno.EINVAL;
        }

        Errno error = UserTime.ReadSpan(task, arguments.A2, out ulong value);
        if (error != Errno.None)
        {
            return error;
        }

        if ((arguments.A1 & TIMER_ABSTIME) == 0)
        {
            return SleepUntil(task, UserTime.After(task, value), arguments.A3, arguments, ContinueSleepOnClock);
        }

        ulong deadline = isRealtime ? UserTime.FromRealtime(task, value) : value;
        Errno result = task.Wait(task.Kernel.Sleepers, deadline);
        return result == Errno.ETIMEDOUT ? Result.Success : Errno.ERESTARTNOHAND;
    }

    private static Result ContinueSleepOnClock(Task task, in SystemCallArguments arguments) =>
        SleepUntil(task, task.RestartDeadline, arguments.A3, arguments, ContinueSleepOnClock);

    private static Result SleepUntil(Task task, ulong deadline, ulong remainderAddress, in SystemCallArguments arguments, SystemCallHandler restart)
    {
        if (task.Wait(task.Kernel.Sleepers, deadline) == Errno.ETIMEDOUT)
        {
            return Result.Success;
        }

        ulong now = task.Kernel.Machine.Clock.Monotonic;
        ulong remainder = deadline > now ? deadline - now : 0;
        if (remainder == 0)
        {
            return Result.Success;
        }

        if (remainderAddress != 0
            && !new UserPointer<Timespec>(remainderAddress).TryWrite(task.UserMemory, UserTime.ToTimespec(remainder)))
        {
            return Errno.EFAULT;
        }

        return task.RestartWith(restart, deadline);
    }

    private static Result SetAlarm(Task task, in SystemCallArguments arguments)
    {
        ProcessTimer timer = task.Process.Timers.Get(0);
        ulong left = timer.Remaining;
        timer.Set((uint)arguments.A0 * UserTime.NanosecondsPerSecond, 0);
        ulong seconds = (left + (UserTime.NanosecondsPerSecond / 2)) / UserTime.NanosecondsPerSecond;
        return left != 0 && seconds == 0 ? 1 : (long)seconds;
    }

    private static Result SetTimer(Task task, in SystemCallArguments arguments)
    {
        if ((uint)arguments.Int0 >= ProcessTimers.Count)
        {
            return Errno.EINVAL;
        }

        IntervalTimer wanted = default;
        if (arguments.A1 != 0 && !new UserPointer<IntervalTimer>(arguments.A1).TryRead(task.UserMemory, out wanted))
        {
            return Errno.EFAULT;
        }

        if (UserTime.ToNanoseconds(wanted.Value, out ulong value) != Errno.None || UserTime.ToNanoseconds(wanted.Interval, out ulong interval) != Errno.None)
        {
            return Errno.EINVAL;
        }

        ProcessTimer timer = task.Process.Timers.Get(arguments.Int0);
        IntervalTimer old = Describe(timer);
        timer.Set(value, interval);
        return arguments.A2 == 0 || new UserPointer<IntervalTimer>(arguments.A2).TryWrite(task.UserMemory, old) ? Result.Success : Errno.EFAULT;
    }

    private static Result GetTimer(Task task, in SystemCallArguments arguments)
    {
        if ((uint)arguments.Int0 >= ProcessTimers.Count)
        {
            return Errno.EINVAL;
        }

        return new UserPointer<IntervalTimer>(arguments.A1).TryWrite(task.UserMemory, Describe(task.Process.Timers.Find(arguments.Int0)))
            ? Result.Success
            : Errno.EFAULT;
    }

    private static IntervalTimer Describe(ProcessTimer? timer) => timer is null ? default : new IntervalTimer
    {
        Interval = UserTime.ToTimeval(timer.Interval),
        Value = UserTime.ToTimeval(timer.Remaining),
    };

    private static Result CreateTimer(Task task, in SystemCallArguments arguments)
    {
        bool isRealtime = arguments.Int0 is CLOCK_REALTIME or CLOCK_REALTIME_ALARM or CLOCK_TAI;
        if (!isRealtime && arguments.Int0 is not (CLOCK_MONOTONIC or CLOCK_BOOTTIME or CLOCK_BOOTTIME_ALARM))
        {
            return arguments.Int0 is CLOCK_PROCESS_CPUTIME_ID or CLOCK_THREAD_CPUTIME_ID ? Errno.EOPNOTSUPP : Errno.EINVAL;
        }

        PosixTimers timers = task.Process.PosixTimers;
        int id = timers.FindFree();
        if (id < 0)
        {
            return Errno.EAGAIN;
        }

        int signal = SignalNumber.SIGALRM;
        ulong value = (uint)id;
        Task? target = null;
        if (arguments.A1 != 0)
        {
            Span<byte> wanted = stackalloc byte[64]; // struct sigevent: value, signal, kind, thread
            if (!task.UserMemory.TryRead(new UserAddress(arguments.A1), wanted))
            {
                return Errno.EFAULT;
            }

            value = BinaryPrimitives.ReadUInt64LittleEndian(wanted);
            signal = BinaryPrimitives.ReadInt32LittleEndian(wanted.Slice(8));
            int kind = BinaryPrimitives.ReadInt32LittleEndian(wanted.Slice(12));
            Errno error = ReadTarget(task, kind, BinaryPrimitives.ReadInt32LittleEndian(wanted.Slice(16)), ref signal, out target);
            if (error != Errno.None)
            {
                return error;
            }
        }

        if (!new UserPointer<Word32>(arguments.A2).TryWrite(task.UserMemory, new Word32 { Value = (uint)id }))
        {
            return Errno.EFAULT;
        }

        timers.Add(id, new PosixTimer(task.Process, id, isRealtime, target, signal, value));
        return Result.Success;
    }

    private static Errno ReadTarget(Task task, int kind, int threadId, ref int signal, out Task? target)
    {
        target = null;
        switch (kind)
        {
            case SIGEV_NONE:
                signal = 0;
                return Errno.None;

            case SIGEV_THREAD_ID:
                target = task.Kernel.Processes.FindTask(threadId);
                if (target is null || target.Process != task.Process)
                {
                    return Errno.EINVAL;
                }

                goto case SIGEV_SIGNAL;

            case SIGEV_SIGNAL:
                return signal is <= 0 or > SignalNumber.Maximum ? Errno.EINVAL : Errno.None;

            default:
                return Errno.EINVAL;
        }
    }

    private static Result SetPosixTimer(Task task, in SystemCallArguments arguments)
    {
        if (arguments.A2 == 0)
        {
            return Errno.EINVAL;
        }

        if (!new UserPointer<IntervalTimerSpec>(arguments.A2).TryRead(task.UserMemory, out IntervalTimerSpec wanted))
        {
            return Errno.EFAULT;
        }

        PosixTimer? timer = task.Process.PosixTimers.Find(arguments.Int0);
        if (timer is null || UserTime.ToNanoseconds(wanted.Value, out ulong value) != Errno.None
            || UserTime.ToNanoseconds(wanted.Interval, out ulong interval) != Errno.None)
        {
            return Errno.EINVAL;
        }

        IntervalTimerSpec old = Describe(timer);
        if (value == 0)
        {
            timer.Disarm();
        }
        else
        {
            bool isAbsolute = (arguments.A1 & TIMER_ABSTIME) != 0;
            timer.Arm(!isAbsolute ? UserTime.After(task, value) : timer.IsRealtime ? UserTime.FromRealtime(task, value) : value, interval);
        }

        return arguments.A3 == 0 || new UserPointer<IntervalTimerSpec>(arguments.A3).TryWrite(task.UserMemory, old) ? Result.Success : Errno.EFAULT;
    }

    private static Result GetPosixTimer(Task task, in SystemCallArguments arguments)
    {
        PosixTimer? timer = task.Process.PosixTimers.Find(arguments.Int0);
        if (timer is null)
        {
            return Errno.EINVAL;
        }

        return new UserPointer<IntervalTimerSpec>(arguments.A1).TryWrite(task.UserMemory, Describe(timer)) ? Result.Success : Errno.EFAULT;
    }

    private static IntervalTimerSpec Describe(PosixTimer timer) => new()
    {
        Interval = UserTime.ToTimespec(timer.Interval),
        Value = UserTime.ToTimespec(timer.Remaining),
    };

    private static Result GetOverrun(Task task, in SystemCallArguments arguments)
    {
        PosixTimer? timer = task.Process.PosixTimers.Find(arguments.Int0);
        return timer is null ? Errno.EINVAL : timer.Overruns;
    }

    private static Result DeleteTimer(Task task, in SystemCallArguments arguments)
    {
        if (task.Process.PosixTimers.Find(arguments.Int0) is null)
        {
            return Errno.EINVAL;
        }

        task.Process.PosixTimers.Delete(arguments.Int0);
        return Result.Success;
    }
}
