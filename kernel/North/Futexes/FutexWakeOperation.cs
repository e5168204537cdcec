using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Futexes;

/// <summary>FUTEX_WAKE_OP (futex(2)): changes a second word and wakes its waiters where its old value compares well.</summary>
internal static class FutexWakeOperation
{
    public static Result Run(Task task, in SystemCallArguments arguments, bool isPrivate)
    {
        var second = new UserAddress(arguments.A4);
        int encoded = unchecked((int)arguments.A5);
        int operation = encoded >> 28 & 7;
        bool isShift = (encoded >> 28 & 8) != 0;
        int comparison = encoded >> 24 & 15;
        int operand = encoded << 8 >> 20;
        int comparand = encoded << 20 >> 20;
        operand = isShift ? 1 << (operand & 31) : operand;
        if ((second.Value & 3) != 0 || (arguments.A0 & 3) != 0)
        {
            return Errno.EINVAL;
        }

        if (operation > 4 || comparison > 5)
        {
            return Errno.ENOSYS;
        }

        if (!task.UserMemory.TryReadUInt32(second, out uint old))
        {
            return Errno.EFAULT;
        }

        while (true)
        {
            if (!task.UserMemory.TryCompareExchange(second, old, Apply(operation, old, (uint)operand), out uint found))
            {
                return Errno.EFAULT;
            }

            if (found == old)
            {
                break;
            }

            old = found;
        }

        FutexTable futexes = task.Kernel.Futexes;
        int woken = futexes.Wake(task, new UserAddress(arguments.A0), isPrivate, arguments.Int2, uint.MaxValue);
        if (woken >= 0 && Compare(comparison, (int)old, comparand))
        {
            int more = futexes.Wake(task, second, isPrivate, arguments.Int3, uint.MaxValue);
            woken = more < 0 ? more : woken + more;
        }

        return woken;
    }

    private static uint Apply(int operation, uint old, uint operand) => operation switch
    {
        0 => operand,
        1 => unchecked(old + operand),
        2 => old | operand,
        3 => old & ~operand,
        _ => old ^ operand,
    };

    private static bool Compare(int comparison, int old, int comparand) => comparison switch
    {
        0 => old == comparand,
        1 => old != comparand,
        2 => old < comparand,
        3 => old <= comparand,
        4 => old > comparand,
        _ => old >= comparand,
    };
}
