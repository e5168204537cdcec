using System.Runtime.InteropServices;
using LiteBox.South.Handover;

namespace LiteBox.South.Memory;

/// <summary>One range of firmware's memory map, in frames.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MemoryRange
{
    /// <summary>Its first frame.</summary>
    public ulong Start;

    /// <summary>One past its last frame.</summary>
    public ulong End;

    /// <summary>What firmware says it is.</summary>
    public EfiMemoryType Type;

    private uint padding;

    public readonly bool Contains(ulong start, ulong end) => Start <= start && end <= End;
}

/// <summary>
/// Firmware's memory map once it has been checked: sorted, without overlaps, within the processor's physical addresses (hardening rule T26).
/// The map comes from outside; a map that breaks a rule is refused whole, because nothing in it can be believed then.
/// </summary>
internal readonly unsafe struct FirmwareMemoryMap
{
    /// <summary>More than any firmware has.</summary>
    private const ulong MaximumCount = 2048;

    /// <summary>From the I/O APIC to 4 GiB there are interrupt controllers and firmware's ROM on every PC, and never RAM.</summary>
    private const ulong DevicesStart = 0xFEC0_0000;

    private const ulong DevicesEnd = 1UL << 32;

    private readonly MemoryRange* ranges;

    private FirmwareMemoryMap(MemoryRange* ranges, int count)
    {
        this.ranges = ranges;
        Count = count;
    }

    /// <summary>Ranges in the map.</summary>
    public int Count { get; }

    /// <summary>The ranges, from the lowest upwards.</summary>
    // SAFETY: the index is checked; the memory is the kernel's.
    public ref MemoryRange this[int index]
    {
        get
        {
            if ((uint)index >= (uint)Count)
            {
                Invariant.Broken("There is no such range in the memory map.");
            }

            return ref ranges[index];
        }
    }

    /// <summary>
    /// Checks a map of <paramref name="length"/> bytes and rewrites it in place. Null, or what is wrong with it.
    /// Memory at and above <see cref="PhysicalAddress.Limit"/> is left out: this kernel has no names for it.
    /// </summary>
    // SAFETY: the caller owns the bytes. A range is smaller than a descriptor, so the rewriting never overtakes the reading.
    public static string? TryTake(byte* descriptors, ulong length, ulong descriptorSize, int physicalBits, out FirmwareMemoryMap map)
    {
        map = default;
        if (descriptorSize < EfiMemoryDescriptor.MinimumSize || descriptorSize % 8 != 0 || length % descriptorSize != 0
            || length / descriptorSize is 0 or > MaximumCount)
        {
            return "The memory map's size makes no sense.";
        }

        MemoryRange* ranges = (MemoryRange*)descriptors;
        int count = 0;
        for (ulong offset = 0; offset < length; offset += descriptorSize)
        {
            EfiMemoryDescriptor descriptor = *(EfiMemoryDescriptor*)(descriptors + offset);
            string? problem = Check(descriptor, physicalBits, out MemoryRange range);
            if (problem is not null)
            {
                return problem;
            }

            if (range.Start < range.End)
            {
                Insert(ranges, count++, range);
            }
        }

        for (int i = 1; i < count; i++)
        {
            if (ranges[i].Start < ranges[i - 1].End)
            {
                return "Ranges of the memory map overlap.";
            }
        }

        map = new FirmwareMemoryMap(ranges, count);
        return null;
    }

    /// <summary>True where one range of memory that was the loader's holds all these frames.</summary>
    public bool IsLoaders(ulong start, ulong end)
    {
        for (int i = 0; i < Count; i++)
        {
            if (ranges[i].Contains(start, end))
            {
                return start < end && ranges[i].Type is EfiMemoryType.LoaderCode or EfiMemoryType.LoaderData;
            }
        }

        return false;
    }

    private static string? Check(in EfiMemoryDescriptor descriptor, int physicalBits, out MemoryRange range)
    {
        range = default;
        ulong frames = 1UL << (physicalBits - PageSize.Shift);
        ulong start = descriptor.PhysicalStart >> PageSize.Shift;
        if ((descriptor.PhysicalStart & PageSize.Mask) != 0)
        {
            return "A range of the memory map is not page-aligned.";
        }

        if (start > frames || descriptor.NumberOfPages > frames - start)
        {
            return "A range of the memory map lies beyond the processor's physical addresses.";
        }

        if (EfiMemoryDescriptor.IsRam(descriptor.Type)
            && descriptor.PhysicalStart < DevicesEnd && start + descriptor.NumberOfPages > DevicesStart >> PageSize.Shift)
        {
            return "The memory map has RAM where the interrupt controllers and firmware's ROM are.";
        }

        const ulong Limit = PhysicalAddress.Limit >> PageSize.Shift;
        ulong end = start + descriptor.NumberOfPages;
        range.Start = start;
        range.End = end < Limit ? end : Limit;
        range.Type = descriptor.Type;
        return null;
    }

    // SAFETY: there is room for count + 1 ranges; see TryTake.
    private static void Insert(MemoryRange* ranges, int count, in MemoryRange range)
    {
        int place = count;
        for (; place > 0 && ranges[place - 1].Start > range.Start; place--)
        {
            ranges[place] = ranges[place - 1];
        }

        ranges[place] = range;
    }
}
