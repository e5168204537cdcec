using LiteBox.South.Hardware;
using LiteBox.South.Processors;

namespace LiteBox.South.Interrupts;

/// <summary>The two 8259s: moved away from the processor's exceptions, masked, and never heard of again.</summary>
internal static class LegacyInterruptController
{
    private const ushort Command1 = 0x20;
    private const ushort Data1 = 0x21;
    private const ushort Command2 = 0xA0;
    private const ushort Data2 = 0xA1;

    /// <summary>ICW1: edge triggered, cascaded, ICW4 follows.</summary>
    private const byte Initialize = 0x11;

    /// <summary>ICW3: the second controller hangs on line 2 of the first.</summary>
    private const byte CascadeLineMask = 1 << 2;

    private const byte CascadeLine = 2;

    /// <summary>ICW4: 8086 mode.</summary>
    private const byte Mode8086 = 1;

    private const byte AllMasked = 0xFF;

    internal static void Disable(HardwareAccess hardware)
    {
        hardware.WritePort8(Command1, Initialize);
        hardware.WritePort8(Command2, Initialize);
        hardware.WritePort8(Data1, InterruptVectors.LegacyControllerBase);
        hardware.WritePort8(Data2, InterruptVectors.LegacyControllerBase + 8);
        hardware.WritePort8(Data1, CascadeLineMask);
        hardware.WritePort8(Data2, CascadeLine);
        hardware.WritePort8(Data1, Mode8086);
        hardware.WritePort8(Data2, Mode8086);
        hardware.WritePort8(Data1, AllMasked);
        hardware.WritePort8(Data2, AllMasked);
    }
}
