// Firmware's functions as the application calls them: Microsoft's x64 convention, without a word to the collector, of which there is none.
// The tests compile a file of the same names in which stock .NET is told of the call.
global using unsafe EfiAllocatePages = delegate* unmanaged[SuppressGCTransition]<
    LiteBox.Boot.Efi.EfiAllocateType, LiteBox.South.Handover.EfiMemoryType, ulong, ulong*, LiteBox.Boot.Efi.EfiStatus>;
global using unsafe EfiAllowUnacceptedMemory = delegate* unmanaged[SuppressGCTransition]<LiteBox.Boot.Efi.EfiMemoryAcceptance*, LiteBox.Boot.Efi.EfiStatus>;
global using unsafe EfiExitBootServices = delegate* unmanaged[SuppressGCTransition]<void*, ulong, LiteBox.Boot.Efi.EfiStatus>;
global using unsafe EfiGetMemoryMap = delegate* unmanaged[SuppressGCTransition]<
    ulong*, LiteBox.South.Handover.EfiMemoryDescriptor*, ulong*, ulong*, uint*, LiteBox.Boot.Efi.EfiStatus>;
global using unsafe EfiHandleProtocol = delegate* unmanaged[SuppressGCTransition]<
    void*, LiteBox.Boot.Efi.EfiGuid*, void**, LiteBox.Boot.Efi.EfiStatus>;
global using unsafe EfiLocateProtocol = delegate* unmanaged[SuppressGCTransition]<LiteBox.Boot.Efi.EfiGuid*, void*, void**, LiteBox.Boot.Efi.EfiStatus>;
global using unsafe EfiOutputString = delegate* unmanaged[SuppressGCTransition]<LiteBox.Boot.Efi.EfiTextOutput*, char*, LiteBox.Boot.Efi.EfiStatus>;
global using unsafe EfiSetWatchdogTimer = delegate* unmanaged[SuppressGCTransition]<ulong, ulong, ulong, char*, LiteBox.Boot.Efi.EfiStatus>;
