using System;

namespace LiteBox.Platform;

/// <summary>
/// One thread of a user program as South keeps it: a kernel stack, the registers at the user boundary, the floating-point state.
/// Its North half is a <see cref="UserTask"/>.
/// </summary>
public abstract class UserThread : Waitable
{
    /// <summary>The registers with which the thread will go on in user mode. Valid while the thread is in the kernel or has not started.</summary>
    public abstract ref UserRegisters Registers { get; }

    /// <summary>The FS segment base (thread pointer; arch_prctl(2) ARCH_SET_FS). Must be below <see cref="UserAddress.Limit"/>.</summary>
    public abstract ulong FsBase { get; set; }

    /// <summary>The GS segment base of user mode. Must be below <see cref="UserAddress.Limit"/>.</summary>
    public abstract ulong GsBase { get; set; }

    /// <summary>The address space. Setting it on the running thread switches at once.</summary>
    public abstract PageTable PageTable { get; set; }

    /// <summary>Bytes of the XSAVE area of this machine's user threads (standard form, APM volume 2, 11.5).</summary>
    public abstract int FloatingPointSize { get; }

    /// <summary>
    /// Room of the thread's own for a floating-point state on its way to or from a signal frame: <see cref="FloatingPointSize"/> bytes, and four for what Linux
    /// puts behind them.
    /// </summary>
    public abstract Span<byte> FloatingPointImage { get; }

    /// <summary>Writes the running thread's state into <see cref="FloatingPointImage"/>, in XSAVE's standard form.</summary>
    public abstract void SaveFloatingPoint();

    /// <summary>
    /// Makes what stands in <see cref="FloatingPointImage"/> the running thread's state. False where XRSTOR would fault on it (reserved bits); then nothing
    /// changed.
    /// </summary>
    public abstract bool TryLoadFloatingPoint();

    /// <summary>The running thread's state becomes that of a new program.</summary>
    public abstract void ResetFloatingPoint();

    /// <summary>
    /// Notes that North has something to do before this thread next runs in user mode (a signal came): <see cref="UserTask.OnReturnToUser"/>
    /// will be called, and an interruptible wait, now or before that, ends with <see cref="WaitResult.Interrupted"/>.
    /// </summary>
    public abstract void RequestReturnWork();

    /// <summary>Makes a thread that was created and not yet started run.</summary>
    public abstract void Start();

    /// <summary>True while it waits in <see cref="Scheduler.Park"/>: what ps shows as sleeping.</summary>
    public abstract bool IsWaiting { get; }

    /// <summary>Nanoseconds the thread has run, in user and in kernel mode.</summary>
    public abstract ulong RunTime { get; }
}
