using LiteBox.South.Handover;
using LiteBox.South.Memory;

namespace LiteBox.Boot;

/// <summary>
/// Builds the page tables with which the kernel starts, in one run of pages whose size is known beforehand. Firmware maps all memory at its
/// physical address, so a table is a pointer here.
/// </summary>
internal unsafe struct HandoverTables
{
    private const ulong ReadOnly = PageTableEntry.Present | PageTableEntry.Accessed | PageTableEntry.Global | PageTableEntry.NoExecute;
    private const ulong ReadWrite = ReadOnly | PageTableEntry.Writable | PageTableEntry.Dirty;
    private const ulong ReadExecute = ReadOnly & ~PageTableEntry.NoExecute;

    /// <summary>Tables for the image, the stack, their direct-map aliases and the identity map, generously.</summary>
    private const ulong FixedTables = 40;

    private const int GigabyteShift = 30;

    private PhysicalRange pages;
    private ulong used;

    /// <summary>The tables' pages; the first is the root.</summary>
    public readonly PhysicalRange Pages => pages;

    /// <summary>Takes memory for the tables that this machine needs. A failure has been reported.</summary>
    public static bool TryCreate(in MemoryMap map, ulong applicationSize, out HandoverTables tables)
    {
        tables = default;
        ulong count = FixedTables + (2 * (applicationSize >> GigabyteShift));
        for (ulong i = 0; i < map.Count; i++)
        {
            if (TryGetRam(map, i, out PhysicalRange ram))
            {
                count += (ram.Length >> GigabyteShift) + 2; // page directories; a range can begin and end in the midst of one
            }
        }

        tables.used = 1;
        return Firmware.TryAllocate(count << PageSize.Shift, out tables.pages);
    }

    /// <summary>
    /// All RAM at <see cref="AddressSpaceLayout.DirectMap"/>. What is unaccepted gets its tables and no page: the kernel maps each when it accepts it.
    /// </summary>
    // SAFETY: the index is below the map's count.
    public bool TryMapRam(in MemoryMap map)
    {
        bool success = true;
        for (ulong i = 0; success && i < map.Count; i++)
        {
            if (TryGetRam(map, i, out PhysicalRange ram))
            {
                success = EfiMemoryDescriptor.IsAcceptedRam(map[i]->Type)
                    ? TryMapLarge(AddressSpaceLayout.DirectMap, ram, ReadWrite)
                    : TryPrepare(AddressSpaceLayout.DirectMap, ram);
            }
        }

        return success;
    }

    /// <summary>The kernel where it is linked, each segment as its flags say, and what is not writable there made so in the direct map too.</summary>
    public bool TryMapKernel(in KernelImage kernel)
    {
        for (int i = 0; i < kernel.File.SegmentCount; i++)
        {
            ref ElfSegment segment = ref kernel.File.Segment(i);
            if (segment.IsLoaded && !TryMapSegment(kernel, segment))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The stack that the kernel starts on.</summary>
    public bool TryMapStack(PhysicalRange stack)
    {
        bool success = true;
        for (ulong offset = 0; offset < stack.Length; offset += PageSize.Bytes)
        {
            success = success && TryMapPage(AddressSpaceLayout.Stacks + AddressSpaceLayout.StackOffset + offset, stack.Start + offset, ReadWrite);
        }

        return success;
    }

    /// <summary>This application at its own address, executable and not writable, for the moment of the switch.</summary>
    public bool TryMapApplication(PhysicalRange application) => TryMapLarge(0, application, ReadExecute & ~PageTableEntry.Global);

    /// <summary>Shortens <see cref="Pages"/> to the tables in use.</summary>
    public void Finish() => pages.Length = used << PageSize.Shift;

    /// <summary>What a descriptor of the memory map says is RAM, as far as the kernel can use it.</summary>
    // SAFETY: index is below the map's count.
    private static bool TryGetRam(in MemoryMap map, ulong index, out PhysicalRange ram)
    {
        EfiMemoryDescriptor* descriptor = map[index];
        ram = new PhysicalRange { Start = descriptor->PhysicalStart, Length = descriptor->NumberOfPages << PageSize.Shift };
        return EfiMemoryDescriptor.IsRam(descriptor->Type)
            && descriptor->NumberOfPages <= PhysicalAddress.Limit >> PageSize.Shift
            && (ram.Start & PageSize.Mask) == 0
            && ram.Start <= PhysicalAddress.Limit - ram.Length;
    }

    private bool TryMapSegment(in KernelImage kernel, in ElfSegment segment)
    {
        ulong flags = segment.IsExecutable ? ReadExecute : segment.IsWritable ? ReadWrite : ReadOnly;
        for (ulong offset = 0; offset < segment.MemorySize; offset += PageSize.Bytes)
        {
            ulong address = segment.VirtualAddress + offset;
            ulong physical = kernel.ToPhysical(address);
            ulong alias = segment.IsWritable ? ReadWrite : ReadOnly;
            if (!TryMapPage(address, physical, flags) || !TryMapPage(AddressSpaceLayout.DirectMap + physical, physical, alias))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryMapLarge(ulong offset, PhysicalRange range, ulong flags)
    {
        ulong end = range.Start + range.Length;
        for (ulong physical = range.Start & ~PageSize.LargeMask; physical < end; physical += PageSize.LargeBytes)
        {
            ulong* entry = FindEntry(offset + physical, PageSize.LargeShift);
            if (entry is null)
            {
                return false;
            }

            if (*entry == 0)
            {
                *entry = PageTableEntry.ToPage(new PhysicalAddress(physical), flags | PageTableEntry.Large);
            }
        }

        return true;
    }

    /// <summary>Makes the page directories for a range, whose entries stay empty.</summary>
    private bool TryPrepare(ulong offset, PhysicalRange range)
    {
        const ulong Mask = (1UL << GigabyteShift) - 1;
        bool success = true;
        for (ulong physical = range.Start & ~Mask; success && physical < range.Start + range.Length; physical += Mask + 1)
        {
            success = FindEntry(offset + physical, PageSize.LargeShift) is not null;
        }

        return success;
    }

    private bool TryMapPage(ulong address, ulong physical, ulong flags)
    {
        ulong* entry = FindEntry(address, PageSize.Shift);
        if (entry is not null)
        {
            *entry = PageTableEntry.ToPage(new PhysicalAddress(physical), flags);
        }

        return entry is not null;
    }

    /// <summary>The entry for an address at the level that maps 2^<paramref name="shift"/> bytes; tables on the way are made. Null: no room.</summary>
    // SAFETY: tables lie in our own pages; an index has nine bits.
    private ulong* FindEntry(ulong address, int shift)
    {
        ulong* table = (ulong*)pages.Start;
        for (int level = 39; level > shift; level -= 9)
        {
            ulong* entry = table + ((address >> level) & 511);
            if ((*entry == 0 || (*entry & PageTableEntry.Large) != 0) && !TryInsertTable(entry))
            {
                return null;
            }

            table = (ulong*)PageTableEntry.AddressOf(*entry).Value;
        }

        return table + ((address >> shift) & 511);
    }

    /// <summary>Puts a table under an entry: an empty one, or one that maps what the large page mapped.</summary>
    // SAFETY: as above; the page is fresh and zero.
    private bool TryInsertTable(ulong* entry)
    {
        if (used << PageSize.Shift >= pages.Length)
        {
            return Failure.Is("The page tables are larger than was reckoned.");
        }

        ulong address = pages.Start + (used << PageSize.Shift);
        used++;
        ulong large = *entry;
        for (ulong i = 0; large != 0 && i < 512; i++)
        {
            ((ulong*)address)[i] = (large & ~PageTableEntry.Large) + (i << PageSize.Shift);
        }

        *entry = PageTableEntry.ToTable(new PhysicalAddress(address));
        return true;
    }
}
