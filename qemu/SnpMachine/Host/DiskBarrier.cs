using LiteBox.SnpMachine.Diagnosis;

namespace LiteBox.SnpMachine.Host;

/// <summary>
/// Where instructions are time, disks must answer at the same instruction in every run, but QEMU reads and writes their images in threads of its own,
/// which take what they take. So after each write to a device the guest goes on only when no request is under way: each of its disks has a second
/// virtio disk over the same image, in a slot that only the machine sees, and QEMU's reset of such a device returns when its image is at rest.
/// Meanwhile no instruction runs, so no time passes.
/// </summary>
internal static class DiskBarrier
{
    // PCI Local Bus Specification 3.0, 6.7, and virtio 1.2, 4.1.4: capabilities, and in them where a modern device has its registers.
    private const uint CapabilitiesPointer = 0x34;
    private const uint NextField = 1;
    private const uint TypeField = 3;
    private const uint BarField = 4;
    private const uint OffsetField = 8;
    private const uint LengthField = 12;
    private const uint DataField = 16;
    private const int CapabilitiesLimit = 48; // of four bytes in the 192 behind the header
    private const byte VendorSpecific = 0x09;
    private const byte CommonConfiguration = 1;
    private const byte ConfigurationAccess = 5;

    // virtio 1.2, 4.1.4.3 and 2.1: zero in device_status resets the device.
    private const uint DeviceStatus = 0x14;
    private const uint Reset = 0;

    private static uint s_count;
    private static uint s_statusRegister;

    /// <summary>Whether there is any.</summary>
    public static bool IsUsed => s_count != 0;

    /// <summary>Prepares <paramref name="count"/> devices: makes the data field of each one's configuration access a window to its device_status.</summary>
    public static void Initialise(uint count)
    {
        for (uint function = 0; function < count; function++)
        {
            uint common = FindCapability(function, CommonConfiguration);
            uint access = FindCapability(function, ConfigurationAccess);
            if (common == 0 || access == 0)
            {
                Refusal.Fatal(Rule.LaunchConfiguration, function);
            }
            Write(function, access + BarField, 1, Read(function, common + BarField, 1));
            Write(function, access + OffsetField, 4, Read(function, common + OffsetField, 4) + DeviceStatus);
            Write(function, access + LengthField, 4, 1);
            s_statusRegister = access + DataField;
        }
        s_count = count;
    }

    /// <summary>Returns when no disk has a request under way.</summary>
    public static void Wait()
    {
        for (uint function = 0; function < s_count; function++)
        {
            Write(function, s_statusRegister, 1, Reset);
        }
    }

    private static uint FindCapability(uint function, byte type)
    {
        uint at = Read(function, CapabilitiesPointer, 1);
        for (int i = 0; i < CapabilitiesLimit && at != 0; i++)
        {
            if (Read(function, at, 1) == VendorSpecific && Read(function, at + TypeField, 1) == type)
            {
                return at;
            }
            at = Read(function, at + NextField, 1);
        }
        return 0;
    }

    private static uint Read(uint function, uint register, int size) => PciConfiguration.Read(PhysicalLayout.BarrierSlot, function, register, size);

    private static void Write(uint function, uint register, int size, uint value) =>
        PciConfiguration.Write(PhysicalLayout.BarrierSlot, function, register, size, value);
}
