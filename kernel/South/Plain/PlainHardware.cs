using LiteBox.Platform;
using LiteBox.South.Hardware;
using LiteBox.South.Instructions;
using LiteBox.South.Memory;

namespace LiteBox.South.Plain;

/// <summary>A machine whose ports, registers and devices answer instructions.</summary>
internal sealed unsafe class PlainHardware : HardwareAccess
{
    /// <inheritdoc/>
    internal override byte ReadPort8(ushort port) => Instruction.ReadPort8(port);

    /// <inheritdoc/>
    internal override void WritePort8(ushort port, byte value) => Instruction.WritePort8(port, value);

    /// <inheritdoc/>
    internal override ushort ReadPort16(ushort port) => Instruction.ReadPort16(port);

    /// <inheritdoc/>
    internal override void WritePort16(ushort port, ushort value) => Instruction.WritePort16(port, value);

    /// <inheritdoc/>
    internal override uint ReadPort32(ushort port) => Instruction.ReadPort32(port);

    /// <inheritdoc/>
    internal override void WritePort32(ushort port, uint value) => Instruction.WritePort32(port, value);

    /// <inheritdoc/>
    internal override ulong ReadMsr(uint register) => Instruction.ReadMsr(register);

    /// <inheritdoc/>
    internal override void WriteMsr(uint register, ulong value) => Instruction.WriteMsr(register, value);

    /// <inheritdoc/>
    // SAFETY: the window maps the page of device registers that was opened, uncached; an address outside any window faults and stops the machine.
    internal override uint ReadDevice32(ulong physicalAddress) => System.Threading.Volatile.Read(ref *(uint*)DeviceWindows.AddressOf(physicalAddress));

    /// <inheritdoc/>
    // SAFETY: as above.
    internal override void WriteDevice32(ulong physicalAddress, uint value) =>
        System.Threading.Volatile.Write(ref *(uint*)DeviceWindows.AddressOf(physicalAddress), value);

    /// <inheritdoc/>
    internal override bool TryOpenDevice(ulong physicalAddress) => DeviceWindows.TryOpen(new PhysicalAddress(physicalAddress));

    /// <inheritdoc/>
    internal override CpuidResult Cpuid(uint leaf, uint subleaf)
    {
        uint* registers = stackalloc uint[4];

        // SAFETY: the stub writes four words.
        Instruction.Cpuid(leaf, subleaf, registers);
        return new CpuidResult(registers[0], registers[1], registers[2], registers[3]);
    }
}
