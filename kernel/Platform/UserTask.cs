namespace LiteBox.Platform;

/// <summary>What becomes of a thread after North has handled its entry.</summary>
public enum ThreadFate
{
    /// <summary>It goes on in user mode.</summary>
    Continue,

    /// <summary>It is over: South frees its stack and never returns to it.</summary>
    Exit,
}

/// <summary>Exceptions a user program can cause, by vector (APM volume 2, 8.2).</summary>
public enum ExceptionVector : byte
{
    DivideError = 0,
    Debug = 1,
    Breakpoint = 3,
    Overflow = 4,
    BoundRange = 5,
    InvalidOpcode = 6,
    DeviceNotAvailable = 7,
    SegmentNotPresent = 11,
    Stack = 12,
    GeneralProtection = 13,
    PageFault = 14,
    X87FloatingPoint = 16,
    AlignmentCheck = 17,
    SimdFloatingPoint = 19,
    VmmCommunication = 29,
}

/// <summary>
/// North's half of a user thread: South calls these members on the thread's own kernel stack, with the kernel lock held and interrupts off.
/// One way in, one way out: nothing here returns to user mode by itself.
/// </summary>
public abstract class UserTask
{
    /// <summary>
    /// A SYSCALL instruction: number in <see cref="UserRegisters.OriginalRax"/>, arguments in RDI, RSI, RDX, R10, R8, R9; the result goes
    /// to RAX.
    /// </summary>
    public abstract ThreadFate OnSystemCall(ref UserRegisters registers);

    /// <summary>
    /// An exception in user mode other than a page fault that <see cref="OnPageFault"/> resolved.
    /// <paramref name="address"/> is CR2 for a page fault and 0 otherwise.
    /// </summary>
    public abstract ThreadFate OnException(ref UserRegisters registers, ExceptionVector vector, uint errorCode, ulong address);

    /// <summary>
    /// An access to a page that is not mapped or does not allow it, from user mode or from a copy in <see cref="UserMemory"/>.
    /// True: try again. False: a bad access (an exception or EFAULT follows).
    /// </summary>
    public abstract bool OnPageFault(UserAddress address, PageAccess access);

    /// <summary>Called before the thread returns to user mode when <see cref="UserThread.RequestReturnWork"/> was called since the last time.</summary>
    public abstract ThreadFate OnReturnToUser(ref UserRegisters registers);
}
