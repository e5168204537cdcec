using System;
using LiteBox.Abi;
using LiteBox.North.Memory;
using LiteBox.North.Processes;
using LiteBox.North.Text;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>/proc/PID/maps and smaps (proc(5); fs/proc/task_mmu.c).</summary>
internal static class ProcessMapsText
{
    /// <summary>Names begin in this column.</summary>
    private const int NameColumn = 73;

    public static Errno Write(Task reader, ProcessSubject subject, ref TextWriter text) => Write(reader, subject, ref text, withSizes: false);

    public static Errno WriteWithSizes(Task reader, ProcessSubject subject, ref TextWriter text) => Write(reader, subject, ref text, withSizes: true);

    private static Errno Write(Task reader, ProcessSubject subject, ref TextWriter text, bool withSizes)
    {
        if (!subject.MayInspect(reader))
        {
            return Errno.EACCES;
        }

        if (subject.Process.Memory is not { } memory)
        {
            return Errno.None;
        }

        for (int i = 0; i < memory.Areas.Count; i++)
        {
            MemoryArea area = memory.Areas[i];
            WriteLine(reader, memory, area, ref text);
            if (withSizes)
            {
                WriteSizes(memory, area, ref text);
            }
        }

        return Errno.None;
    }

    private static void WriteLine(Task reader, AddressSpace memory, MemoryArea area, ref TextWriter text)
    {
        int lineStart = text.Length;
        text.AddHex(area.Start.Value, 8);
        text.Add((byte)'-');
        text.AddHex(area.End.Value, 8);
        text.Add((byte)' ');
        text.Add((area.Protection & PageProtection.Read) != 0 ? (byte)'r' : (byte)'-');
        text.Add((area.Protection & PageProtection.Write) != 0 ? (byte)'w' : (byte)'-');
        text.Add((area.Protection & PageProtection.Execute) != 0 ? (byte)'x' : (byte)'-');
        text.Add(area.IsShared ? (byte)'s' : (byte)'p');
        text.Add((byte)' ');
        text.AddHex(area.File is null ? 0 : area.ObjectPage << UserAddress.PageShift, 8);
        text.Add((byte)' ');
        ulong device = area.File?.Inode.FileSystem.DeviceNumber ?? 0;
        text.AddHex(DeviceNumbers.Major(device), 2);
        text.Add((byte)':');
        text.AddHex(DeviceNumbers.Minor(device), 2);
        text.Add((byte)' ');
        text.AddUnsigned(area.File?.Inode.Number ?? 0);
        text.Add((byte)' ');
        if (area.File is not null)
        {
            text.PadTo(lineStart, NameColumn);
            text.Add(LocationText.Describe(area.File.Location, reader.FileSystemContext.Root));
        }
        else
        {
            ReadOnlySpan<byte> name = NameOf(memory, area);
            if (name.Length > 0)
            {
                text.PadTo(lineStart, NameColumn);
                text.Add(name);
            }
        }

        text.Add((byte)'\n');
    }

    private static ReadOnlySpan<byte> NameOf(AddressSpace memory, MemoryArea area)
    {
        if (area.IsShared)
        {
            return "/dev/zero (deleted)"u8;
        }

        if (area.Start < memory.HeapEnd && memory.HeapStart < area.End && memory.HeapStart < memory.HeapEnd)
        {
            return "[heap]"u8;
        }

        return area.Contains(memory.Layout.StackStart) ? "[stack]"u8 : default;
    }

    private static void WriteSizes(AddressSpace memory, MemoryArea area, ref TextWriter text)
    {
        long size = (long)area.PageCount * 4;
        long resident = memory.PageTable.CountMapped(area.Start, area.PageCount) * 4;
        bool isDirty = (area.Protection & PageProtection.Write) != 0;
        Add(ref text, "Size:           "u8, size);
        Add(ref text, "KernelPageSize: "u8, 4);
        Add(ref text, "MMUPageSize:    "u8, 4);
        Add(ref text, "Rss:            "u8, resident);
        Add(ref text, "Pss:            "u8, resident);
        Add(ref text, "Pss_Dirty:      "u8, isDirty ? resident : 0);
        Add(ref text, "Shared_Clean:   "u8, 0);
        Add(ref text, "Shared_Dirty:   "u8, 0);
        Add(ref text, "Private_Clean:  "u8, isDirty ? 0 : resident);
        Add(ref text, "Private_Dirty:  "u8, isDirty ? resident : 0);
        Add(ref text, "Referenced:     "u8, resident);
        Add(ref text, "Anonymous:      "u8, area.File is null || isDirty ? resident : 0);
        Add(ref text, "LazyFree:       "u8, 0);
        Add(ref text, "AnonHugePages:  "u8, 0);
        Add(ref text, "ShmemPmdMapped: "u8, 0);
        Add(ref text, "FilePmdMapped:  "u8, 0);
        Add(ref text, "Shared_Hugetlb: "u8, 0);
        Add(ref text, "Private_Hugetlb: "u8, 0, 7);
        Add(ref text, "Swap:           "u8, 0);
        Add(ref text, "SwapPss:        "u8, 0);
        Add(ref text, "Locked:         "u8, (area.Flags & AreaFlags.Locked) != 0 ? resident : 0);
        text.Add("THPeligible:    0\nVmFlags: "u8);
        text.Add((area.Protection & PageProtection.Read) != 0 ? "rd "u8 : default);
        text.Add((area.Protection & PageProtection.Write) != 0 ? "wr "u8 : default);
        text.Add((area.Protection & PageProtection.Execute) != 0 ? "ex "u8 : default);
        text.Add(area.IsShared ? "sh "u8 : default);
        text.Add("mr mw me "u8);
        text.Add((area.Flags & AreaFlags.GrowsDown) != 0 ? "gd "u8 : default);
        text.Add("\n"u8);
    }

    private static void Add(ref TextWriter text, ReadOnlySpan<byte> label, long value, int width = 8)
    {
        text.Add(label);
        text.Add(value, width);
        text.Add(" kB\n"u8);
    }
}
