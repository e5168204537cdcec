using LiteBox.North.Memory;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>How large the parts of an address space are, in pages, as /proc/PID/status and statm split them.</summary>
internal readonly struct MemorySizes
{
    private const long EntriesPerTable = 512;

    private MemorySizes(long total, long resident, long residentFile, long data, long stack, long code, long executable, long pageTable)
    {
        Total = total;
        Resident = resident;
        ResidentFile = residentFile;
        Data = data;
        Stack = stack;
        Code = code;
        Library = executable > code ? executable - code : 0;
        PageTable = pageTable;
    }

    /// <summary>All areas.</summary>
    public long Total { get; }

    /// <summary>Pages that are there.</summary>
    public long Resident { get; }

    /// <summary>Of these, pages in areas of files.</summary>
    public long ResidentFile { get; }

    /// <summary>Private writable areas without the stack.</summary>
    public long Data { get; }

    public long Stack { get; }

    /// <summary>The program's own code.</summary>
    public long Code { get; }

    /// <summary>Executable areas besides that.</summary>
    public long Library { get; }

    /// <summary>Page tables, about.</summary>
    public long PageTable { get; }

    public static MemorySizes Of(AddressSpace memory)
    {
        long total = 0;
        long resident = 0;
        long residentFile = 0;
        long data = 0;
        long stack = 0;
        long executable = 0;
        for (int i = 0; i < memory.Areas.Count; i++)
        {
            MemoryArea area = memory.Areas[i];
            long pages = (long)area.PageCount;
            long present = memory.PageTable.CountMapped(area.Start, area.PageCount);
            total += pages;
            resident += present;
            residentFile += area.File is null ? 0 : present;
            bool isWritable = (area.Protection & PageProtection.Write) != 0;
            if ((area.Flags & AreaFlags.GrowsDown) != 0)
            {
                stack += pages;
            }
            else if (isWritable && !area.IsShared)
            {
                data += pages;
            }
            else if ((area.Protection & PageProtection.Execute) != 0 && !isWritable)
            {
                executable += pages;
            }
        }

        ulong codeBytes = memory.Layout.CodeEnd - memory.Layout.CodeStart;
        long code = (long)((codeBytes + UserAddress.PageSize - 1) >> UserAddress.PageShift);
        return new MemorySizes(total, resident, residentFile, data, stack, code, executable, (resident / EntriesPerTable) + 4);
    }
}
