using LiteBox.SnpMachine.Hardware;

namespace LiteBox.SnpMachine.Host;

/// <summary>
/// PCI's configuration space by ports CF8h and CFCh (PCI Local Bus Specification 3.0, 3.2.2.3.2) and in memory (ECAM). The guest reaches all of it
/// but the slot with the machine's own disk barriers, where it finds nothing.
/// </summary>
internal static class PciConfiguration
{
    private const ushort AddressPort = 0xCF8;
    private const ushort DataPort = 0xCFC;
    private const uint Enable = 1U << 31;

    // QEMU's q35, function 00:00.0: where configuration space is in memory, 256 MiB for 256 buses (Intel 82G33 and Q35 data sheet, PCIEXBAR).
    private const uint ExtendedBase = 0x60;
    private const int ExtendedBaseShift = 28;
    private const ulong BusAndDevice = 0x0FFF_8000;

    // What the guest chose last. The machine's own accesses put it back.
    private static uint s_selected;

    private static bool HasOwnSlot => DiskBarrier.IsUsed;

    /// <summary>Follows what the guest writes to a port.</summary>
    public static void Observe(ushort port, int size, uint value)
    {
        if (port == AddressPort && size == 4)
        {
            s_selected = value;
        }
    }

    /// <summary>Whether the guest has chosen the machine's own slot and now asks for its data.</summary>
    public static bool IsHidden(ushort port) =>
        HasOwnSlot && port is >= DataPort and < DataPort + 4 && (s_selected & 0xFFF800) == PhysicalLayout.BarrierSlot << 11;

    /// <summary>Whether memory at this address is the configuration of the machine's own slot.</summary>
    public static bool IsHidden(ulong address)
    {
        if (!HasOwnSlot || (address & BusAndDevice) != PhysicalLayout.BarrierSlot << 15)
        {
            return false;
        }
        uint extended = Read(0, 0, ExtendedBase, 4);
        return (extended & 1) != 0 && address >> ExtendedBaseShift == extended >> ExtendedBaseShift;
    }

    /// <summary>Reads from a function of bus 0.</summary>
    public static uint Read(uint device, uint function, uint register, int size)
    {
        ushort port = Select(device, function, register);
        uint value = size == 1 ? Processor.In8(port) : Processor.In32(port);
        Processor.Out32(AddressPort, s_selected);
        return value;
    }

    /// <summary>Writes to a function of bus 0.</summary>
    public static void Write(uint device, uint function, uint register, int size, uint value)
    {
        ushort port = Select(device, function, register);
        if (size == 1)
        {
            Processor.Out8(port, (byte)value);
        }
        else
        {
            Processor.Out32(port, value);
        }
        Processor.Out32(AddressPort, s_selected);
    }

    private static ushort Select(uint device, uint function, uint register)
    {
        Processor.Out32(AddressPort, Enable | device << 11 | function << 8 | (register & ~3U));
        return (ushort)(DataPort + (register & 3));
    }
}
