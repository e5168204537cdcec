using System;
using System.Buffers.Binary;
using LiteBox.Abi;
using LiteBox.Platform;

namespace LiteBox.North.Programs;

/// <summary>A part of an ELF file that becomes memory (PT_LOAD; System V ABI, "Program Header").</summary>
internal readonly struct ElfSegment
{
    public ElfSegment(ulong fileOffset, ulong address, ulong fileSize, ulong memorySize, PageProtection protection)
    {
        FileOffset = fileOffset;
        Address = address;
        FileSize = fileSize;
        MemorySize = memorySize;
        Protection = protection;
    }

    /// <summary>p_offset.</summary>
    public ulong FileOffset { get; }

    /// <summary>p_vaddr.</summary>
    public ulong Address { get; }

    /// <summary>p_filesz.</summary>
    public ulong FileSize { get; }

    /// <summary>p_memsz.</summary>
    public ulong MemorySize { get; }

    /// <summary>p_flags.</summary>
    public PageProtection Protection { get; }

    /// <summary>One past the last byte in memory.</summary>
    public ulong End => Address + MemorySize;

    /// <summary>One past the last byte that comes from the file.</summary>
    public ulong FileEnd => Address + FileSize;
}

/// <summary>
/// What the headers of an ELF64 file for x86-64 say, checked: whatever bytes stand in the file, the segments of a parsed one lie in the user half,
/// ascend, do not overlap and do not wrap (T68).
/// </summary>
internal sealed class ElfFile
{
    /// <summary>Bytes of the file header.</summary>
    public const int HeaderSize = 64;

    /// <summary>Bytes of a program header.</summary>
    public const int ProgramHeaderSize = 56;

    /// <summary>The most program headers taken: Linux takes what fits 64 KiB, real files have about a dozen.</summary>
    public const int MaximumProgramHeaders = 128;

    private const ushort TypeExecutable = 2;
    private const ushort TypeShared = 3;
    private const ushort MachineX8664 = 62;
    private const uint SegmentLoad = 1;
    private const uint SegmentInterpreter = 3;
    private const uint SegmentGnuStack = 0x6474E551;
    private const int MaximumInterpreterPath = 4096;

    private readonly ElfSegment[] segments;

    private ElfFile(in ElfHeader header, ElfSegment[] segments)
    {
        this.segments = segments;
        IsPositionIndependent = header.Type == TypeShared;
        Entry = header.Entry;
        ProgramHeaderCount = header.ProgramHeaderCount;
    }

    /// <summary>True for a file that can be loaded anywhere (ET_DYN).</summary>
    public bool IsPositionIndependent { get; }

    /// <summary>e_entry, before the load bias.</summary>
    public ulong Entry { get; }

    /// <summary>e_phnum.</summary>
    public int ProgramHeaderCount { get; }

    /// <summary>The segments to load, ascending; at least one.</summary>
    public ReadOnlySpan<ElfSegment> Segments => segments;

    /// <summary>Where the program headers are in memory, before the load bias; 0 where no segment holds them.</summary>
    public ulong ProgramHeaderAddress { get; private init; }

    /// <summary>Where the interpreter's path stands in the file; its length is 0 where there is no PT_INTERP.</summary>
    public ulong InterpreterOffset { get; private init; }

    /// <summary>Bytes of the interpreter's path with its zero.</summary>
    public int InterpreterLength { get; private init; }

    /// <summary>True where PT_GNU_STACK asks for an executable stack.</summary>
    public bool HasExecutableStack { get; private init; }

    /// <summary>The largest alignment that a segment asks for, a power of two of at least a page.</summary>
    public ulong Alignment { get; private init; }

    /// <summary>The first page of the first segment.</summary>
    public ulong LowestAddress => segments[0].Address & ~(ulong)(UserAddress.PageSize - 1);

    /// <summary>One past the last byte of the last segment.</summary>
    public ulong HighestAddress => segments[^1].End;

    /// <summary>True where the bytes begin as an ELF file does.</summary>
    public static bool HasMagic(ReadOnlySpan<byte> start) => start.Length >= 4 && start.StartsWith("\u007fELF"u8);

    /// <summary>Parses the file header. ENOEXEC: not an ELF file that this machine runs.</summary>
    public static Errno ParseHeader(ReadOnlySpan<byte> bytes, out ElfHeader header)
    {
        header = default;
        if (bytes.Length < HeaderSize || !HasMagic(bytes) || bytes[4] != 2 || bytes[5] != 1)
        {
            return Errno.ENOEXEC; // 64-bit, little-endian
        }

        header = new ElfHeader(
            BinaryPrimitives.ReadUInt16LittleEndian(bytes.Slice(16)),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(24)),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(32)),
            BinaryPrimitives.ReadUInt16LittleEndian(bytes.Slice(56)));
        bool isKnown = header.Type is TypeExecutable or TypeShared
            && BinaryPrimitives.ReadUInt16LittleEndian(bytes.Slice(18)) == MachineX8664
            && BinaryPrimitives.ReadUInt16LittleEndian(bytes.Slice(54)) == ProgramHeaderSize
            && header.ProgramHeaderCount is > 0 and <= MaximumProgramHeaders
            && header.ProgramHeaderOffset <= long.MaxValue - (MaximumProgramHeaders * ProgramHeaderSize);
        return isKnown ? Errno.None : Errno.ENOEXEC;
    }

    /// <summary>Parses the program headers that <paramref name="header"/> announced. ENOEXEC or EINVAL: not loadable.</summary>
    public static Errno Parse(in ElfHeader header, ReadOnlySpan<byte> programHeaders, out ElfFile? file)
    {
        file = null;
        int count = header.ProgramHeaderCount;
        if (programHeaders.Length < count * ProgramHeaderSize)
        {
            return Errno.ENOEXEC;
        }

        var segments = new ElfSegment[CountLoad(programHeaders, count)];
        int loaded = 0;
        ulong alignment = UserAddress.PageSize;
        ulong headerAddress = 0;
        ulong interpreterOffset = 0;
        ulong interpreterLength = 0;
        bool hasExecutableStack = false;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> bytes = programHeaders.Slice(i * ProgramHeaderSize, ProgramHeaderSize);
            uint type = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            uint flags = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(4));
            ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(8));
            ulong fileSize = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(32));
            switch (type)
            {
                case SegmentGnuStack:
                    hasExecutableStack = (flags & 1) != 0;
                    break;

                case SegmentInterpreter when interpreterLength == 0:
                    interpreterOffset = offset;
                    interpreterLength = fileSize;
                    if (fileSize is < 2 or > MaximumInterpreterPath || offset > long.MaxValue - fileSize)
                    {
                        return Errno.ENOEXEC;
                    }

                    break;

                case SegmentLoad:
                    ElfSegment segment = ParseSegment(bytes, flags, offset, fileSize);
                    if (!IsLoadable(segment) || (loaded > 0 && segment.Address < segments[loaded - 1].End))
                    {
                        return Errno.EINVAL;
                    }

                    if (header.ProgramHeaderOffset >= offset && header.ProgramHeaderOffset - offset < fileSize)
                    {
                        headerAddress = header.ProgramHeaderOffset - offset + segment.Address;
                    }

                    ulong wanted = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(48));
                    alignment = wanted > alignment && (wanted & (wanted - 1)) == 0 ? wanted : alignment;
                    segments[loaded++] = segment;
                    break;
            }
        }

        if (loaded == 0 || alignment > UserAddress.Limit / 4)
        {
            return Errno.ENOEXEC;
        }

        file = new ElfFile(header, segments)
        {
            ProgramHeaderAddress = headerAddress,
            InterpreterOffset = interpreterOffset,
            InterpreterLength = (int)interpreterLength,
            HasExecutableStack = hasExecutableStack,
            Alignment = alignment,
        };
        return Errno.None;
    }

    private static int CountLoad(ReadOnlySpan<byte> programHeaders, int count)
    {
        int load = 0;
        for (int i = 0; i < count; i++)
        {
            load += BinaryPrimitives.ReadUInt32LittleEndian(programHeaders.Slice(i * ProgramHeaderSize)) == SegmentLoad ? 1 : 0;
        }

        return load;
    }

    private static ElfSegment ParseSegment(ReadOnlySpan<byte> bytes, uint flags, ulong offset, ulong fileSize)
    {
        PageProtection protection = ((flags & 4) != 0 ? PageProtection.Read : 0)
            | ((flags & 2) != 0 ? PageProtection.Write : 0)
            | ((flags & 1) != 0 ? PageProtection.Execute : 0);
        return new ElfSegment(
            offset,
            BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(16)),
            fileSize,
            BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(40)),
            protection);
    }

    // In the user half with a page to spare for rounding, the file part within the memory part, and page offsets that agree.
    private static bool IsLoadable(in ElfSegment segment) =>
        segment.MemorySize != 0
        && segment.MemorySize <= UserAddress.Limit - UserAddress.PageSize
        && segment.Address <= UserAddress.Limit - UserAddress.PageSize - segment.MemorySize
        && segment.FileSize <= segment.MemorySize
        && segment.FileOffset <= long.MaxValue - segment.FileSize
        && ((segment.FileOffset ^ segment.Address) & (UserAddress.PageSize - 1)) == 0;
}

/// <summary>The fields of an ELF file header that loading needs.</summary>
internal readonly struct ElfHeader
{
    public ElfHeader(ushort type, ulong entry, ulong programHeaderOffset, ushort programHeaderCount)
    {
        Type = type;
        Entry = entry;
        ProgramHeaderOffset = programHeaderOffset;
        ProgramHeaderCount = programHeaderCount;
    }

    public ushort Type { get; }
    public ulong Entry { get; }
    public ulong ProgramHeaderOffset { get; }
    public ushort ProgramHeaderCount { get; }
}
