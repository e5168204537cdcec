namespace LiteBox.Attestation;

/// <summary>Types of the sections that OVMF's SEV metadata lists (edk2, OvmfPkg/ResetVector/X64/OvmfSevMetadata.asm).</summary>
public enum FirmwareSectionType : uint
{
    /// <summary>Memory that must be validated and zero before the firmware runs.</summary>
    SecurityMemory = 1,

    /// <summary>The secrets page.</summary>
    Secrets = 2,

    /// <summary>The CPUID page.</summary>
    Cpuid = 3,

    /// <summary>The calling area of an SVSM.</summary>
    SvsmCallingArea = 4,

    /// <summary>The page with the hashes of kernel, initrd and command line.</summary>
    KernelHashes = 0x10,
}

/// <summary>One section of the metadata.</summary>
/// <param name="Address">Guest physical address, on a page boundary.</param>
/// <param name="Length">Length in bytes, whole pages.</param>
/// <param name="Type">What it is for.</param>
public readonly record struct FirmwareSection(uint Address, uint Length, FirmwareSectionType Type);
