using System;
using LiteBox.Abi;
using LiteBox.North.Signals;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Processes;

/// <summary>prctl(2).</summary>
internal static class ProcessControlCalls
{
    public const string Notes = "Death signal, dumpable, name, keep-caps, subreaper, no-new-privs, timer slack, capability bounding set; no seccomp, no PR_SET_MM.";

    private const int PR_SET_PDEATHSIG = 1;
    private const int PR_GET_PDEATHSIG = 2;
    private const int PR_GET_DUMPABLE = 3;
    private const int PR_SET_DUMPABLE = 4;
    private const int PR_GET_KEEPCAPS = 7;
    private const int PR_SET_KEEPCAPS = 8;
    private const int PR_SET_NAME = 15;
    private const int PR_GET_NAME = 16;
    private const int PR_GET_SECCOMP = 21;
    private const int PR_CAPBSET_READ = 23;
    private const int PR_CAPBSET_DROP = 24;
    private const int PR_SET_TIMERSLACK = 29;
    private const int PR_GET_TIMERSLACK = 30;
    private const int PR_SET_CHILD_SUBREAPER = 36;
    private const int PR_GET_CHILD_SUBREAPER = 37;
    private const int PR_SET_NO_NEW_PRIVS = 38;
    private const int PR_GET_NO_NEW_PRIVS = 39;
    private const int PR_GET_TID_ADDRESS = 40;

    private const ulong HighestCapability = 40;
    private const ulong DefaultTimerSlack = 50_000;

    public static Result Control(Task task, in SystemCallArguments arguments)
    {
        ulong value = arguments.A1;
        Process process = task.Process;
        switch (arguments.Int0)
        {
            case PR_SET_PDEATHSIG:
                if (value > SignalNumber.Maximum)
                {
                    return Errno.EINVAL;
                }

                task.ParentDeathSignal = (int)value;
                return Result.Success;

            case PR_GET_PDEATHSIG:
                return Store(task, value, (uint)task.ParentDeathSignal);

            case PR_GET_DUMPABLE:
                return process.Dumpable;

            case PR_SET_DUMPABLE:
                if (value > 1)
                {
                    return Errno.EINVAL;
                }

                process.Dumpable = (int)value;
                return Result.Success;

            case PR_SET_NAME:
                return SetName(task, value);

            case PR_GET_NAME:
                return task.UserMemory.TryWrite(new UserAddress(value), task.Name) ? Result.Success : Errno.EFAULT;

            case PR_GET_KEEPCAPS or PR_GET_SECCOMP:
                return 0;

            case PR_SET_KEEPCAPS:
                return value > 1 ? Errno.EINVAL : value == 0 ? Result.Success : Errno.EPERM;

            case PR_CAPBSET_READ:
                return value > HighestCapability ? Errno.EINVAL : (long)(task.Credentials.BoundingCapabilities >> (int)value & 1);

            case PR_CAPBSET_DROP:
                return DropFromBounding(task, value);

            case PR_SET_TIMERSLACK:
                task.TimerSlack = value == 0 ? DefaultTimerSlack : value;
                return Result.Success;

            case PR_GET_TIMERSLACK:
                return (long)task.TimerSlack;

            case PR_SET_CHILD_SUBREAPER:
                process.IsSubreaper = value != 0;
                return Result.Success;

            case PR_GET_CHILD_SUBREAPER:
                return Store(task, value, process.IsSubreaper ? 1u : 0);

            case PR_SET_NO_NEW_PRIVS:
                if (value != 1 || arguments.A2 != 0 || arguments.A3 != 0 || arguments.A4 != 0)
                {
                    return Errno.EINVAL;
                }

                task.HasNoNewPrivileges = true;
                return Result.Success;

            case PR_GET_NO_NEW_PRIVS:
                return value != 0 || arguments.A2 != 0 || arguments.A3 != 0 || arguments.A4 != 0 ? Errno.EINVAL : task.HasNoNewPrivileges ? 1 : 0;

            case PR_GET_TID_ADDRESS:
                return new UserPointer<Word64>(value).TryWrite(task.UserMemory, new Word64 { Value = task.ClearChildId.Value }) ? Result.Success : Errno.EFAULT;

            default:
                return Errno.EINVAL;
        }
    }

    private static Result SetName(Task task, ulong address)
    {
        Span<byte> name = stackalloc byte[16];
        name.Clear();
        if (!task.UserMemory.TryReadString(new UserAddress(address), name.Slice(0, 15), out int length))
        {
            return Errno.EFAULT;
        }

        name.Slice(length).Clear();
        name.CopyTo(task.Name);
        return Result.Success;
    }

    private static Result DropFromBounding(Task task, ulong capability)
    {
        if (capability > HighestCapability)
        {
            return Errno.EINVAL;
        }

        if (!task.Credentials.Has(Capability.SetCapabilities))
        {
            return Errno.EPERM;
        }

        task.Credentials = new CredentialsChange(task.Credentials) { Bounding = task.Credentials.BoundingCapabilities & ~(1UL << (int)capability) }.Apply();
        return Result.Success;
    }

    private static Result Store(Task task, ulong address, uint value) =>
        new UserPointer<Word32>(address).TryWrite(task.UserMemory, new Word32 { Value = value }) ? Result.Success : Errno.EFAULT;
}
