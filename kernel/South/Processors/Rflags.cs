namespace LiteBox.South.Processors;

/// <summary>The flags register (APM volume 2, 3.1.6).</summary>
internal static class Rflags
{
    internal const ulong Carry = 1 << 0;
    internal const ulong AlwaysSet = 1 << 1;
    internal const ulong Parity = 1 << 2;
    internal const ulong Adjust = 1 << 4;
    internal const ulong Zero = 1 << 6;
    internal const ulong Sign = 1 << 7;
    internal const ulong Trap = 1 << 8;
    internal const ulong Interrupt = 1 << 9;
    internal const ulong Direction = 1 << 10;
    internal const ulong Overflow = 1 << 11;
    internal const ulong PrivilegeLevel = 3 << 12;
    internal const ulong NestedTask = 1 << 14;
    internal const ulong Resume = 1 << 16;
    internal const ulong AlignmentCheck = 1 << 18;
    internal const ulong Identification = 1 << 21;

    /// <summary>What a program may have set: Linux's FLAG_MASK (arch/x86/include/asm/ptrace.h) and ID, which programs can toggle themselves.</summary>
    internal const ulong UserMayChange =
        Carry | Parity | Adjust | Zero | Sign | Trap | Direction | Overflow | NestedTask | Resume | AlignmentCheck | Identification;

    /// <summary>What SYSRET may restore: all of that but what makes it trap differently from IRET (Trap, Resume) or needs IRET's care (NestedTask).</summary>
    internal const ulong SysretMayRestore = (UserMayChange & ~(Trap | Resume | NestedTask)) | AlwaysSet | Interrupt;

    /// <summary>
    /// What SYSCALL clears: interrupts and traps off, string instructions ascend, user memory out of reach (AC), no nested task, no I/O privilege.
    /// </summary>
    internal const ulong ClearedAtSystemCall =
        Carry | Parity | Adjust | Zero | Sign | Trap | Interrupt | Direction | Overflow | PrivilegeLevel | NestedTask | Resume | AlignmentCheck | Identification;
}
