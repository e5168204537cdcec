using LiteBox.South.Hardware;

namespace LiteBox.South.Interrupts;

/// <summary>The local APIC with its registers in memory.</summary>
internal sealed class XApic : LocalApic
{
    /// <summary>Where the registers stand after reset (APM volume 2, 16.3.1). The kernel does not move them and does not believe that anybody did.</summary>
    internal const ulong Address = 0xFEE0_0000;

    private const uint IdRegister = 0x20;
    private readonly HardwareAccess hardware;

    internal XApic(HardwareAccess hardware) => this.hardware = hardware;

    /// <inheritdoc/>
    internal override byte Id => (byte)(Read(IdRegister) >> 24);

    private protected override uint Read(uint offset) => hardware.ReadDevice32(Address + offset);

    private protected override void Write(uint offset, uint value) => hardware.WriteDevice32(Address + offset, value);
}
