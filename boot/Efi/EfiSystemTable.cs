using System.Runtime.InteropServices;

namespace LiteBox.Boot.Efi;

/// <summary>EFI_TABLE_HEADER (UEFI 2.10, 4.2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct EfiTableHeader
{
    public ulong Signature;
    public uint Revision;
    public uint HeaderSize;
    public uint Crc32;
    public uint Reserved;
}

/// <summary>EFI_CONFIGURATION_TABLE (UEFI 2.10, 4.6).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct EfiConfigurationTable
{
    public EfiGuid VendorGuid;
    public ulong VendorTable;
}

/// <summary>EFI_SIMPLE_TEXT_OUTPUT_PROTOCOL (UEFI 2.10, 12.4), as far as it is used.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct EfiTextOutput
{
    private void* reset;
    public EfiOutputString OutputString;
}

/// <summary>EFI_SYSTEM_TABLE (UEFI 2.10, 4.3).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct EfiSystemTable
{
    /// <summary>"IBI SYST".</summary>
    public const ulong ExpectedSignature = 0x5453_5953_2049_4249;

    public EfiTableHeader Header;
    public char* FirmwareVendor;
    public uint FirmwareRevision;
    public void* ConsoleInHandle;
    public void* ConIn;
    public void* ConsoleOutHandle;
    public EfiTextOutput* ConOut;
    public void* StandardErrorHandle;
    public void* StdErr;
    public void* RuntimeServices;
    public EfiBootServices* BootServices;
    public ulong NumberOfTableEntries;
    public EfiConfigurationTable* ConfigurationTable;
}
