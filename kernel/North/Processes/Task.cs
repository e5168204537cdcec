using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using LiteBox.Abi;
using LiteBox.North.Files;
using LiteBox.North.Signals;
using LiteBox.Platform;

namespace LiteBox.North.Processes;

/// <summary>One thread of a process: what Linux calls a task. South calls its entry members on the thread's own kernel stack.</summary>
internal sealed partial class Task : UserTask
{
    public Task(int id, Process process, FileTable files, FileSystemContext fileSystemContext, Credentials credentials)
    {
        Id = id;
        Process = process;
        Kernel = process.Kernel;
        UserMemory = Kernel.Machine.UserMemory;
        Files = files;
        FileSystemContext = fileSystemContext;
        Credentials = credentials;
    }

    /// <summary>The thread id (gettid(2)); equals the process id in the first thread.</summary>
    public int Id { get; internal set; }

    /// <summary>The thread group it belongs to.</summary>
    public Process Process { get; }

    /// <summary>South's half.</summary>
    [AllowNull]
    public UserThread Thread { get; internal set; }

    public LinuxKernel Kernel { get; }

    /// <summary>The memory of the program, as long as this task is the one that runs.</summary>
    public UserMemory UserMemory { get; }

    /// <summary>Its descriptors, shared with the tasks made with CLONE_FILES.</summary>
    public FileTable Files { get; internal set; }

    /// <summary>Root, working directory and umask, shared with the tasks made with CLONE_FS.</summary>
    public FileSystemContext FileSystemContext { get; internal set; }

    public Credentials Credentials { get; set; }

    /// <summary>The command name (/proc/PID/comm): 15 bytes and a zero.</summary>
    public byte[] Name { get; } = new byte[16];

    /// <summary>Signals sent to this task alone.</summary>
    public PendingSignals PendingSignals { get; } = new();

    /// <summary>The signal mask.</summary>
    public ulong BlockedSignals { get; set; }

    /// <summary>Blocked signals that rt_sigtimedwait is waiting for.</summary>
    public ulong SignalsWaitedFor { get; set; }

    /// <summary>The next task of the same process.</summary>
    public Task? NextInProcess { get; internal set; }

    /// <summary>True where a signal has come that this task would take: a long operation should stop.</summary>
    public bool HasDeliverableSignal
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ((PendingSignals.Mask | Process.PendingSignals.Mask) & ~BlockedSignals) != 0;
    }

    /// <summary>
    /// Waits until the queue is woken. None: check the condition again; ERESTARTSYS: a signal came; ETIMEDOUT: the deadline, a
    /// <see cref="Clock.Monotonic"/> time, passed.
    /// </summary>
    public Errno Wait(WaitQueue queue, ulong deadline = Scheduler.Never) => ToErrno(Kernel.Machine.Scheduler.Wait(queue, deadline));

    /// <summary>What <see cref="Wait"/> answers for a result of the scheduler.</summary>
    public static Errno ToErrno(WaitResult result) => result switch
    {
        WaitResult.Woken => Errno.None,
        WaitResult.TimedOut => Errno.ETIMEDOUT,
        _ => Errno.ERESTARTSYS,
    };
}
