using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using LiteBox.Boot.Efi;
using LiteBox.South.Handover;
using Xunit;

// Firmware's tables are static, as the application's view of them is: one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace LiteBox.Boot.Tests.Simulation;

/// <summary>
/// Firmware with the services that the application uses, over memory at addresses that physical memory could have. Each can be told to lie.
/// </summary>
internal static unsafe class SimulatedFirmware
{
    /// <summary>Where the simulated RAM is; low enough to be a physical address, as host pointers are not.</summary>
    public const ulong RamStart = 0x10_0000_0000;
    public const ulong RamSize = 64 << 20;
    private const int DescriptorSize = 48;

    private static readonly ulong Ram = MapRam();
    private static readonly EfiSystemTable* System = Allocate<EfiSystemTable>();
    private static readonly EfiBootServices* Services = Allocate<EfiBootServices>();
    private static readonly EfiLoadedImage* Loaded = Allocate<EfiLoadedImage>();
    private static readonly EfiTextOutput* Output = Allocate<EfiTextOutput>();
    private static readonly EfiConfigurationTable* Configuration = (EfiConfigurationTable*)NativeMemory.AllocZeroed(2, (nuint)sizeof(EfiConfigurationTable));
    private static readonly EfiMemoryAcceptance* Acceptance = Allocate<EfiMemoryAcceptance>();
    private static readonly StringBuilder Said = new();

    private static ulong next;
    private static ulong mapKey;
    private static int staleKeys;

    /// <summary>What was printed.</summary>
    public static string Console => Said.ToString();

    /// <summary>True once boot services have ended.</summary>
    public static bool HasExited { get; private set; }

    /// <summary>How often the memory map was read.</summary>
    public static int MapReads { get; private set; }

    /// <summary>Further ranges of the memory map, beside RAM.</summary>
    public static List<EfiMemoryDescriptor> ExtraRanges { get; } = [];

    /// <summary>Bytes of memory that there still are.</summary>
    public static ulong MemoryLeft { get; set; }

    /// <summary>What GetMemoryMap claims the distance between descriptors to be; 0: the truth.</summary>
    public static ulong ClaimedDescriptorSize { get; set; }

    /// <summary>True where firmware can leave memory unaccepted.</summary>
    public static bool OffersAcceptance { get; set; }

    /// <summary>How often the application said that its kernel accepts memory.</summary>
    public static int AcceptanceCalls { get; private set; }

    /// <summary>The application's image in memory.</summary>
    public static byte* Image => Loaded->ImageBase;

    /// <summary>A healthy firmware that has loaded this image.</summary>
    public static void Start(byte[] image)
    {
        next = RamStart;
        mapKey = 7;
        staleKeys = 0;
        HasExited = false;
        MapReads = 0;
        MemoryLeft = RamSize;
        ClaimedDescriptorSize = 0;
        OffersAcceptance = false;
        AcceptanceCalls = 0;
        Processor.EncryptionMask = 0;
        ExtraRanges.Clear();
        Said.Clear();
        Processor.HasFiveLevelPaging = false;
        new Span<byte>((void*)Ram, (int)RamSize).Fill(0xA5);
        FillTables();
        ulong address = Take(((ulong)image.Length + 4095) >> 12);
        image.CopyTo(new Span<byte>((void*)address, image.Length));
        Loaded->ImageBase = (byte*)address;
        Loaded->ImageSize = (ulong)image.Length;
        Assert.True(Firmware.TryTake(System, System));
    }

    /// <summary>The next so many attempts to end boot services find that the map has changed.</summary>
    public static void ChangeMapBeforeExit(int times) => staleKeys = times;

    /// <summary>Publishes a configuration table.</summary>
    public static void Publish(int index, EfiGuid guid, ulong table)
    {
        Configuration[index] = new EfiConfigurationTable { VendorGuid = guid, VendorTable = table };
        System->NumberOfTableEntries = Math.Max(System->NumberOfTableEntries, (ulong)index + 1);
    }

    private static void FillTables()
    {
        *System = new EfiSystemTable { BootServices = Services, ConOut = Output, ConfigurationTable = Configuration };
        System->Header.Signature = EfiSystemTable.ExpectedSignature;
        *Services = default;
        Services->Header.Signature = EfiBootServices.ExpectedSignature;
        Services->AllocatePages = &AllocatePages;
        Services->GetMemoryMap = &GetMemoryMap;
        Services->HandleProtocol = &HandleProtocol;
        Services->ExitBootServices = &ExitBootServices;
        Services->SetWatchdogTimer = &SetWatchdogTimer;
        Services->LocateProtocol = &LocateProtocol;
        Acceptance->AllowUnacceptedMemory = &AllowUnacceptedMemory;
        Output->OutputString = &OutputString;
    }

    [UnmanagedCallersOnly]
    private static EfiStatus AllocatePages(EfiAllocateType type, EfiMemoryType memory, ulong pages, ulong* address)
    {
        if (type != EfiAllocateType.AnyPages || memory != EfiMemoryType.LoaderData || pages << 12 > MemoryLeft)
        {
            return EfiStatus.BufferTooSmall;
        }

        MemoryLeft -= pages << 12;
        *address = Take(pages);
        mapKey++;
        return default;
    }

    [UnmanagedCallersOnly]
    private static EfiStatus GetMemoryMap(ulong* size, EfiMemoryDescriptor* map, ulong* key, ulong* descriptorSize, uint* version)
    {
        MapReads++;
        List<EfiMemoryDescriptor> ranges =
        [
            new() { Type = EfiMemoryType.LoaderData, PhysicalStart = RamStart, NumberOfPages = (next - RamStart) >> 12 },
            new() { Type = EfiMemoryType.Conventional, PhysicalStart = next, NumberOfPages = (RamStart + RamSize - next) >> 12 },
            .. ExtraRanges,
        ];
        ulong needed = (ulong)(ranges.Count * DescriptorSize);
        bool fits = *size >= needed;
        for (int i = 0; fits && i < ranges.Count; i++)
        {
            *(EfiMemoryDescriptor*)((byte*)map + (i * DescriptorSize)) = ranges[i];
        }

        *size = needed;
        *key = mapKey;
        *descriptorSize = ClaimedDescriptorSize != 0 ? ClaimedDescriptorSize : DescriptorSize;
        *version = 1;
        return fits ? default : EfiStatus.BufferTooSmall;
    }

    [UnmanagedCallersOnly]
    private static EfiStatus HandleProtocol(void* handle, EfiGuid* guid, void** found)
    {
        *found = Loaded;
        return guid->Is(EfiGuid.LoadedImage) ? default : EfiStatus.LoadError;
    }

    [UnmanagedCallersOnly]
    private static EfiStatus ExitBootServices(void* handle, ulong key)
    {
        if (staleKeys > 0)
        {
            staleKeys--;
            mapKey++;
        }

        HasExited = key == mapKey;
        return HasExited ? default : EfiStatus.InvalidParameter;
    }

    [UnmanagedCallersOnly]
    private static EfiStatus LocateProtocol(EfiGuid* guid, void* registration, void** found)
    {
        *found = OffersAcceptance ? Acceptance : null;
        return OffersAcceptance && guid->Is(EfiGuid.MemoryAcceptance) ? default : EfiStatus.LoadError;
    }

    [UnmanagedCallersOnly]
    private static EfiStatus AllowUnacceptedMemory(EfiMemoryAcceptance* protocol)
    {
        Assert.True(protocol == Acceptance);
        Assert.False(HasExited);
        AcceptanceCalls++;
        return default;
    }

    [UnmanagedCallersOnly]
    private static EfiStatus SetWatchdogTimer(ulong timeout, ulong code, ulong size, char* data) => default;

    [UnmanagedCallersOnly]
    private static EfiStatus OutputString(EfiTextOutput* output, char* text)
    {
        Said.Append(Marshal.PtrToStringUni((nint)text));
        return default;
    }

    private static ulong Take(ulong pages)
    {
        ulong address = next;
        next += pages << 12;
        return address;
    }

    private static T* Allocate<T>()
        where T : unmanaged => (T*)NativeMemory.AllocZeroed((nuint)sizeof(T));

    private static ulong MapRam()
    {
        const int ReadWrite = 3, PrivateAnonymousFixedNoReplace = 0x2 | 0x20 | 0x100000;
        ulong address = Map(RamStart, RamSize, ReadWrite, PrivateAnonymousFixedNoReplace, -1, 0);
        Assert.Equal(RamStart, address);
        return address;
    }

    [DllImport("libc", EntryPoint = "mmap")]
    private static extern ulong Map(ulong address, ulong length, int protection, int flags, int file, long offset);
}
