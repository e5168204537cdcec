using System;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.Text;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>
/// The files of /proc that say where the machine's memory is (proc(5)). The collected heap takes the place of Linux' slabs: "Slab" is what
/// it holds, "SReclaimable" the part that has nothing in it, and /proc/slabinfo has its size classes.
/// </summary>
internal static class MemoryTexts
{
    private const long KibibytesPerFrame = 4;

    /// <summary>/proc/meminfo, with the lines of Linux 6.1 with Debian's options; what this kernel has no notion of is 0.</summary>
    public static Errno Sizes(Task reader, ref TextWriter text)
    {
        FrameAllocator frames = reader.Kernel.Machine.Frames;
        VirtualFileSystem fileSystems = reader.Kernel.FileSystems;
        long total = frames.TotalCount * KibibytesPerFrame;
        long free = frames.FreeCount * KibibytesPerFrame;
        long files = fileSystems.CountFileFrames() * KibibytesPerFrame;
        long anonymous = Math.Max((frames.DataCount * KibibytesPerFrame) - files, 0);
        long heap = reader.Kernel.Machine.Heap.BytesHeld / 1024;
        long emptyHeap = reader.Kernel.Machine.Heap.BytesEmpty / 1024;
        Add(ref text, "MemTotal:       "u8, total);
        Add(ref text, "MemFree:        "u8, free);
        Add(ref text, "MemAvailable:   "u8, free);
        Add(ref text, "Buffers:        "u8, 0);
        Add(ref text, "Cached:         "u8, files);
        Add(ref text, "SwapCached:     "u8, 0);
        Add(ref text, "Active:         "u8, 0);
        Add(ref text, "Inactive:       "u8, anonymous);
        Add(ref text, "Active(anon):   "u8, 0);
        Add(ref text, "Inactive(anon): "u8, anonymous);
        Add(ref text, "Active(file):   "u8, 0);
        Add(ref text, "Inactive(file): "u8, 0);
        Add(ref text, "Unevictable:    "u8, files);
        Add(ref text, "Mlocked:        "u8, 0);
        Add(ref text, "SwapTotal:      "u8, 0);
        Add(ref text, "SwapFree:       "u8, 0);
        Add(ref text, "Zswap:          "u8, 0);
        Add(ref text, "Zswapped:       "u8, 0);
        Add(ref text, "Dirty:          "u8, 0);
        Add(ref text, "Writeback:      "u8, 0);
        Add(ref text, "AnonPages:      "u8, anonymous);
        Add(ref text, "Mapped:         "u8, 0);
        Add(ref text, "Shmem:          "u8, files);
        Add(ref text, "KReclaimable:   "u8, emptyHeap);
        Add(ref text, "Slab:           "u8, heap);
        Add(ref text, "SReclaimable:   "u8, emptyHeap);
        Add(ref text, "SUnreclaim:     "u8, heap - emptyHeap);
        Add(ref text, "KernelStack:    "u8, frames.KernelStackCount * KibibytesPerFrame);
        Add(ref text, "PageTables:     "u8, frames.PageTableCount * KibibytesPerFrame);
        Add(ref text, "NFS_Unstable:   "u8, 0);
        Add(ref text, "Bounce:         "u8, 0);
        Add(ref text, "WritebackTmp:   "u8, 0);
        Add(ref text, "CommitLimit:    "u8, total / 2);
        Add(ref text, "Committed_AS:   "u8, anonymous);
        text.Add("VmallocTotal:   34359738367 kB\n"u8);
        Add(ref text, "VmallocUsed:    "u8, 0);
        Add(ref text, "VmallocChunk:   "u8, 0);
        Add(ref text, "Percpu:         "u8, 0);
        Add(ref text, "HardwareCorrupted: "u8, 0, 5);
        Add(ref text, "AnonHugePages:  "u8, 0);
        Add(ref text, "ShmemHugePages: "u8, 0);
        Add(ref text, "ShmemPmdMapped: "u8, 0);
        Add(ref text, "FileHugePages:  "u8, 0);
        Add(ref text, "FilePmdMapped:  "u8, 0);
        if (frames.UnacceptedCount != 0)
        {
            Add(ref text, "Unaccepted:     "u8, frames.UnacceptedCount * KibibytesPerFrame); // as later Linux has it
        }

        text.Add("HugePages_Total:       0\nHugePages_Free:        0\nHugePages_Rsvd:        0\nHugePages_Surp:        0\n"u8);
        Add(ref text, "Hugepagesize:   "u8, 2048);
        Add(ref text, "Hugetlb:        "u8, 0);
        return Errno.None;
    }

    private static void Add(ref TextWriter text, ReadOnlySpan<byte> label, long kibibytes, int width = 8)
    {
        text.Add(label);
        text.Add(kibibytes, width);
        text.Add(" kB\n"u8);
    }

    /// <summary>/proc/vmstat, as far as it is known.</summary>
    public static Errno Statistics(Task reader, ref TextWriter text)
    {
        FrameAllocator frames = reader.Kernel.Machine.Frames;
        text.Add("nr_free_pages "u8);
        text.Add(frames.FreeCount);
        text.Add("\nnr_page_table_pages "u8);
        text.Add(frames.PageTableCount);
        text.Add("\nnr_shmem "u8);
        text.Add(reader.Kernel.FileSystems.CountFileFrames());
        text.Add("\npgpgin 0\npgpgout 0\npswpin 0\npswpout 0\n"u8);
        return Errno.None;
    }

    /// <summary>
    /// /proc/slabinfo (slabinfo(5), version 2.1): a line for each size class of the heap, with its cells as objects and its blocks as slabs.
    /// "heap-large" counts the blocks of larger objects.
    /// </summary>
    public static Errno Heap(Task reader, ref TextWriter text)
    {
        KernelHeap heap = reader.Kernel.Machine.Heap;
        HeapClassUse[] classes = new HeapClassUse[heap.ClassCount];
        heap.Measure(classes);
        text.Add("slabinfo - version: 2.1\n# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab>"u8);
        text.Add(" : tunables <limit> <batchcount> <sharedfactor> : slabdata <active_slabs> <num_slabs> <sharedavail>\n"u8);
        for (int i = 0; i < classes.Length; i++)
        {
            AddClass(ref text, classes[i], isLarge: i == classes.Length - 1);
        }

        return Errno.None;
    }

    private static void AddClass(ref TextWriter text, in HeapClassUse use, bool isLarge)
    {
        int start = text.Length;
        text.Add("heap-"u8);
        if (isLarge)
        {
            text.Add("large"u8);
        }
        else
        {
            text.Add(use.CellBytes);
        }

        text.PadTo(start, 17);
        AddField(ref text, use.CellsInUse, 6);
        AddField(ref text, use.Blocks * use.CellsPerBlock, 6);
        AddField(ref text, use.CellBytes, 6);
        AddField(ref text, use.CellsPerBlock, 4);
        AddField(ref text, use.BlockBytes / (int)UserAddress.PageSize, 4);
        text.Add(" : tunables    0    0    0 : slabdata"u8);
        AddField(ref text, use.Blocks, 6);
        AddField(ref text, use.Blocks, 6);
        text.Add("      0\n"u8);
    }

    private static void AddField(ref TextWriter text, long value, int width)
    {
        text.Add((byte)' ');
        text.Add(value, width);
    }
}
