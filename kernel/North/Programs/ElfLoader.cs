using System;
using LiteBox.Abi;
using LiteBox.North.Files;
using LiteBox.North.Memory;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Programs;

/// <summary>Maps ELF files into an address space that does not run yet.</summary>
internal static class ElfLoader
{
    /// <summary>Reads and parses the headers of an open file.</summary>
    public static Errno ReadHeaders(Task task, OpenFile file, out ElfFile? elf)
    {
        elf = null;
        Span<byte> headerBytes = stackalloc byte[ElfFile.HeaderSize];
        if (!TryReadExactly(task, file, 0, headerBytes))
        {
            return Errno.ENOEXEC;
        }

        Errno error = ElfFile.ParseHeader(headerBytes, out ElfHeader header);
        if (error != Errno.None)
        {
            return error;
        }

        byte[] programHeaders = new byte[header.ProgramHeaderCount * ElfFile.ProgramHeaderSize];
        return TryReadExactly(task, file, (long)header.ProgramHeaderOffset, programHeaders)
            ? ElfFile.Parse(header, programHeaders, out elf)
            : Errno.ENOEXEC;
    }

    /// <summary>Reads bytes of a file at a place. False: it is shorter, or cannot be read.</summary>
    public static bool TryReadExactly(Task task, OpenFile file, long position, Span<byte> destination)
    {
        var target = new DataDestination(destination);
        return !file.ReadAt(task, ref target, position).IsError && target.Count == destination.Length;
    }

    /// <summary>
    /// Maps all segments. <paramref name="bias"/> is added to every address of the file; it is page-aligned, and the caller has seen that the whole stays
    /// in the user half.
    /// </summary>
    public static Errno Map(AddressSpace space, OpenFile file, ElfFile elf, ulong bias)
    {
        foreach (ElfSegment segment in elf.Segments)
        {
            Errno error = MapSegment(space, file, segment, bias);
            if (error != Errno.None)
            {
                return error;
            }
        }

        return Errno.None;
    }

    private static Errno MapSegment(AddressSpace space, OpenFile file, in ElfSegment segment, ulong bias)
    {
        UserAddress start = new UserAddress(segment.Address + bias).PageStart;
        UserAddress fileEnd = new(segment.FileEnd + bias);
        UserAddress filePagesEnd = AddressSpace.RoundUp(fileEnd);
        UserAddress end = AddressSpace.RoundUp(new UserAddress(segment.End + bias));
        if (segment.FileSize == 0)
        {
            filePagesEnd = start;
        }
        else
        {
            Result mapped = space.Map(new MapRequest
            {
                Address = start,
                Length = filePagesEnd - start,
                Protection = segment.Protection,
                Placement = MapPlacement.Fixed,
                Object = file.MemoryObject,
                ObjectPage = segment.FileOffset >> UserAddress.PageShift,
                File = file,
            });
            if (mapped.IsError)
            {
                return mapped.Error;
            }
        }

        if (end > filePagesEnd)
        {
            Result mapped = space.Map(new MapRequest
            {
                Address = filePagesEnd,
                Length = end - filePagesEnd,
                Protection = segment.Protection,
                Placement = MapPlacement.Fixed,
            });
            if (mapped.IsError)
            {
                return mapped.Error;
            }
        }

        // What lies behind the file's part in its last page is the program's zeroed data, not more of the file.
        bool clearsTail = segment.MemorySize > segment.FileSize && segment.FileSize != 0 && (segment.Protection & PageProtection.Write) != 0
            && fileEnd.PageOffset != 0;
        return !clearsTail || space.TryClearToPageEnd(fileEnd) ? Errno.None : Errno.EFAULT;
    }
}
