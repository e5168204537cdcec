using LiteBox.Platform;

namespace LiteBox.South.Hardware;

/// <summary>
/// How the kernel reaches what is not memory: ports, model-specific registers, device registers, CPUID. On a plain VM these are instructions; under
/// SNP most of them are requests to the host, explicit ones, so that the kernel itself never takes a #VC (T1).
/// </summary>
internal abstract class HardwareAccess
{
    internal abstract byte ReadPort8(ushort port);

    internal abstract void WritePort8(ushort port, byte value);

    internal abstract ushort ReadPort16(ushort port);

    internal abstract void WritePort16(ushort port, ushort value);

    internal abstract uint ReadPort32(ushort port);

    internal abstract void WritePort32(ushort port, uint value);

    /// <summary>A register that the processor's host may intercept: the local APIC's. Those that never are (SYSCALL's, FS, GS) need not come here.</summary>
    internal abstract ulong ReadMsr(uint register);

    /// <inheritdoc cref="ReadMsr"/>
    internal abstract void WriteMsr(uint register, ulong value);

    /// <summary>A 32-bit device register at a physical address within a window that <see cref="TryOpenDevice"/> opened.</summary>
    internal abstract uint ReadDevice32(ulong physicalAddress);

    /// <inheritdoc cref="ReadDevice32"/>
    internal abstract void WriteDevice32(ulong physicalAddress, uint value);

    /// <summary>Makes the 4 KiB of device registers at a physical address reachable. False when there is no memory for it.</summary>
    internal abstract bool TryOpenDevice(ulong physicalAddress);

    /// <summary>The machine is being stopped: what was under way when the exception came is not gone on with, and the report may use the devices.</summary>
    internal virtual void AbandonRequest()
    {
    }

    /// <summary>CPUID as this machine believes it.</summary>
    internal abstract CpuidResult Cpuid(uint leaf, uint subleaf);
}
