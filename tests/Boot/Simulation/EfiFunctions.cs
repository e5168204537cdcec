global using unsafe EfiAllocatePages = delegate* unmanaged<
    LiteBox.Boot.Efi.EfiAllocateType, LiteBox.South.Handover.EfiMemoryType, ulong, ulong*, LiteBox.Boot.Efi.EfiStatus>;
global using unsafe EfiAllowUnacceptedMemory = delegate* unmanaged<LiteBox.Boot.Efi.EfiMemoryAcceptance*, LiteBox.Boot.Efi.EfiStatus>;
global using unsafe EfiExitBootServices = delegate* unmanaged<void*, ulong, LiteBox.Boot.Efi.EfiStatus>;
global using unsafe EfiGetMemoryMap = delegate* unmanaged<
    ulong*, LiteBox.South.Handover.EfiMemoryDescriptor*, ulong*, ulong*, uint*, LiteBox.Boot.Efi.EfiStatus>;
global using unsafe EfiHandleProtocol = delegate* unmanaged<
    void*, LiteBox.Boot.Efi.EfiGuid*, void**, LiteBox.Boot.Efi.EfiStatus>;
global using unsafe EfiLocateProtocol = delegate* unmanaged<LiteBox.Boot.Efi.EfiGuid*, void*, void**, LiteBox.Boot.Efi.EfiStatus>;
global using unsafe EfiOutputString = delegate* unmanaged<LiteBox.Boot.Efi.EfiTextOutput*, char*, LiteBox.Boot.Efi.EfiStatus>;
global using unsafe EfiSetWatchdogTimer = delegate* unmanaged<ulong, ulong, ulong, char*, LiteBox.Boot.Efi.EfiStatus>;
