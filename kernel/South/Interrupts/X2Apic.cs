using LiteBox.South.Hardware;
using LiteBox.South.Processors;

namespace LiteBox.South.Interrupts;

/// <summary>The local APIC with its registers in MSRs (APM volume 2, 16.11).</summary>
internal sealed class X2Apic : LocalApic
{
    private const uint IdRegister = 0x20;
    private readonly HardwareAccess hardware;

    internal X2Apic(HardwareAccess hardware) => this.hardware = hardware;

    /// <inheritdoc/>
    internal override byte Id => (byte)Read(IdRegister);

    private protected override uint Read(uint offset) => (uint)hardware.ReadMsr(Msr.X2ApicBase + (offset >> 4));

    private protected override void Write(uint offset, uint value) => hardware.WriteMsr(Msr.X2ApicBase + (offset >> 4), value);
}
