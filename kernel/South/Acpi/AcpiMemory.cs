using System;
using LiteBox.South.Memory;

namespace LiteBox.South.Acpi;

/// <summary>Where ACPI tables stand: physical memory, of which only what the memory map calls RAM may be read.</summary>
internal abstract class AcpiMemory
{
    /// <summary>Up to <paramref name="limit"/> bytes from an address on: as far as it is one range of RAM; empty where it is none.</summary>
    public abstract ReadOnlySpan<byte> At(ulong address, int limit);
}

/// <summary>ACPI tables of the machine, through the direct map.</summary>
internal sealed unsafe class DirectMapAcpiMemory : AcpiMemory
{
    /// <inheritdoc/>
    // SAFETY: the memory map says that this is RAM, so the direct map covers it; firmware's tables are not written any more.
    public override ReadOnlySpan<byte> At(ulong address, int limit)
    {
        ulong available = MemoryIntake.RamFrom(address);
        ulong length = available < (ulong)limit ? available : (ulong)limit;
        return new ReadOnlySpan<byte>((byte*)(PhysicalMemory.Base + address), (int)length);
    }
}
