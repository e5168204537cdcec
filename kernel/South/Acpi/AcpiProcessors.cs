namespace LiteBox.South.Acpi;

/// <summary>The interrupt controllers of the processors, from the MADT (ACPI 6.5, 5.2.12).</summary>
internal unsafe struct AcpiProcessors
{
    /// <summary>Processors that this kernel can name.</summary>
    public const int Capacity = 64;

    // Offsets and types of the MADT (ACPI 6.5, tables 5.19, 5.21 to 5.23 and 5.34).
    private const int LocalApicAddressOffset = 36;
    private const int FirstEntry = 44;
    private const byte LocalApic = 0;
    private const byte IoApic = 1;
    private const byte LocalApicAddressOverride = 5;
    private const byte LocalX2Apic = 9;

    /// <summary>Flags bit 0: the processor can be used.</summary>
    private const uint Enabled = 1;

    private fixed uint identifiers[Capacity];

    /// <summary>Enabled processors, as far as <see cref="Capacity"/> goes.</summary>
    public int Count { get; private set; }

    /// <summary>Physical address of the local APIC's registers.</summary>
    public ulong LocalApicAddress { get; private set; }

    /// <summary>Physical address of the first I/O APIC's registers; 0 where there is none.</summary>
    public ulong IoApicAddress { get; private set; }

    /// <summary>The APIC identifier of the n-th processor.</summary>
    // SAFETY: a fixed buffer of this structure; the index is taken modulo its size.
    public readonly uint Identifier(int index) => identifiers[index & (Capacity - 1)];

    /// <summary>Reads the MADT. False where an entry is damaged.</summary>
    public static bool TryRead(in AcpiTable table, out AcpiProcessors processors)
    {
        processors = default;
        processors.LocalApicAddress = table.ReadUInt32(LocalApicAddressOffset);
        int offset = FirstEntry;
        while (offset < table.Length)
        {
            int length = table.ReadByte(offset + 1);
            if (length < 2 || length > table.Length - offset)
            {
                return false;
            }

            processors.Take(table, offset, length);
            offset += length;
        }

        return true;
    }

    private void Take(in AcpiTable table, int offset, int length)
    {
        switch (table.ReadByte(offset))
        {
            case LocalApic when length >= 8:
                AddProcessor(table.ReadByte(offset + 3), table.ReadUInt32(offset + 4));
                break;
            case LocalX2Apic when length >= 16:
                AddProcessor(table.ReadUInt32(offset + 4), table.ReadUInt32(offset + 8));
                break;
            case IoApic when length >= 12 && IoApicAddress == 0:
                IoApicAddress = table.ReadUInt32(offset + 4);
                break;
            case LocalApicAddressOverride when length >= 12:
                LocalApicAddress = table.ReadUInt64(offset + 4);
                break;
        }
    }

    // SAFETY: the count is checked before the fixed buffer is written.
    private void AddProcessor(uint identifier, uint flags)
    {
        if ((flags & Enabled) != 0 && Count < Capacity)
        {
            identifiers[Count++] = identifier;
        }
    }
}
