using System;
using System.Runtime.InteropServices;
using LiteBox.Boot.Efi;
using LiteBox.South.Handover;

namespace LiteBox.Boot;

/// <summary>
/// The UEFI application: finds the kernel in its own file, puts it into memory, takes the machine over from firmware and enters the kernel
/// (docs/boot.md). Nothing here is collected memory: there is no heap.
/// </summary>
internal static unsafe class Program
{
    /// <summary>The application's entry point (UEFI 2.10, 4.1). Returns to firmware only where something is wrong.</summary>
    // SAFETY: firmware calls with its image handle and system table; both are checked as far as they can be before use.
    [UnmanagedCallersOnly(EntryPoint = "EfiMain")]
    private static EfiStatus EfiMain(void* imageHandle, EfiSystemTable* systemTable)
    {
        ulong timestampAtStart = Processor.Timestamp;
        if (!Firmware.TryTake(imageHandle, systemTable))
        {
            return EfiStatus.InvalidParameter;
        }

        if (!TryPrepare(out Handover handover))
        {
            return EfiStatus.LoadError;
        }

        handover.Information->TimestampAtStart = timestampAtStart;
        if (!Firmware.TryExitBootServices(ref handover.MemoryMap))
        {
            return Failure.Say("Firmware does not end its boot services.");
        }

        // From here on there is no firmware: nothing below can fail.
        handover.Information->MemoryMap = handover.MemoryMap.Range;
        handover.Information->MemoryDescriptorSize = handover.MemoryMap.DescriptorSize;
        handover.Information->TimestampAtExit = Processor.Timestamp;
        handover.EnterKernel();
        return EfiStatus.LoadError;
    }

    /// <summary>Everything that can fail, while firmware is still there. A failure has been reported.</summary>
    internal static bool TryPrepare(out Handover handover)
    {
        handover = default;
        return UnifiedImage.TryFind(out UnifiedImage image)
            && KernelImage.TryLoad(image.Kernel, out KernelImage kernel)
            && Handover.TryBuild(image, kernel, out handover);
    }
}
