using System.Runtime.InteropServices;

namespace LiteBox.Abi;

/// <summary>struct rt_sigframe of x86-64 (arch/x86/include/asm/sigframe.h): what lies on the stack under a signal handler. 440 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SignalFrameRecord : IUserStructure
{
    /// <summary>pretcode: where the handler returns to.</summary>
    public ulong ReturnAddress;

    public UserContextRecord Context;
    public SignalInfoRecord Info;
}

/// <summary>struct ucontext with struct sigcontext in it (arch/x86/include/uapi/asm/sigcontext.h). 304 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct UserContextRecord : IUserStructure
{
    public ulong Flags;
    public ulong Link;
    public SignalStackRecord Stack;
    public ulong R8;
    public ulong R9;
    public ulong R10;
    public ulong R11;
    public ulong R12;
    public ulong R13;
    public ulong R14;
    public ulong R15;
    public ulong Rdi;
    public ulong Rsi;
    public ulong Rbp;
    public ulong Rbx;
    public ulong Rdx;
    public ulong Rax;
    public ulong Rcx;
    public ulong Rsp;
    public ulong Rip;
    public ulong Rflags;
    public ushort Cs;
    public ushort Gs;
    public ushort Fs;
    public ushort Ss;
    public ulong ErrorCode;
    public ulong TrapNumber;
    public ulong OldMask;
    public ulong FaultAddress;

    /// <summary>Where the floating-point state lies; 0: there is none.</summary>
    public ulong FloatingPoint;

    public ulong Reserved0;
    public ulong Reserved1;
    public ulong Reserved2;
    public ulong Reserved3;
    public ulong Reserved4;
    public ulong Reserved5;
    public ulong Reserved6;
    public ulong Reserved7;

    /// <summary>The signal mask to go back to.</summary>
    public ulong Mask;
}

/// <summary>siginfo_t: 128 bytes, of which the kinds of signals use the first 48 at most.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SignalInfoRecord : IUserStructure
{
    public int Signal;
    public int Error;
    public int Code;
    public int Padding;
    public ulong Word0;
    public ulong Word1;
    public ulong Word2;
    public ulong Word3;
    public ulong Unused0;
    public ulong Unused1;
    public ulong Unused2;
    public ulong Unused3;
    public ulong Unused4;
    public ulong Unused5;
    public ulong Unused6;
    public ulong Unused7;
    public ulong Unused8;
    public ulong Unused9;
}
