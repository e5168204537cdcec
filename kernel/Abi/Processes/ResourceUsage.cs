using System.Runtime.InteropServices;

namespace LiteBox.Abi;

/// <summary>struct rusage (getrusage(2)).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ResourceUsage : IUserStructure
{
    public Timeval UserTime;
    public Timeval SystemTime;
    public long MaximumResident;
    public long SharedText;
    public long UnsharedData;
    public long UnsharedStack;
    public long MinorFaults;
    public long MajorFaults;
    public long Swaps;
    public long BlocksIn;
    public long BlocksOut;
    public long MessagesSent;
    public long MessagesReceived;
    public long Signals;
    public long VoluntarySwitches;
    public long InvoluntarySwitches;
}

/// <summary>struct rlimit64 (prlimit(2)).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ResourceLimitPair : IUserStructure
{
    public ulong Current;
    public ulong Maximum;
}

/// <summary>struct tms (times(2)), in clock ticks.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ProcessTimes : IUserStructure
{
    public long User;
    public long System;
    public long ChildrenUser;
    public long ChildrenSystem;
}

/// <summary>struct clone_args up to its second version (clone3(2)); later fields are zero or refused.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CloneArguments : IUserStructure
{
    public ulong Flags;
    public ulong ProcessDescriptor;
    public ulong ChildId;
    public ulong ParentId;
    public ulong ExitSignal;
    public ulong Stack;
    public ulong StackSize;
    public ulong ThreadPointer;
    public ulong SetIds;
    public ulong SetIdCount;
    public ulong ControlGroup;
}

/// <summary>struct sysinfo (sysinfo(2)).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SystemInformation : IUserStructure
{
    public long Uptime;
    public ulong Load1;
    public ulong Load5;
    public ulong Load15;
    public ulong TotalMemory;
    public ulong FreeMemory;
    public ulong SharedMemory;
    public ulong BufferMemory;
    public ulong TotalSwap;
    public ulong FreeSwap;
    public ushort Processes;
    public ushort Padding1;
    public uint Padding2;
    public ulong TotalHigh;
    public ulong FreeHigh;
    public uint Unit;
    public uint Padding3;
}

/// <summary>struct sigaction as rt_sigaction(2) has it on x86-64.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SignalActionRecord : IUserStructure
{
    public ulong Handler;
    public ulong Flags;
    public ulong Restorer;
    public ulong Mask;
}

/// <summary>stack_t (sigaltstack(2)).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SignalStackRecord : IUserStructure
{
    public ulong Address;
    public int Flags;
    public int Padding;
    public ulong Size;
}

/// <summary>struct __user_cap_header_struct (capget(2)).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CapabilityHeader : IUserStructure
{
    public uint Version;
    public int Id;
}

/// <summary>One 64-bit word: sigset_t, cpu masks, pointers.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Word64 : IUserStructure
{
    public ulong Value;
}

/// <summary>One 32-bit word.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Word32 : IUserStructure
{
    public uint Value;
}
