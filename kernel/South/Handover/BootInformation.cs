using System.Runtime.InteropServices;

namespace LiteBox.South.Handover;

/// <summary>A range of physical memory, in bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PhysicalRange
{
    /// <summary>Its first byte.</summary>
    public ulong Start;

    /// <summary>How many bytes; 0 where there is nothing.</summary>
    public ulong Length;
}

/// <summary>
/// What the boot loader tells the kernel: the one structure that both know, compiled from this file into both. All addresses are physical.
/// Everything named here lies in memory that firmware was told is the loader's, so that nothing else uses it.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BootInformation
{
    /// <summary>"LiteBoot" as a little-endian number.</summary>
    public const ulong ExpectedMagic = 0x746F_6F42_6574_694C;

    /// <summary>Counts up with every change of this structure or of <see cref="AddressSpaceLayout"/>.</summary>
    public const uint ExpectedVersion = 1;

    /// <summary><see cref="ExpectedMagic"/>.</summary>
    public ulong Magic;

    /// <summary><see cref="ExpectedVersion"/>.</summary>
    public uint Version;

    /// <summary>Bytes of this structure.</summary>
    public uint Size;

    /// <summary>The pages that hold this structure.</summary>
    public PhysicalRange Self;

    /// <summary>The kernel's image: physically contiguous, in the order of its virtual addresses, from <see cref="ImageVirtualStart"/>.</summary>
    public PhysicalRange Image;

    /// <summary>Where <see cref="Image"/> begins in the kernel's address space.</summary>
    public ulong ImageVirtualStart;

    /// <summary>Virtual address where the image's executable segment begins.</summary>
    public ulong CodeStart;

    /// <summary>Virtual address where it ends.</summary>
    public ulong CodeEnd;

    /// <summary>Virtual address where the read-only segment behind it ends: from <see cref="CodeStart"/> to here nothing may be written.</summary>
    public ulong ConstantsEnd;

    /// <summary>The page tables; the first page is the root that CR3 holds.</summary>
    public PhysicalRange PageTables;

    /// <summary>The stack that the kernel starts on, mapped as the first of <see cref="AddressSpaceLayout.Stacks"/>.</summary>
    public PhysicalRange Stack;

    /// <summary>UEFI's memory map as it was when boot services ended.</summary>
    public PhysicalRange MemoryMap;

    /// <summary>Bytes from one descriptor in <see cref="MemoryMap"/> to the next.</summary>
    public ulong MemoryDescriptorSize;

    /// <summary>The measured command line, without a terminating zero.</summary>
    public PhysicalRange CommandLine;

    /// <summary>The initial RAM disk.</summary>
    public PhysicalRange Initrd;

    /// <summary>The kernel's symbol table (docs/boot.md), for stop reports; empty in a release image.</summary>
    public PhysicalRange Symbols;

    /// <summary>ACPI's root pointer as UEFI's configuration table has it, or 0.</summary>
    public ulong AcpiRootPointer;

    /// <summary>The confidential-computing blob as UEFI's configuration table has it, or 0.</summary>
    public ulong ConfidentialComputingBlob;

    /// <summary>The encryption bit in page-table entries as a mask, or 0.</summary>
    public ulong EncryptionMask;

    /// <summary>Bytes of the whole UEFI application in memory.</summary>
    public ulong ApplicationSize;

    /// <summary>The time-stamp counter when the application started.</summary>
    public ulong TimestampAtStart;

    /// <summary>The time-stamp counter when boot services had ended: what comes after it is the kernel's own.</summary>
    public ulong TimestampAtExit;
}
