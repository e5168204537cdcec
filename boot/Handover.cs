using LiteBox.Boot.Efi;
using LiteBox.South.Handover;
using LiteBox.South.Memory;

namespace LiteBox.Boot;

/// <summary>All that the kernel is given, put together while firmware can still give memory.</summary>
internal unsafe ref struct Handover
{
    /// <summary>What the kernel reads.</summary>
    public BootInformation* Information;

    /// <summary>Pages for firmware's last memory map.</summary>
    public MemoryMap MemoryMap;

    private ulong pageTables;
    private ulong entryPoint;

    /// <summary>Takes memory for the structure, the stack and the page tables, and fills them. A failure has been reported.</summary>
    public static bool TryBuild(scoped in UnifiedImage image, scoped in KernelImage kernel, out Handover handover)
    {
        handover = default;
        if (Processor.HasFiveLevelPaging)
        {
            return Failure.Is("Firmware uses five levels of page tables, the kernel four.");
        }

        PageTableEntry.UseEncryptionMask(Processor.EncryptionMask);
        if (PageTableEntry.EncryptionMask != 0)
        {
            Firmware.AllowUnacceptedMemory(); // on a plain machine the kernel has no way to accept any
        }

        return handover.TryFill(image, kernel) && handover.TryMap(image, kernel);
    }

    /// <summary>Leaves this application for good.</summary>
    // SAFETY: boot services have ended; the tables map this code, the stack and the kernel.
    public readonly void EnterKernel()
    {
        ulong stackTop = AddressSpaceLayout.Stacks + AddressSpaceLayout.StackOffset + AddressSpaceLayout.StackSize;
        Processor.EnterKernel(pageTables | PageTableEntry.EncryptionMask, entryPoint, stackTop, AddressSpaceLayout.DirectMap + (ulong)Information);
    }

    // SAFETY: the pages are fresh and large enough.
    private bool TryFill(scoped in UnifiedImage image, scoped in KernelImage kernel)
    {
        if (!Firmware.TryAllocate((ulong)sizeof(BootInformation), out PhysicalRange self)
            || !Firmware.TryAllocate(AddressSpaceLayout.StackSize, out PhysicalRange stack))
        {
            return false;
        }

        entryPoint = kernel.File.Header->Entry;
        Information = (BootInformation*)self.Start;
        Information->Magic = BootInformation.ExpectedMagic;
        Information->Version = BootInformation.ExpectedVersion;
        Information->Size = (uint)sizeof(BootInformation);
        Information->Self = self;
        Information->Image = kernel.Pages;
        Information->ImageVirtualStart = kernel.VirtualStart;
        Information->CodeStart = kernel.CodeStart;
        Information->CodeEnd = kernel.CodeEnd;
        Information->ConstantsEnd = kernel.ConstantsEnd;
        Information->Stack = stack;
        Information->CommandLine = image.CommandLine;
        Information->Initrd = image.Initrd;
        Information->Symbols = kernel.Symbols;
        Information->AcpiRootPointer = Firmware.FindConfigurationTable(EfiGuid.Acpi20);
        Information->ConfidentialComputingBlob = Firmware.FindConfigurationTable(EfiGuid.ConfidentialComputingBlob);
        Information->EncryptionMask = PageTableEntry.EncryptionMask;
        Information->ApplicationSize = image.Pages.Length;
        return true;
    }

    // SAFETY: Information was allocated by TryFill.
    private bool TryMap(scoped in UnifiedImage image, scoped in KernelImage kernel)
    {
        if (!Firmware.TryReadMemoryMap(out MemoryMap)
            || !HandoverTables.TryCreate(MemoryMap, image.Pages.Length, out HandoverTables tables)
            || !tables.TryMapRam(MemoryMap)
            || !tables.TryMapKernel(kernel)
            || !tables.TryMapStack(Information->Stack)
            || !tables.TryMapApplication(image.Pages))
        {
            return false;
        }

        tables.Finish();
        pageTables = tables.Pages.Start;
        Information->PageTables = tables.Pages;
        return true;
    }
}
