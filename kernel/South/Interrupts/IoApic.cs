using LiteBox.South.Hardware;

namespace LiteBox.South.Interrupts;

/// <summary>The controller that takes devices' interrupt lines (82093AA data sheet, 3.0): each line has an entry that says which vector it raises.</summary>
internal sealed class IoApic
{
    private const uint SelectRegister = 0x00;
    private const uint WindowRegister = 0x10;
    private const uint VersionIndex = 1;
    private const uint FirstEntryIndex = 0x10;
    private const uint Masked = 1 << 16;

    private readonly HardwareAccess hardware;
    private readonly ulong address;
    private readonly uint firstLine;

    private IoApic(HardwareAccess hardware, ulong address, uint firstLine)
    {
        this.hardware = hardware;
        this.address = address;
        this.firstLine = firstLine;
    }

    /// <summary>Opens a controller and masks all its lines. False when its registers cannot be reached.</summary>
    /// <param name="firstLine">Number of its first line among the machine's (ACPI's global system interrupt base).</param>
    internal static IoApic? TryOpen(HardwareAccess hardware, ulong address, uint firstLine)
    {
        if (!hardware.TryOpenDevice(address))
        {
            return null;
        }

        IoApic controller = new(hardware, address, firstLine);
        uint lastLine = (controller.Read(VersionIndex) >> 16) & 0xFF;
        for (uint line = 0; line <= lastLine; line++)
        {
            controller.Write(FirstEntryIndex + (2 * line), Masked);
        }

        return controller;
    }

    /// <summary>Lets a line raise a vector at a processor: edge triggered, active high, as ISA devices are.</summary>
    internal void Route(uint line, byte vector, byte processor)
    {
        uint index = FirstEntryIndex + (2 * (line - firstLine));
        Write(index + 1, (uint)processor << 24);
        Write(index, vector);
    }

    private uint Read(uint index)
    {
        hardware.WriteDevice32(address + SelectRegister, index);
        return hardware.ReadDevice32(address + WindowRegister);
    }

    private void Write(uint index, uint value)
    {
        hardware.WriteDevice32(address + SelectRegister, index);
        hardware.WriteDevice32(address + WindowRegister, value);
    }
}
