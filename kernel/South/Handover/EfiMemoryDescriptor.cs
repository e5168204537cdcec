using System.Runtime.InteropServices;

namespace LiteBox.South.Handover;

/// <summary>EFI_MEMORY_TYPE (UEFI 2.10, 7.2.1).</summary>
internal enum EfiMemoryType : uint
{
    Reserved = 0,
    LoaderCode = 1,
    LoaderData = 2,
    BootServicesCode = 3,
    BootServicesData = 4,
    RuntimeServicesCode = 5,
    RuntimeServicesData = 6,
    Conventional = 7,
    Unusable = 8,
    AcpiReclaim = 9,
    AcpiNvs = 10,
    MemoryMappedIo = 11,
    MemoryMappedIoPorts = 12,
    PalCode = 13,
    Persistent = 14,
    Unaccepted = 15,
}

/// <summary>EFI_MEMORY_DESCRIPTOR, version 1 (UEFI 2.10, 7.2.3). Firmware may space descriptors further apart than this size.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct EfiMemoryDescriptor
{
    /// <summary>Bytes that every descriptor has at least.</summary>
    public const int MinimumSize = 40;

    public EfiMemoryType Type;
    public uint Padding;
    public ulong PhysicalStart;
    public ulong VirtualStart;
    public ulong NumberOfPages;
    public ulong Attribute;

    /// <summary>True for what is RAM, whoever uses it.</summary>
    public static bool IsRam(EfiMemoryType type) => IsAcceptedRam(type) || type == EfiMemoryType.Unaccepted;

    /// <summary>True for RAM that can be touched: the boot application's direct map covers it.</summary>
    public static bool IsAcceptedRam(EfiMemoryType type) => type is >= EfiMemoryType.LoaderCode and <= EfiMemoryType.Conventional
        or EfiMemoryType.AcpiReclaim or EfiMemoryType.AcpiNvs;

    /// <summary>True for RAM that is nobody's once boot services have ended, but for what the loader hands over.</summary>
    public static bool IsFreeAfterBoot(EfiMemoryType type) =>
        type is EfiMemoryType.LoaderCode or EfiMemoryType.LoaderData or EfiMemoryType.BootServicesCode
            or EfiMemoryType.BootServicesData or EfiMemoryType.Conventional;
}
