using System.Runtime.InteropServices;

namespace LiteBox.Boot.Efi;

/// <summary>EFI_ALLOCATE_TYPE (UEFI 2.10, 7.2.1).</summary>
internal enum EfiAllocateType : uint
{
    AnyPages = 0,
    MaxAddress = 1,
    Address = 2,
}

/// <summary>EFI_BOOT_SERVICES (UEFI 2.10, 4.4), up to the last function that is used.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct EfiBootServices
{
    /// <summary>"BOOTSERV".</summary>
    public const ulong ExpectedSignature = 0x5652_4553_544F_4F42;

    public EfiTableHeader Header;
    private void* raiseTpl;
    private void* restoreTpl;
    public EfiAllocatePages AllocatePages;
    private void* freePages;
    public EfiGetMemoryMap GetMemoryMap;
    private void* allocatePool;
    private void* freePool;
    private void* createEvent;
    private void* setTimer;
    private void* waitForEvent;
    private void* signalEvent;
    private void* closeEvent;
    private void* checkEvent;
    private void* installProtocolInterface;
    private void* reinstallProtocolInterface;
    private void* uninstallProtocolInterface;
    public EfiHandleProtocol HandleProtocol;
    private void* reserved;
    private void* registerProtocolNotify;
    private void* locateHandle;
    private void* locateDevicePath;
    private void* installConfigurationTable;
    private void* loadImage;
    private void* startImage;
    private void* exit;
    private void* unloadImage;
    public EfiExitBootServices ExitBootServices;
    private void* getNextMonotonicCount;
    private void* stall;
    public EfiSetWatchdogTimer SetWatchdogTimer;
    private void* connectController;
    private void* disconnectController;
    private void* openProtocol;
    private void* closeProtocol;
    private void* openProtocolInformation;
    private void* protocolsPerHandle;
    private void* locateHandleBuffer;
    public EfiLocateProtocol LocateProtocol;
}
