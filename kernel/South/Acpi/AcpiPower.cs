namespace LiteBox.South.Acpi;

/// <summary>
/// How this machine is switched off and reset, from the FADT (ACPI 6.5, 5.2.9). The value that means "off" stands in AML, which is not
/// read; it is 0 on QEMU's machines (docs/caveats.md).
/// </summary>
internal readonly struct AcpiPower
{
    /// <summary>SLP_EN with SLP_TYP 0 (ACPI 6.5, 4.8.3.2.1).</summary>
    public const ushort SleepEnable = 1 << 13;

    // Offsets in the FADT (ACPI 6.5, table 5.9).
    private const int Pm1aControlBlock = 64;
    private const int Flags = 112;
    private const int ResetRegister = 116;
    private const int ResetValueOffset = 128;
    private const int ExtendedPm1aControlBlock = 172;

    /// <summary>Flags bit 10, RESET_REG_SUP.</summary>
    private const uint ResetSupported = 1 << 10;

    /// <summary>Generic address structure: in I/O space (ACPI 6.5, 5.2.3.2).</summary>
    private const byte InIoSpace = 1;

    internal AcpiPower(ushort controlPort, ushort resetPort, byte resetValue)
    {
        ControlPort = controlPort;
        ResetPort = resetPort;
        ResetValue = resetValue;
    }

    /// <summary>The PM1a control register's I/O port; 0 where there is none.</summary>
    public ushort ControlPort { get; }

    /// <summary>The reset register's I/O port; 0 where there is none.</summary>
    public ushort ResetPort { get; }

    /// <summary>What is written to it.</summary>
    public byte ResetValue { get; }

    /// <summary>Reads the FADT. False where it names no port for switching off.</summary>
    public static bool TryRead(in AcpiTable table, out AcpiPower power)
    {
        bool hasReset = (table.ReadUInt32(Flags) & ResetSupported) != 0;
        power = new AcpiPower(
            ReadControlPort(table),
            hasReset ? ReadPort(table, ResetRegister) : (ushort)0,
            table.ReadByte(ResetValueOffset));
        return power.ControlPort != 0;
    }

    private static ushort ReadControlPort(in AcpiTable table)
    {
        ushort extended = ReadPort(table, ExtendedPm1aControlBlock);
        uint legacy = table.ReadUInt32(Pm1aControlBlock);
        return extended != 0 ? extended : legacy <= ushort.MaxValue ? (ushort)legacy : (ushort)0;
    }

    private static ushort ReadPort(in AcpiTable table, int offset)
    {
        ulong address = table.ReadUInt64(offset + 4);
        return table.ReadByte(offset) == InIoSpace && address <= ushort.MaxValue ? (ushort)address : (ushort)0;
    }
}
