using System.Runtime.InteropServices;

namespace LiteBox.South.Instructions;

/// <summary>
/// Machine instructions that C# has no words for. Each is a stub of a few instructions (tools/StubAssembler/Kernel), called like a C function.
/// This half: ports, registers, identification, time and randomness.
/// </summary>
/// <remarks>
/// SAFETY (all members): a stub keeps the System V calling convention and touches only what its parameters name. What the instruction then does to
/// the machine is the caller's to justify.
/// </remarks>
internal static unsafe partial class Instruction
{
    /// <summary>IN AL, DX.</summary>
    [DllImport("*"), SuppressGCTransition]
    internal static extern byte ReadPort8(ushort port);

    /// <summary>IN AX, DX.</summary>
    [DllImport("*"), SuppressGCTransition]
    internal static extern ushort ReadPort16(ushort port);

    /// <summary>IN EAX, DX.</summary>
    [DllImport("*"), SuppressGCTransition]
    internal static extern uint ReadPort32(ushort port);

    /// <summary>OUT DX, AL.</summary>
    [DllImport("*"), SuppressGCTransition]
    internal static extern void WritePort8(ushort port, byte value);

    /// <summary>OUT DX, AX.</summary>
    [DllImport("*"), SuppressGCTransition]
    internal static extern void WritePort16(ushort port, ushort value);

    /// <summary>OUT DX, EAX.</summary>
    [DllImport("*"), SuppressGCTransition]
    internal static extern void WritePort32(ushort port, uint value);

    /// <summary>RDMSR. A register that does not exist raises #GP, which stops the machine.</summary>
    [DllImport("*"), SuppressGCTransition]
    internal static extern ulong ReadMsr(uint register);

    /// <summary>WRMSR.</summary>
    [DllImport("*"), SuppressGCTransition]
    internal static extern void WriteMsr(uint register, ulong value);

    /// <summary>CPUID; <paramref name="registers"/> receives EAX, EBX, ECX, EDX.</summary>
    [DllImport("*"), SuppressGCTransition]
    internal static extern void Cpuid(uint leaf, uint subleaf, uint* registers);

    /// <summary>RDTSC, ordered behind the loads before it by LFENCE.</summary>
    [DllImport("*"), SuppressGCTransition]
    internal static extern ulong ReadTimestamp();

    /// <summary>RDRAND. 0 where the processor had none ready; then <paramref name="value"/> is not written.</summary>
    [DllImport("*"), SuppressGCTransition]
    internal static extern int TryReadRandom(ulong* value);

    /// <summary>RDSEED. 0 where the processor had none ready; then <paramref name="value"/> is not written.</summary>
    [DllImport("*"), SuppressGCTransition]
    internal static extern int TryReadSeed(ulong* value);

    [DllImport("*"), SuppressGCTransition]
    internal static extern ulong ReadCr0();

    [DllImport("*"), SuppressGCTransition]
    internal static extern void WriteCr0(ulong value);

    /// <summary>The address of the last page fault.</summary>
    [DllImport("*"), SuppressGCTransition]
    internal static extern ulong ReadCr2();

    [DllImport("*"), SuppressGCTransition]
    internal static extern ulong ReadCr3();

    [DllImport("*"), SuppressGCTransition]
    internal static extern void WriteCr3(ulong value);

    [DllImport("*"), SuppressGCTransition]
    internal static extern ulong ReadCr4();

    [DllImport("*"), SuppressGCTransition]
    internal static extern void WriteCr4(ulong value);

    /// <summary>XSETBV of register 0.</summary>
    [DllImport("*"), SuppressGCTransition]
    internal static extern void WriteXcr0(ulong value);

    /// <summary>Clears the debug registers: no breakpoint is armed and none is pending.</summary>
    [DllImport("*"), SuppressGCTransition]
    internal static extern void ClearDebugRegisters();

    /// <summary>INVLPG.</summary>
    [DllImport("*"), SuppressGCTransition]
    internal static extern void InvalidatePage(ulong address);

    /// <summary>The stack pointer at the call.</summary>
    [DllImport("*"), SuppressGCTransition]
    internal static extern ulong ReadStackPointer();
}
