using System.Runtime.InteropServices;

namespace LiteBox.Boot.Efi;

/// <summary>EFI_LOADED_IMAGE_PROTOCOL (UEFI 2.10, 9.1).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct EfiLoadedImage
{
    public uint Revision;
    public void* ParentHandle;
    public void* SystemTable;
    public void* DeviceHandle;
    public void* FilePath;
    public void* Reserved;
    public uint LoadOptionsSize;
    public void* LoadOptions;
    public byte* ImageBase;
    public ulong ImageSize;
}
