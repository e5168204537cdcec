using System;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;
using LiteBox.North.Time;
using LiteBox.Platform;
using static LiteBox.Abi.SystemCallNumber;

namespace LiteBox.North.Futexes;

/// <summary>futex(2).</summary>
internal static class FutexCalls
{
    private const int FUTEX_WAIT = 0;
    private const int FUTEX_WAKE = 1;
    private const int FUTEX_REQUEUE = 3;
    private const int FUTEX_CMP_REQUEUE = 4;
    private const int FUTEX_WAKE_OP = 5;
    private const int FUTEX_WAIT_BITSET = 9;
    private const int FUTEX_WAKE_BITSET = 10;
    private const int FUTEX_PRIVATE_FLAG = 128;
    private const int FUTEX_CLOCK_REALTIME = 256;

    public static void AddTo(SystemCallTable table) => table.Add(
        futex, Operate, SystemCallSupport.Partial, notes: "WAIT, WAKE, REQUEUE, CMP_REQUEUE, WAKE_OP, the BITSET forms, private and shared; no priority inheritance.");

    private static Result Operate(Task task, in SystemCallArguments arguments)
    {
        int operation = arguments.Int1;
        bool isPrivate = (operation & FUTEX_PRIVATE_FLAG) != 0;
        bool isRealtime = (operation & FUTEX_CLOCK_REALTIME) != 0;
        int command = operation & ~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME);
        if (isRealtime && command != FUTEX_WAIT_BITSET)
        {
            return Errno.ENOSYS;
        }

        switch (command)
        {
            case FUTEX_WAKE:
                return Wake(task, arguments, isPrivate, uint.MaxValue);

            case FUTEX_WAKE_BITSET:
                return (uint)arguments.A5 == 0 ? Errno.EINVAL : Wake(task, arguments, isPrivate, (uint)arguments.A5);

            case FUTEX_WAIT:
                return Wait(task, arguments, isPrivate);

            case FUTEX_WAIT_BITSET:
                return WaitBits(task, arguments, isPrivate, isRealtime);

            case FUTEX_REQUEUE:
                return Requeue(task, arguments, isPrivate, null);

            case FUTEX_CMP_REQUEUE:
                return Requeue(task, arguments, isPrivate, (uint)arguments.A5);

            case FUTEX_WAKE_OP:
                return FutexWakeOperation.Run(task, arguments, isPrivate);

            default:
                return Errno.ENOSYS;
        }
    }

    // Linux wakes one even where the count says none.
    private static Result Wake(Task task, in SystemCallArguments arguments, bool isPrivate, uint bits) =>
        Answer(task.Kernel.Futexes.Wake(task, new UserAddress(arguments.A0), isPrivate, Math.Max(arguments.Int2, 1), bits));

    private static Result Answer(int count) => count;

    private static Result Wait(Task task, in SystemCallArguments arguments, bool isPrivate)
    {
        ulong deadline = Scheduler.Never;
        if (arguments.A3 != 0)
        {
            Errno error = UserTime.ReadSpan(task, arguments.A3, out ulong span);
            if (error != Errno.None)
            {
                return error;
            }

            deadline = UserTime.After(task, span);
        }

        return WaitUntil(task, arguments, isPrivate, deadline);
    }

    private static Result WaitUntil(Task task, in SystemCallArguments arguments, bool isPrivate, ulong deadline)
    {
        Errno result = task.Kernel.Futexes.Wait(task, new UserAddress(arguments.A0), isPrivate, (uint)arguments.A2, deadline, uint.MaxValue);
        return result == Errno.ERESTARTSYS && deadline != Scheduler.Never ? task.RestartWith(ContinueWait, deadline) : result;
    }

    private static Result ContinueWait(Task task, in SystemCallArguments arguments) =>
        WaitUntil(task, arguments, (arguments.Int1 & FUTEX_PRIVATE_FLAG) != 0, task.RestartDeadline);

    private static Result WaitBits(Task task, in SystemCallArguments arguments, bool isPrivate, bool isRealtime)
    {
        ulong deadline = Scheduler.Never;
        if ((uint)arguments.A5 == 0)
        {
            return Errno.EINVAL;
        }

        if (arguments.A3 != 0)
        {
            Errno error = UserTime.ReadSpan(task, arguments.A3, out ulong moment);
            if (error != Errno.None)
            {
                return error;
            }

            deadline = isRealtime ? UserTime.FromRealtime(task, moment) : moment;
        }

        return task.Kernel.Futexes.Wait(task, new UserAddress(arguments.A0), isPrivate, (uint)arguments.A2, deadline, (uint)arguments.A5);
    }

    private static Result Requeue(Task task, in SystemCallArguments arguments, bool isPrivate, uint? expected)
    {
        int wake = arguments.Int2;
        int move = arguments.Int3;
        if (wake < 0 || move < 0)
        {
            return Errno.EINVAL;
        }

        return Answer(task.Kernel.Futexes.Requeue(task, new UserAddress(arguments.A0), new UserAddress(arguments.A4), isPrivate, wake, move, expected));
    }
}
