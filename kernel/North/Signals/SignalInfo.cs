namespace LiteBox.North.Signals;

/// <summary>
/// What a signal says about itself: the fields of siginfo_t (sigaction(2)) that its kind uses. <see cref="Word0"/> to <see cref="Word3"/> are the
/// 32 bytes from offset 16 on, laid out as include/uapi/asm-generic/siginfo.h has them for the signal's code.
/// </summary>
internal readonly struct SignalInfo
{
    /// <summary>si_code of kill(2).</summary>
    public const int SI_USER = 0;

    /// <summary>si_code of a signal that the kernel itself sends.</summary>
    public const int SI_KERNEL = 0x80;

    /// <summary>si_code of sigqueue(3).</summary>
    public const int SI_QUEUE = -1;

    /// <summary>si_code of a POSIX timer.</summary>
    public const int SI_TIMER = -2;

    /// <summary>si_code of tkill(2) and tgkill(2).</summary>
    public const int SI_TKILL = -6;

    public SignalInfo(int signal, int code, int error, ulong word0, ulong word1 = 0, ulong word2 = 0, ulong word3 = 0)
    {
        Signal = signal;
        Code = code;
        Error = error;
        Word0 = word0;
        Word1 = word1;
        Word2 = word2;
        Word3 = word3;
    }

    /// <summary>si_signo.</summary>
    public int Signal { get; }

    /// <summary>si_code.</summary>
    public int Code { get; }

    /// <summary>si_errno.</summary>
    public int Error { get; }

    public ulong Word0 { get; }
    public ulong Word1 { get; }
    public ulong Word2 { get; }
    public ulong Word3 { get; }

    /// <summary>Sent by the kernel for no particular process: terminals, broken pipes.</summary>
    public static SignalInfo FromKernel(int signal) => new(signal, SI_KERNEL, 0, 0);

    /// <summary>Sent by a process: si_pid and si_uid.</summary>
    public static SignalInfo FromProcess(int signal, int code, int processId, uint userId) =>
        new(signal, code, 0, (uint)processId | (ulong)userId << 32);

    /// <summary>sigqueue(3): a process sends a value along.</summary>
    public static SignalInfo WithValue(int signal, int code, int processId, uint userId, ulong value) =>
        new(signal, code, 0, (uint)processId | (ulong)userId << 32, value);

    /// <summary>SIGCHLD: si_pid, si_uid, si_status, si_utime, si_stime (the times in clock ticks).</summary>
    public static SignalInfo FromChild(int code, int processId, uint userId, int status, ulong userTicks, ulong systemTicks) =>
        new(SignalNumber.SIGCHLD, code, 0, (uint)processId | (ulong)userId << 32, (uint)status, userTicks, systemTicks);

    /// <summary>A fault: si_addr.</summary>
    public static SignalInfo FromFault(int signal, int code, ulong address) => new(signal, code, 0, address);
}
