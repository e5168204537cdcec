using LiteBox.Abi;
using LiteBox.North.Processes;

namespace LiteBox.North.Signals;

/// <summary>The rules for changing the alternate stack (sigaltstack(2)).</summary>
internal static class SignalStackChange
{
    /// <summary>MINSIGSTKSZ of x86-64.</summary>
    private const ulong MinimumSize = 2048;

    /// <summary>Sets another stack. EPERM: the task is on the present one; EINVAL: unknown flags; ENOMEM: too small.</summary>
    public static Errno Set(Task task, in SignalStack stack, ulong stackPointer)
    {
        SignalStack current = task.SignalStack;
        if (current.Contains(stackPointer) && (current.Flags & SignalStack.SS_AUTODISARM) == 0)
        {
            return Errno.EPERM;
        }

        int mode = stack.Flags & ~SignalStack.SS_AUTODISARM;
        if (mode != 0 && mode != SignalStack.SS_ONSTACK && mode != SignalStack.SS_DISABLE)
        {
            return Errno.EINVAL;
        }

        if (mode == SignalStack.SS_DISABLE)
        {
            task.SignalStack = new SignalStack(0, 0, stack.Flags);
            return Errno.None;
        }

        if (stack.Size < MinimumSize)
        {
            return Errno.ENOMEM;
        }

        task.SignalStack = new SignalStack(stack.Address, stack.Size, stack.Flags & SignalStack.SS_AUTODISARM);
        return Errno.None;
    }

    /// <summary>rt_sigreturn(2): the stack as the frame has it, where that is possible.</summary>
    public static void Restore(Task task, in SignalStack stack, ulong stackPointer) => Set(task, stack, stackPointer);
}
