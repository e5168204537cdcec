using LiteBox.Abi;
using LiteBox.Platform;

namespace LiteBox.North.Signals;

/// <summary>
/// What becomes of a system call that a signal interrupted (signal(7), "Interruption of system calls"; arch_do_signal_or_restart in
/// arch/x86/kernel/signal.c).
/// </summary>
internal static class SystemCallRestart
{
    /// <summary>Bytes of the SYSCALL instruction.</summary>
    private const ulong InstructionLength = 2;

    private const ulong NotASystemCall = ulong.MaxValue;

    /// <summary>A handler is about to run: EINTR, or the call again after the handler.</summary>
    public static void BeforeHandler(ref UserRegisters registers, bool restarts)
    {
        if (registers.OriginalRax == NotASystemCall)
        {
            return;
        }

        switch (ErrorIn(registers))
        {
            case Errno.ERESTARTSYS when restarts:
                Again(ref registers, registers.OriginalRax);
                break;

            case Errno.ERESTARTSYS or Errno.ERESTARTNOHAND or Errno.ERESTART_RESTARTBLOCK:
                registers.Rax = unchecked((ulong)-(long)Errno.EINTR);
                break;
        }
    }

    /// <summary>No handler runs: the program does not notice.</summary>
    public static void WithoutHandler(ref UserRegisters registers)
    {
        if (registers.OriginalRax == NotASystemCall)
        {
            return;
        }

        switch (ErrorIn(registers))
        {
            case Errno.ERESTARTSYS or Errno.ERESTARTNOHAND:
                Again(ref registers, registers.OriginalRax);
                break;

            case Errno.ERESTART_RESTARTBLOCK:
                Again(ref registers, (ulong)SystemCallNumber.restart_syscall);
                break;
        }
    }

    private static Errno ErrorIn(in UserRegisters registers) => (Errno)unchecked((int)-(long)registers.Rax);

    private static void Again(ref UserRegisters registers, ulong number)
    {
        registers.Rax = number;
        registers.Rip -= InstructionLength;
    }
}
