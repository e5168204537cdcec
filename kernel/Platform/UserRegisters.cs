using System.Runtime.InteropServices;

namespace LiteBox.Platform;

/// <summary>
/// The general registers of a user thread as saved at kernel entry, in the order of Linux's struct pt_regs (arch/x86/include/asm/ptrace.h),
/// which ptrace and core dumps show too. North may write any value into any field: South makes the return to user mode safe
/// (canonical RIP, user selectors, the permitted RFLAGS bits) whatever stands here.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct UserRegisters
{
    public ulong R15;
    public ulong R14;
    public ulong R13;
    public ulong R12;
    public ulong Rbp;
    public ulong Rbx;
    public ulong R11;
    public ulong R10;
    public ulong R9;
    public ulong R8;
    public ulong Rax;
    public ulong Rcx;
    public ulong Rdx;
    public ulong Rsi;
    public ulong Rdi;

    /// <summary>The system call's number as it was in RAX at entry; all ones when the kernel was entered in another way.</summary>
    public ulong OriginalRax;

    public ulong Rip;
    public ulong Cs;
    public ulong Rflags;
    public ulong Rsp;
    public ulong Ss;
}
