namespace LiteBox.Image.Pe;

/// <summary>Offsets and flags of the Microsoft PE/COFF specification that this library touches.</summary>
internal static class PeLayout
{
    public const int DosHeaderLength = 64;
    public const int DosNewHeader = 0x3C;

    // COFF file header, from the "PE\0\0" signature on.
    public const int Machine = 4;
    public const int SectionCount = 6;
    public const int SymbolTable = 12;
    public const int OptionalHeaderLength = 20;
    public const int OptionalHeader = 24;

    // PE32+ optional header.
    public const int MagicPe32Plus = 0x20B;
    public const int InitializedDataSize = 8;
    public const int EntryPoint = 16;
    public const int SectionAlignment = 32;
    public const int FileAlignment = 36;
    public const int ImageSize = 56;
    public const int HeadersSize = 60;
    public const int Checksum = 64;
    public const int Subsystem = 68;
    public const int DirectoryCount = 108;
    public const int Directories = 112;
    public const int DirectoryEntryLength = 8;
    public const int SecurityDirectory = 4;
    public const int DebugDirectory = 6;

    public const int DebugEntryLength = 28;
    public const int DebugEntryFileOffset = 24;

    // Section header.
    public const int SectionHeaderLength = 40;
    public const int SectionNameLength = 8;
    public const int SectionVirtualSize = 8;
    public const int SectionVirtualAddress = 12;
    public const int SectionFileSize = 16;
    public const int SectionFileOffset = 20;
    public const int SectionCharacteristics = 36;

    // IMAGE_SCN_CNT_INITIALIZED_DATA | IMAGE_SCN_MEM_READ
    public const uint ReadOnlyData = 0x40000040;
}
