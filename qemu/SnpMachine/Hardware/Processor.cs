using System.Runtime.InteropServices;
using LiteBox.SnpMachine.Guest;

namespace LiteBox.SnpMachine.Hardware;

/// <summary>The instructions that C# has no words for. On stock .NET, where the tests run, ports and MSRs are not there.</summary>
internal static unsafe partial class Processor
{
#if FREESTANDING
    // SAFETY (of all): plain functions of the System V calling convention, assembled by tools/StubAssembler, that keep its rules.
    [DllImport("*", EntryPoint = "SnpIn8"), SuppressGCTransition]
    public static extern byte In8(ushort port);

    [DllImport("*", EntryPoint = "SnpIn16"), SuppressGCTransition]
    public static extern ushort In16(ushort port);

    [DllImport("*", EntryPoint = "SnpIn32"), SuppressGCTransition]
    public static extern uint In32(ushort port);

    [DllImport("*", EntryPoint = "SnpOut8"), SuppressGCTransition]
    public static extern void Out8(ushort port, byte value);

    [DllImport("*", EntryPoint = "SnpOut16"), SuppressGCTransition]
    public static extern void Out16(ushort port, ushort value);

    [DllImport("*", EntryPoint = "SnpOut32"), SuppressGCTransition]
    public static extern void Out32(ushort port, uint value);

    [DllImport("*", EntryPoint = "SnpReadMsr"), SuppressGCTransition]
    public static extern ulong ReadMsr(uint msr);

    [DllImport("*", EntryPoint = "SnpWriteMsr"), SuppressGCTransition]
    public static extern void WriteMsr(uint msr, ulong value);

    /// <summary>RDTSC: TCG answers zero when the counter is read as an MSR.</summary>
    [DllImport("*", EntryPoint = "SnpReadTimeStamp"), SuppressGCTransition]
    public static extern ulong ReadTimeStamp();

    [DllImport("*", EntryPoint = "SnpCpuid"), SuppressGCTransition]
    public static extern void Cpuid(uint leaf, uint subLeaf, CpuidRegisters* registers);

    [DllImport("*", EntryPoint = "SnpReadCr4"), SuppressGCTransition]
    public static extern ulong ReadCr4();

    [DllImport("*", EntryPoint = "SnpWriteCr4"), SuppressGCTransition]
    public static extern void WriteCr4(ulong value);

    /// <summary>Points CR3 at other page tables.</summary>
    [DllImport("*", EntryPoint = "SnpWriteCr3"), SuppressGCTransition]
    public static extern void WriteCr3(ulong value);

    [DllImport("*", EntryPoint = "SnpPause"), SuppressGCTransition]
    public static extern void Pause();

    /// <summary>Sets the global interrupt flag, waits for an NMI or another event, and clears the flag again.</summary>
    [DllImport("*", EntryPoint = "SnpWaitForNmi"), SuppressGCTransition]
    public static extern void WaitForNmi();

    /// <summary>Sets the global interrupt flag for a moment, so that a pending NMI is done with.</summary>
    [DllImport("*", EntryPoint = "SnpTakeNmi"), SuppressGCTransition]
    public static extern void TakeNmi();

    /// <summary>Runs the guest until its next exit. The global interrupt flag is clear before and after.</summary>
    [DllImport("*", EntryPoint = "SnpRunGuest"), SuppressGCTransition]
    public static extern void RunGuest(GuestContext* context);

    /// <summary>Sets a word to one; the result is what it was.</summary>
    [DllImport("*", EntryPoint = "SnpExchange"), SuppressGCTransition]
    public static extern uint Exchange(uint* word, uint value);
#else
    public static byte In8(ushort port) => 0xFF;

    public static ushort In16(ushort port) => 0xFFFF;

    public static uint In32(ushort port) => 0xFFFF_FFFF;

    public static void Out8(ushort port, byte value)
    {
    }

    public static void Out16(ushort port, ushort value)
    {
    }

    public static void Out32(ushort port, uint value)
    {
    }

    public static ulong ReadMsr(uint msr) => 0;

    public static void WriteMsr(uint msr, ulong value)
    {
    }

    public static ulong ReadTimeStamp() => 0;

    public static void Cpuid(uint leaf, uint subLeaf, CpuidRegisters* registers) => *registers = default;

    public static ulong ReadCr4() => 0;

    public static void WriteCr4(ulong value)
    {
    }

    public static void WriteCr3(ulong value)
    {
    }

    public static void Pause()
    {
    }

    public static void WaitForNmi()
    {
    }

    public static void TakeNmi()
    {
    }

    public static void RunGuest(GuestContext* context)
    {
    }

    public static uint Exchange(uint* word, uint value)
    {
        uint old = *word;
        *word = value;
        return old;
    }
#endif
}

/// <summary>What CPUID answers.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CpuidRegisters
{
    public uint Eax;
    public uint Ebx;
    public uint Ecx;
    public uint Edx;
}
