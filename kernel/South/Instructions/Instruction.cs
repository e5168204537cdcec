using System.Runtime;
using System.Runtime.CompilerServices;

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
    [RuntimeImport("ReadPort8"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern byte ReadPort8(ushort port);

    /// <summary>IN AX, DX.</summary>
    [RuntimeImport("ReadPort16"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern ushort ReadPort16(ushort port);

    /// <summary>IN EAX, DX.</summary>
    [RuntimeImport("ReadPort32"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern uint ReadPort32(ushort port);

    /// <summary>OUT DX, AL.</summary>
    [RuntimeImport("WritePort8"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void WritePort8(ushort port, byte value);

    /// <summary>OUT DX, AX.</summary>
    [RuntimeImport("WritePort16"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void WritePort16(ushort port, ushort value);

    /// <summary>OUT DX, EAX.</summary>
    [RuntimeImport("WritePort32"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void WritePort32(ushort port, uint value);

    /// <summary>RDMSR. A register that does not exist raises #GP, which stops the machine.</summary>
    [RuntimeImport("ReadMsr"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern ulong ReadMsr(uint register);

    /// <summary>WRMSR.</summary>
    [RuntimeImport("WriteMsr"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void WriteMsr(uint register, ulong value);

    /// <summary>CPUID; <paramref name="registers"/> receives EAX, EBX, ECX, EDX.</summary>
    [RuntimeImport("Cpuid"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void Cpuid(uint leaf, uint subleaf, uint* registers);

    /// <summary>RDTSC, ordered behind the loads before it by LFENCE.</summary>
    [RuntimeImport("ReadTimestamp"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern ulong ReadTimestamp();

    /// <summary>RDRAND. 0 where the processor had none ready; then <paramref name="value"/> is not written.</summary>
    [RuntimeImport("TryReadRandom"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern int TryReadRandom(ulong* value);

    /// <summary>RDSEED. 0 where the processor had none ready; then <paramref name="value"/> is not written.</summary>
    [RuntimeImport("TryReadSeed"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern int TryReadSeed(ulong* value);

    [RuntimeImport("ReadCr0"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern ulong ReadCr0();

    [RuntimeImport("WriteCr0"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void WriteCr0(ulong value);

    /// <summary>The address of the last page fault.</summary>
    [RuntimeImport("ReadCr2"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern ulong ReadCr2();

    [RuntimeImport("ReadCr3"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern ulong ReadCr3();

    [RuntimeImport("WriteCr3"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void WriteCr3(ulong value);

    [RuntimeImport("ReadCr4"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern ulong ReadCr4();

    [RuntimeImport("WriteCr4"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void WriteCr4(ulong value);

    /// <summary>XSETBV of register 0.</summary>
    [RuntimeImport("WriteXcr0"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void WriteXcr0(ulong value);

    /// <summary>Clears the debug registers: no breakpoint is armed and none is pending.</summary>
    [RuntimeImport("ClearDebugRegisters"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void ClearDebugRegisters();

    /// <summary>INVLPG.</summary>
    [RuntimeImport("InvalidatePage"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void InvalidatePage(ulong address);

    /// <summary>The stack pointer at the call.</summary>
    [RuntimeImport("ReadStackPointer"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern ulong ReadStackPointer();
}
