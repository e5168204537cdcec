using LiteBox.Platform;
using LiteBox.South.Acpi;
using LiteBox.South.Hardware;
using LiteBox.South.Stops;

namespace LiteBox.South.Snp;

/// <summary>
/// Ports, registers and devices of an SNP guest: every access is a request to the host, checked against what this kernel has a reason to touch (T24).
/// CPUID comes from the checked table (T37). A host that does not answer as asked ends the machine.
/// </summary>
internal sealed class SnpHardware : HardwareAccess
{
    private const uint ApicBase = 0x1B;
    private const uint TscDeadline = 0x6E0;
    private const uint FirstX2Apic = 0x800;
    private const uint LastX2Apic = 0x8FF;
    private const ulong PageMask = 4095;
    private const int WindowCapacity = 8;

    private readonly Ghcb ghcb;
    private readonly ulong xcr0;
    private readonly ulong[] windows = new ulong[WindowCapacity];
    private SnpCpuidTable cpuid;
    private int windowCount;
    private AcpiPower power;

    public SnpHardware(Ghcb ghcb, in SnpCpuidTable cpuid, ulong xcr0)
    {
        this.ghcb = ghcb;
        this.cpuid = cpuid;
        this.xcr0 = xcr0;
    }

    /// <summary>Requests to the host so far.</summary>
    internal long ExitCount => ghcb.ExitCount;

    /// <summary>Lets the ports through that ACPI names for switching off and resetting.</summary>
    internal void Allow(in AcpiPower ports) => power = ports;

    /// <inheritdoc/>
    internal override byte ReadPort8(ushort port) => (byte)ReadPort(port, sizeof(byte));

    /// <inheritdoc/>
    internal override void WritePort8(ushort port, byte value) => WritePort(port, sizeof(byte), value);

    /// <inheritdoc/>
    internal override ushort ReadPort16(ushort port) => (ushort)ReadPort(port, sizeof(ushort));

    /// <inheritdoc/>
    internal override void WritePort16(ushort port, ushort value) => WritePort(port, sizeof(ushort), value);

    /// <inheritdoc/>
    internal override uint ReadPort32(ushort port) => ReadPort(port, sizeof(uint));

    /// <inheritdoc/>
    internal override void WritePort32(ushort port, uint value) => WritePort(port, sizeof(uint), value);

    /// <inheritdoc/>
    internal override ulong ReadMsr(uint register)
    {
        CheckMsr(register);
        if (!ghcb.TryReadMsr(register, out ulong value))
        {
            Refuse();
        }

        return value;
    }

    /// <inheritdoc/>
    internal override void WriteMsr(uint register, ulong value)
    {
        CheckMsr(register);
        if (!ghcb.TryWriteMsr(register, value))
        {
            Refuse();
        }
    }

    /// <inheritdoc/>
    internal override uint ReadDevice32(ulong physicalAddress)
    {
        CheckWindow(physicalAddress);
        if (!ghcb.TryReadDevice(physicalAddress, out uint value))
        {
            Refuse();
        }

        return value;
    }

    /// <inheritdoc/>
    internal override void WriteDevice32(ulong physicalAddress, uint value)
    {
        CheckWindow(physicalAddress);
        if (!ghcb.TryWriteDevice(physicalAddress, value))
        {
            Refuse();
        }
    }

    /// <summary>Nothing is mapped: device registers are reached by requests.</summary>
    internal override bool TryOpenDevice(ulong physicalAddress)
    {
        if (windowCount == WindowCapacity || Memory.MemoryIntake.HasRam(physicalAddress >> 12, (physicalAddress >> 12) + 1))
        {
            return false;
        }

        windows[windowCount++] = physicalAddress & ~PageMask;
        return true;
    }

    /// <inheritdoc/>
    internal override void AbandonRequest() => ghcb.Abandon();

    /// <inheritdoc/>
    internal override CpuidResult Cpuid(uint leaf, uint subleaf) => cpuid.Query(leaf, subleaf, xcr0);

    private uint ReadPort(ushort port, int size)
    {
        CheckPort(port);
        if (!ghcb.TryReadPort(port, size, out uint value))
        {
            Refuse();
        }

        return value;
    }

    private void WritePort(ushort port, int size, uint value)
    {
        CheckPort(port);
        if (!ghcb.TryWritePort(port, size, value))
        {
            Refuse();
        }
    }

    /// <summary>The interrupt controllers' and timers' ports, the clock's, the first serial port's, and what ACPI names.</summary>
    private void CheckPort(ushort port)
    {
        bool isAllowed = port is 0x20 or 0x21 or 0xA0 or 0xA1 or (>= 0x40 and <= 0x43) or 0x61 or 0x64 or 0x70 or 0x71 or (>= 0x3F8 and <= 0x3FF)
            || (port != 0 && (port == power.ControlPort || port == power.ResetPort));
        if (!isAllowed)
        {
            Memory.Invariant.Broken("The kernel asked for a port that it has no business with.");
        }
    }

    private static void CheckMsr(uint register)
    {
        if (register is not (ApicBase or TscDeadline or (>= FirstX2Apic and <= LastX2Apic)))
        {
            Memory.Invariant.Broken("The kernel asked the host for a register that it has no business with.");
        }
    }

    private void CheckWindow(ulong physicalAddress)
    {
        for (int i = 0; i < windowCount; i++)
        {
            if (windows[i] == (physicalAddress & ~PageMask))
            {
                return;
            }
        }

        Memory.Invariant.Broken("A device register was used whose page is not open.");
    }

    private static void Refuse() => Stop.Machine(StopReason.HostBrokeProtocol, "the host does not answer as the GHCB specification says");
}
