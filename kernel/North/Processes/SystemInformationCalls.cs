using System;
using LiteBox.Abi;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;
using static LiteBox.Abi.SystemCallNumber;

namespace LiteBox.North.Processes;

/// <summary>What the system is called and how it is, and how to stop it.</summary>
internal static class SystemInformationCalls
{
    private const int MaximumNameLength = 64;

    private const uint RebootMagic1 = 0xFEE1DEAD;
    private const ulong NanosecondsPerSecond = 1_000_000_000;

    public static void AddTo(SystemCallTable table)
    {
        table.Add(uname, GetNames);
        table.Add(sethostname, SetHostName, heapBytes: 1024);
        table.Add(setdomainname, SetDomainName, heapBytes: 1024);
        table.Add(sysinfo, GetInformation, SystemCallSupport.Partial, notes: "Loads, shared and buffer memory are 0.");
        table.Add(reboot, Reboot, SystemCallSupport.Partial, notes: "Restart, halt and power off; no kexec, no suspend.");
    }

    private static Result GetNames(Task task, in SystemCallArguments arguments)
    {
        return task.UserMemory.TryWrite(new UserAddress(arguments.A0), task.Kernel.SystemNames) ? Result.Success : Errno.EFAULT;
    }

    private static Result SetHostName(Task task, in SystemCallArguments arguments)
    {
        Errno error = ReadName(task, arguments, out byte[] name);
        if (error == Errno.None)
        {
            task.Kernel.HostName = name;
        }

        return error;
    }

    private static Result SetDomainName(Task task, in SystemCallArguments arguments)
    {
        Errno error = ReadName(task, arguments, out byte[] name);
        if (error == Errno.None)
        {
            task.Kernel.DomainName = name;
        }

        return error;
    }

    private static Errno ReadName(Task task, in SystemCallArguments arguments, out byte[] name)
    {
        name = [];
        if (!task.Credentials.Has(Capability.Administer))
        {
            return Errno.EPERM;
        }

        if (arguments.A1 > MaximumNameLength)
        {
            return Errno.EINVAL;
        }

        name = new byte[(int)arguments.A1];
        return task.UserMemory.TryRead(new UserAddress(arguments.A0), name) ? Errno.None : Errno.EFAULT;
    }

    private static Result GetInformation(Task task, in SystemCallArguments arguments)
    {
        LinuxKernel kernel = task.Kernel;
        var information = new SystemInformation
        {
            Uptime = (long)(kernel.Machine.Clock.Monotonic / NanosecondsPerSecond),
            TotalMemory = (ulong)kernel.Machine.Frames.TotalCount * UserAddress.PageSize,
            FreeMemory = (ulong)kernel.Machine.Frames.FreeCount * UserAddress.PageSize,
            Processes = (ushort)Math.Min(kernel.Processes.TaskCount, ushort.MaxValue),
            Unit = 1,
        };
        return new UserPointer<SystemInformation>(arguments.A0).TryWrite(task.UserMemory, information) ? Result.Success : Errno.EFAULT;
    }

    private static Result Reboot(Task task, in SystemCallArguments arguments)
    {
        if (!task.Credentials.Has(Capability.Reboot))
        {
            return Errno.EPERM;
        }

        bool hasMagic = (uint)arguments.A0 == RebootMagic1 && (uint)arguments.A1 is 0x28121969 or 0x05121996 or 0x16041998 or 0x20112000;
        if (!hasMagic)
        {
            return Errno.EINVAL;
        }

        switch ((uint)arguments.A2)
        {
            case 0x00000000 or 0x89ABCDEF: // CAD_OFF, CAD_ON: there is no Ctrl-Alt-Del
                return Result.Success;

            case 0x01234567: // RESTART
                task.Kernel.Machine.Log("litebox: restart");
                task.Kernel.Machine.Restart();
                return Result.Success;

            case 0xCDEF0123 or 0x4321FEDC: // HALT, POWER_OFF
                task.Kernel.Machine.Log("litebox: power off");
                task.Kernel.Machine.PowerOff(0);
                return Result.Success;

            default:
                return Errno.EINVAL;
        }
    }
}
