using LiteBox.Boot.Efi;
using LiteBox.South.Handover;

namespace LiteBox.Boot;

/// <summary>Firmware's memory map in pages of our own.</summary>
internal unsafe struct MemoryMap
{
    /// <summary>Where it stands and how many bytes of it there are.</summary>
    public PhysicalRange Range;

    /// <summary>Bytes from one descriptor to the next.</summary>
    public ulong DescriptorSize;

    /// <summary>Bytes that there is room for.</summary>
    public ulong Capacity;

    public readonly ulong Count => Range.Length / DescriptorSize;

    // SAFETY: index is below Count, and the pages are ours.
    public readonly EfiMemoryDescriptor* this[ulong index] => (EfiMemoryDescriptor*)(Range.Start + (index * DescriptorSize));
}

/// <summary>The services of UEFI firmware, with every answer checked.</summary>
internal static unsafe class Firmware
{
    /// <summary>Room for descriptors that appear between two looks at the memory map.</summary>
    private const ulong MemoryMapSlack = 4096;

    /// <summary>More than any firmware's map; a larger answer is a lie.</summary>
    private const ulong MaximumMemoryMap = 1 << 20;

    /// <summary>Entries of the configuration table that are looked at.</summary>
    private const ulong MaximumConfigurationTables = 256;

    /// <summary>How often a changed map key is worth another attempt (UEFI 2.10, 7.4.6: asks for one).</summary>
    private const int ExitAttempts = 8;

    private static void* image;
    private static EfiSystemTable* system;
    private static EfiBootServices* services;

    /// <summary>Firmware's console, or null.</summary>
    public static EfiTextOutput* Console => system->ConOut;

    /// <summary>Remembers the system table, if it is one.</summary>
    // SAFETY: the pointers are firmware's; signatures are looked at before anything else is.
    public static bool TryTake(void* imageHandle, EfiSystemTable* systemTable)
    {
        if (systemTable is null || systemTable->Header.Signature != EfiSystemTable.ExpectedSignature)
        {
            return false;
        }

        image = imageHandle;
        system = systemTable;
        services = systemTable->BootServices;
        if (services is null || services->Header.Signature != EfiBootServices.ExpectedSignature)
        {
            return Failure.Is("Firmware offers no boot services.");
        }

        services->SetWatchdogTimer(0, 0, 0, null); // it would reset the machine five minutes after the application's start
        return true;
    }

    /// <summary>Our own image as firmware loaded it.</summary>
    // SAFETY: HandleProtocol fills the pointer where it reports success.
    public static bool TryGetLoadedImage(out EfiLoadedImage* loaded)
    {
        EfiGuid guid = EfiGuid.LoadedImage;
        void* found = null;
        bool success = services->HandleProtocol(image, &guid, &found).IsSuccess && found is not null;
        loaded = (EfiLoadedImage*)found;
        return success && loaded->ImageBase is not null;
    }

    /// <summary>The table that firmware publishes under a name, or 0.</summary>
    // SAFETY: the array and its count are firmware's; the count is bounded.
    public static ulong FindConfigurationTable(EfiGuid guid)
    {
        if (system->ConfigurationTable is null || system->NumberOfTableEntries > MaximumConfigurationTables)
        {
            return 0;
        }

        for (ulong i = 0; i < system->NumberOfTableEntries; i++)
        {
            if (system->ConfigurationTable[i].VendorGuid.Is(guid))
            {
                return system->ConfigurationTable[i].VendorTable;
            }
        }

        return 0;
    }

    /// <summary>
    /// Tells firmware to leave memory unaccepted when boot services end, where it offers that (an SNP guest's does): the kernel accepts it as it goes. Firmware that
    /// offers nothing has accepted everything.
    /// </summary>
    // SAFETY: LocateProtocol fills the pointer where it reports success.
    public static void AllowUnacceptedMemory()
    {
        EfiGuid guid = EfiGuid.MemoryAcceptance;
        void* found = null;
        if (services->LocateProtocol(&guid, null, &found).IsSuccess && found is not null)
        {
            EfiMemoryAcceptance* protocol = (EfiMemoryAcceptance*)found;
            protocol->AllowUnacceptedMemory(protocol);
        }
    }

    /// <summary>Pages of ours, filled with zeros, that stay ours when boot services end. A failure has been reported.</summary>
    // SAFETY: AllocatePages gives pages that nobody else uses and that firmware maps at their physical address.
    public static bool TryAllocate(ulong bytes, out PhysicalRange range)
    {
        ulong pages = (bytes + 0xFFF) >> 12;
        ulong address = 0;
        range = default;
        if (pages == 0 || !services->AllocatePages(EfiAllocateType.AnyPages, EfiMemoryType.LoaderData, pages, &address).IsSuccess)
        {
            return Failure.Is("There is not enough memory.");
        }

        range.Start = address;
        range.Length = pages << 12;
        Memory.Clear((byte*)address, range.Length);
        return true;
    }

    /// <summary>Reads the memory map into pages of our own, with room to read it again. A failure has been reported.</summary>
    // SAFETY: the buffer has the size that firmware is told.
    public static bool TryReadMemoryMap(out MemoryMap map)
    {
        map = default;
        ulong size = 0, key = 0, descriptorSize = 0;
        uint version = 0;
        services->GetMemoryMap(&size, null, &key, &descriptorSize, &version); // too small a buffer: tells the size
        if (size == 0 || size > MaximumMemoryMap || !TryAllocate(size + MemoryMapSlack, out map.Range))
        {
            return Failure.Is("Firmware's memory map cannot be had.");
        }

        map.Capacity = map.Range.Length;
        return TryReadMemoryMap(ref map, out _) || Failure.Is("Firmware's memory map is not as UEFI describes it.");
    }

    /// <summary>Ends firmware's services. Afterwards only memory is left, and the map says which.</summary>
    // SAFETY: between GetMemoryMap and ExitBootServices nothing else is called, and nothing at all after a success.
    public static bool TryExitBootServices(ref MemoryMap map)
    {
        for (int attempt = 0; attempt < ExitAttempts; attempt++)
        {
            if (!TryReadMemoryMap(ref map, out ulong key))
            {
                return false;
            }

            EfiStatus status = services->ExitBootServices(image, key);
            if (status.IsSuccess)
            {
                return true;
            }

            if (!status.Is(EfiStatus.InvalidParameter))
            {
                return false;
            }
        }

        return false;
    }

    // SAFETY: as above; what firmware says about the size of its answer is checked before it is used.
    private static bool TryReadMemoryMap(ref MemoryMap map, out ulong key)
    {
        ulong size = map.Capacity, mapKey = 0, descriptorSize = 0;
        uint version = 0;
        EfiStatus status = services->GetMemoryMap(&size, (EfiMemoryDescriptor*)map.Range.Start, &mapKey, &descriptorSize, &version);
        map.Range.Length = size;
        map.DescriptorSize = descriptorSize;
        key = mapKey;
        return status.IsSuccess
            && size <= map.Capacity
            && descriptorSize is >= EfiMemoryDescriptor.MinimumSize and <= 4096
            && size % descriptorSize == 0;
    }
}
