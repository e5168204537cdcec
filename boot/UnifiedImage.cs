using LiteBox.Boot.Efi;
using LiteBox.South.Handover;

namespace LiteBox.Boot;

/// <summary>
/// Our own file in memory: a unified kernel image (UAPI Group, "Unified Kernel Image"), whose PE sections .linux, .cmdline and .initrd are
/// the kernel and what it needs. They are covered by the measurement and the signature of the file; load options are not, and are ignored.
/// </summary>
internal unsafe ref struct UnifiedImage
{
    /// <summary>The kernel as an ELF file.</summary>
    public PhysicalRange Kernel;

    /// <summary>The command line.</summary>
    public PhysicalRange CommandLine;

    /// <summary>The initial RAM disk; may be empty.</summary>
    public PhysicalRange Initrd;

    /// <summary>The image as firmware loaded it.</summary>
    public PhysicalRange Pages;

    // Offsets and sizes of the PE format (Microsoft, "PE Format": MS-DOS stub, COFF file header, section table).
    private const uint NewHeaderOffset = 0x3C;
    private const uint PeSignature = 0x0000_4550;
    private const uint NumberOfSections = 6;
    private const uint SizeOfOptionalHeader = 20;
    private const uint CoffHeaderEnd = 24;
    private const uint SectionHeaderSize = 40;
    private const uint MaximumSections = 96;

    /// <summary>Looks through the section table of the image that firmware loaded. A failure has been reported.</summary>
    // SAFETY: firmware loaded ImageSize bytes at ImageBase; every offset is checked against that.
    public static bool TryFind(out UnifiedImage image)
    {
        image = default;
        if (!Firmware.TryGetLoadedImage(out EfiLoadedImage* loaded))
        {
            return Failure.Is("Firmware does not say where the image is.");
        }

        byte* start = loaded->ImageBase;
        image.Pages = new PhysicalRange { Start = (ulong)start, Length = loaded->ImageSize };
        uint header = *(uint*)(start + NewHeaderOffset);
        if (image.Pages.Length < 4096 || header > 4096 - 512 || *(uint*)(start + header) != PeSignature)
        {
            return Failure.Is("The image has no PE header.");
        }

        ulong sections = *(ushort*)(start + header + NumberOfSections);
        ulong table = header + CoffHeaderEnd + *(ushort*)(start + header + SizeOfOptionalHeader);
        if (sections > MaximumSections || table + (sections * SectionHeaderSize) > image.Pages.Length)
        {
            return Failure.Is("The image's section table is damaged.");
        }

        for (ulong i = 0; i < sections; i++)
        {
            if (!image.TryTake(start, start + table + (i * SectionHeaderSize)))
            {
                return Failure.Is("A section lies outside the image.");
            }
        }

        return image.Kernel.Length != 0 || Failure.Is("There is no kernel in the image (section .linux).");
    }

    // SAFETY: the section header lies within the image.
    private bool TryTake(byte* start, byte* section)
    {
        ulong name = *(ulong*)section;
        uint size = *(uint*)(section + 8);
        uint address = *(uint*)(section + 12);
        PhysicalRange range = new() { Start = (ulong)start + address, Length = size };
        if (size > Pages.Length || address > Pages.Length - size)
        {
            return false;
        }

        switch (name)
        {
            case 0x0000_7875_6E69_6C2E: // ".linux"
                Kernel = range;
                break;
            case 0x656E_696C_646D_632E: // ".cmdline"
                CommandLine = range;
                break;
            case 0x0064_7274_696E_692E: // ".initrd"
                Initrd = range;
                break;
        }

        return true;
    }
}
