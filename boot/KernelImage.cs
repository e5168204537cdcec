using LiteBox.South.Handover;

namespace LiteBox.Boot;

/// <summary>The kernel in memory: its segments in fresh pages, physically contiguous, in the order of their virtual addresses.</summary>
internal unsafe ref struct KernelImage
{
    /// <summary>Larger than any kernel of ours.</summary>
    private const ulong MaximumSize = 32 << 20;

    private const ulong PageMask = 4095;

    /// <summary>The file that it was loaded from.</summary>
    public ElfFile File;

    /// <summary>The pages it was loaded into.</summary>
    public PhysicalRange Pages;

    /// <summary>Virtual address of the first page.</summary>
    public ulong VirtualStart;

    /// <summary>Virtual addresses where the executable segment begins and ends.</summary>
    public ulong CodeStart;
    public ulong CodeEnd;

    /// <summary>Virtual address where the read-only segment behind it ends.</summary>
    public ulong ConstantsEnd;

    /// <summary>The symbol table, within the file; empty where it has none.</summary>
    public PhysicalRange Symbols;

    /// <summary>Loads the kernel. A failure has been reported.</summary>
    // SAFETY: the range is a section of our own image.
    public static bool TryLoad(PhysicalRange file, out KernelImage kernel)
    {
        kernel = default;
        kernel.File = new ElfFile((byte*)file.Start, file.Length);
        if (!kernel.File.IsValid || !kernel.TryMeasure(out ulong end))
        {
            return Failure.Is("The kernel is not an ELF file that can be loaded.");
        }

        if (!Firmware.TryAllocate(end - kernel.VirtualStart, out kernel.Pages))
        {
            return false;
        }

        kernel.CopySegments();
        kernel.FindSymbols();
        return true;
    }

    /// <summary>Physical address of a virtual address within the image.</summary>
    public readonly ulong ToPhysical(ulong address) => Pages.Start + (address - VirtualStart);

    /// <summary>Checks all segments: ascending, apart by pages, at kernel addresses, never writable and executable at once.</summary>
    private bool TryMeasure(out ulong end)
    {
        end = 0;
        for (int i = 0; i < File.SegmentCount; i++)
        {
            ref ElfSegment segment = ref File.Segment(i);
            if (!segment.IsLoaded)
            {
                continue;
            }

            if ((segment.VirtualAddress & PageMask) != 0 || segment.VirtualAddress < AddressSpaceLayout.Image || segment.VirtualAddress < end
                || segment.MemorySize > MaximumSize || segment.FileSize > segment.MemorySize
                || !File.Contains(segment.Offset, segment.FileSize) || (segment.IsWritable && segment.IsExecutable))
            {
                return false;
            }

            VirtualStart = end == 0 ? segment.VirtualAddress : VirtualStart;
            end = (segment.VirtualAddress + segment.MemorySize + PageMask) & ~PageMask;
            if (end <= segment.VirtualAddress || end - VirtualStart > MaximumSize)
            {
                return false;
            }

            NoteProtection(segment, end);
        }

        return end != 0 && File.Header->Entry >= VirtualStart && File.Header->Entry < end;
    }

    private void NoteProtection(in ElfSegment segment, ulong end)
    {
        if (segment.IsExecutable)
        {
            CodeStart = segment.VirtualAddress;
            CodeEnd = end;
        }

        ConstantsEnd = segment.IsWritable ? ConstantsEnd : end;
    }

    // SAFETY: TryMeasure has checked every segment against the file and the pages; the pages are zero already.
    private void CopySegments()
    {
        for (int i = 0; i < File.SegmentCount; i++)
        {
            ref ElfSegment segment = ref File.Segment(i);
            if (segment.IsLoaded)
            {
                Memory.Copy((byte*)ToPhysical(segment.VirtualAddress), File.At(segment.Offset), segment.FileSize);
            }
        }
    }

    // SAFETY: only an address is taken.
    private void FindSymbols()
    {
        if (File.TryFindSection(".symbols", out byte* contents, out ulong size))
        {
            Symbols = new PhysicalRange { Start = (ulong)contents, Length = size };
        }
    }
}
