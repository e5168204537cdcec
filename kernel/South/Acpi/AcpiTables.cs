using System;
using System.Buffers.Binary;

namespace LiteBox.South.Acpi;

/// <summary>
/// The few ACPI tables that this kernel reads (hardening rule T54): RSDP, XSDT, FADT, MADT. Only static data: no AML is interpreted.
/// Firmware's tables come from the host: signatures, lengths, checksums and addresses are checked, and a table that fails is as good as none.
/// </summary>
internal readonly struct AcpiTables
{
    private const ulong RootPointerSignature = 0x2052_5450_2044_5352; // "RSD PTR "
    private const uint ExtendedRoot = 0x5444_5358; // "XSDT"
    private const uint FixedDescription = 0x5043_4146; // "FACP"
    private const uint MultipleApicDescription = 0x4349_5041; // "APIC"

    /// <summary>Bytes of the root pointer since version 2 (ACPI 6.5, 5.2.5.3).</summary>
    private const int RootPointerSize = 36;

    private readonly AcpiMemory memory;
    private readonly ulong extendedRoot;

    private AcpiTables(AcpiMemory memory, ulong extendedRoot)
    {
        this.memory = memory;
        this.extendedRoot = extendedRoot;
    }

    /// <summary>Begins at the root pointer that firmware published. False where it is not one of version 2 or later.</summary>
    public static bool TryOpen(AcpiMemory memory, ulong rootPointer, out AcpiTables tables)
    {
        tables = default;
        ReadOnlySpan<byte> bytes = memory.At(rootPointer, RootPointerSize);
        if (bytes.Length < RootPointerSize
            || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != RootPointerSignature
            || bytes[15] < 2
            || !AcpiTable.HasChecksum(bytes.Slice(0, 20))
            || !AcpiTable.HasChecksum(bytes))
        {
            return false;
        }

        ulong root = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(24));
        tables = new AcpiTables(memory, root);
        return AcpiTable.TryTake(memory.At(root, AcpiTable.MaximumSize), out AcpiTable table) && table.Signature == ExtendedRoot;
    }

    /// <summary>How the machine is switched off and reset. False where the table is missing or damaged.</summary>
    public bool TryGetPower(out AcpiPower power)
    {
        power = default;
        return TryFind(FixedDescription, out AcpiTable table) && AcpiPower.TryRead(table, out power);
    }

    /// <summary>The processors and interrupt controllers. False where the table is missing or damaged.</summary>
    public bool TryGetProcessors(out AcpiProcessors processors)
    {
        processors = default;
        return TryFind(MultipleApicDescription, out AcpiTable table) && AcpiProcessors.TryRead(table, out processors);
    }

    private bool TryFind(uint signature, out AcpiTable found)
    {
        found = default;
        if (!AcpiTable.TryTake(memory.At(extendedRoot, AcpiTable.MaximumSize), out AcpiTable root))
        {
            return false;
        }

        for (int offset = AcpiTable.HeaderSize; offset + 8 <= root.Length; offset += 8)
        {
            ReadOnlySpan<byte> bytes = memory.At(root.ReadUInt64(offset), AcpiTable.MaximumSize);
            if (AcpiTable.TryTake(bytes, out found) && found.Signature == signature)
            {
                return true;
            }
        }

        return false;
    }
}
