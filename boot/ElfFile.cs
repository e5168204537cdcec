using System.Runtime.InteropServices;

namespace LiteBox.Boot;

/// <summary>Elf64_Ehdr (ELF-64 object file format, version 1.5).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ElfHeader
{
    /// <summary>The first word of e_ident: magic, 64-bit, little-endian, version 1, System V ABI.</summary>
    public const ulong ExpectedIdentity = 0x0001_0102_464C_457F;

    public const ushort ExpectedTypeExecutable = 2;
    public const ushort ExpectedMachineX64 = 62;

    public ulong Identity;
    public ulong IdentityPadding;
    public ushort Type;
    public ushort Machine;
    public uint Version;
    public ulong Entry;
    public ulong ProgramHeaders;
    public ulong SectionHeaders;
    public uint Flags;
    public ushort HeaderSize;
    public ushort ProgramHeaderSize;
    public ushort ProgramHeaderCount;
    public ushort SectionHeaderSize;
    public ushort SectionHeaderCount;
    public ushort SectionNames;
}

/// <summary>Elf64_Phdr.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ElfSegment
{
    public const uint TypeLoad = 1;
    public const uint FlagExecute = 1;
    public const uint FlagWrite = 2;

    public uint Type;
    public uint Flags;
    public ulong Offset;
    public ulong VirtualAddress;
    public ulong PhysicalAddress;
    public ulong FileSize;
    public ulong MemorySize;
    public ulong Alignment;

    public readonly bool IsLoaded => Type == TypeLoad && MemorySize != 0;

    public readonly bool IsExecutable => (Flags & FlagExecute) != 0;

    public readonly bool IsWritable => (Flags & FlagWrite) != 0;
}

/// <summary>Elf64_Shdr.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ElfSection
{
    public uint Name;
    public uint Type;
    public ulong Flags;
    public ulong Address;
    public ulong Offset;
    public ulong Size;
    public uint Link;
    public uint Information;
    public ulong Alignment;
    public ulong EntrySize;
}

/// <summary>An ELF file in memory. It is our own, measured with the rest of the image; the checks find a damaged build, not an attacker.</summary>
internal readonly unsafe struct ElfFile
{
    private readonly byte* start;
    private readonly ulong length;

    // SAFETY: the caller's range is memory that stays; it is read only through checked offsets.
    public ElfFile(byte* start, ulong length)
    {
        this.start = start;
        this.length = length;
    }

    public ElfHeader* Header => (ElfHeader*)start;

    /// <summary>True where the header is that of an x86-64 executable and the segment headers lie within the file.</summary>
    // SAFETY: the length is looked at first.
    public bool IsValid =>
        length >= (ulong)sizeof(ElfHeader)
        && Header->Identity == ElfHeader.ExpectedIdentity
        && Header->Type == ElfHeader.ExpectedTypeExecutable
        && Header->Machine == ElfHeader.ExpectedMachineX64
        && Header->ProgramHeaderSize == sizeof(ElfSegment)
        && Contains(Header->ProgramHeaders, (ulong)Header->ProgramHeaderCount * (ulong)sizeof(ElfSegment));

    public int SegmentCount => Header->ProgramHeaderCount;

    // SAFETY: IsValid has checked the table; index is below SegmentCount.
    public ref ElfSegment Segment(int index) => ref ((ElfSegment*)(start + Header->ProgramHeaders))[index];

    /// <summary>The bytes at an offset of the file.</summary>
    // SAFETY: the caller has asked Contains.
    public byte* At(ulong offset) => start + offset;

    /// <summary>True where the range lies within the file.</summary>
    public bool Contains(ulong offset, ulong size) => size <= length && offset <= length - size;

    /// <summary>Looks for a section by name. False where there is none or where the section table is not well formed.</summary>
    // SAFETY: each header, name and range is checked against the file's length.
    public bool TryFindSection(string name, out byte* contents, out ulong size)
    {
        contents = null;
        size = 0;
        ulong count = Header->SectionHeaderCount;
        if (Header->SectionHeaderSize != sizeof(ElfSection) || Header->SectionNames >= count
            || !Contains(Header->SectionHeaders, count * (ulong)sizeof(ElfSection)))
        {
            return false;
        }

        ElfSection* sections = (ElfSection*)(start + Header->SectionHeaders);
        ElfSection* names = sections + Header->SectionNames;
        for (ulong i = 0; i < count; i++)
        {
            ElfSection* section = sections + i;
            if (NameIs(names, section->Name, name) && Contains(section->Offset, section->Size))
            {
                contents = start + section->Offset;
                size = section->Size;
                return true;
            }
        }

        return false;
    }

    // SAFETY: the name with its terminating zero is within the names' section, which is within the file.
    private bool NameIs(ElfSection* names, uint offset, string name)
    {
        ulong needed = (ulong)name.Length + 1;
        if (!Contains(names->Offset, names->Size) || needed > names->Size || offset > names->Size - needed)
        {
            return false;
        }

        byte* candidate = start + names->Offset + offset;
        for (int i = 0; i < name.Length; i++)
        {
            if (candidate[i] != name[i])
            {
                return false;
            }
        }

        return candidate[name.Length] == 0;
    }
}
