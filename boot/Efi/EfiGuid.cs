using System.Runtime.InteropServices;

namespace LiteBox.Boot.Efi;

/// <summary>EFI_GUID as two words in memory order.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct EfiGuid
{
    private readonly ulong first;
    private readonly ulong second;

    private EfiGuid(uint a, ushort b, ushort c, ulong bigEndianRest)
    {
        first = a | ((ulong)b << 32) | ((ulong)c << 48);
        second = 0;
        for (int shift = 0; shift < 64; shift += 8)
        {
            second = (second << 8) | ((bigEndianRest >> shift) & 0xFF);
        }
    }

    /// <summary>EFI_LOADED_IMAGE_PROTOCOL_GUID (UEFI 2.10, 9.1).</summary>
    public static EfiGuid LoadedImage => new(0x5B1B31A1, 0x9562, 0x11D2, 0x8E3F_00A0C969723B);

    /// <summary>EFI_ACPI_20_TABLE_GUID (UEFI 2.10, 4.6).</summary>
    public static EfiGuid Acpi20 => new(0x8868E871, 0xE4F1, 0x11D3, 0xBC22_0080C73C8881);

    /// <summary>The confidential-computing blob's entry (Linux, include/linux/efi.h, LINUX_EFI_CC_BLOB_GUID; GHCB specification 56421).</summary>
    public static EfiGuid ConfidentialComputingBlob => new(0x067B1F5F, 0xCF26, 0x44C5, 0x8554_93D777912D42);

    /// <summary>See <see cref="EfiMemoryAcceptance"/>.</summary>
    public static EfiGuid MemoryAcceptance => new(0xC5A010FE, 0x38A7, 0x4531, 0x8A4A_0500D2FD1649);

    public bool Is(in EfiGuid other) => first == other.first && second == other.second;
}
