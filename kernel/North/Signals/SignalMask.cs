using static LiteBox.North.Signals.SignalNumber;

namespace LiteBox.North.Signals;

/// <summary>Sets of signals as sigset_t has them: signal n in bit n - 1.</summary>
internal static class SignalMask
{
    /// <summary>SIGKILL and SIGSTOP, which nobody can block, catch or ignore.</summary>
    public const ulong Unblockable = 1UL << (SIGKILL - 1) | 1UL << (SIGSTOP - 1);

    /// <summary>The signals whose default action stops the process.</summary>
    public const ulong Stopping = 1UL << (SIGSTOP - 1) | 1UL << (SIGTSTP - 1) | 1UL << (SIGTTIN - 1) | 1UL << (SIGTTOU - 1);

    /// <summary>The signals whose default action is to do nothing (SIGCONT continues at the time of sending).</summary>
    public const ulong IgnoredByDefault = 1UL << (SIGCONT - 1) | 1UL << (SIGCHLD - 1) | 1UL << (SIGWINCH - 1) | 1UL << (SIGURG - 1);

    /// <summary>Signals that the processor raises: taken before others, so that the frame shows the fault.</summary>
    public const ulong Synchronous = 1UL << (SIGSEGV - 1) | 1UL << (SIGBUS - 1) | 1UL << (SIGILL - 1) | 1UL << (SIGTRAP - 1) | 1UL << (SIGFPE - 1)
        | 1UL << (SIGSYS - 1);

    /// <summary>The set of one signal.</summary>
    public static ulong Of(int signal) => 1UL << (signal - 1);
}
