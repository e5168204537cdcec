using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace LiteBox.South.Memory;

/// <summary>Physical memory in an array: what the kernel's class of the same name is over the direct map.</summary>
internal static unsafe class PhysicalMemory
{
    /// <summary>Frames of the simulated machine.</summary>
    public const int FrameCount = 8192;

    private static readonly byte* Array = (byte*)NativeMemory.AlignedAlloc((nuint)FrameCount * PageSize.Bytes, PageSize.LargeBytes);
    private static readonly FrameRecord* Frames = (FrameRecord*)NativeMemory.AlignedAlloc(FrameCount << FrameRecord.Shift, PageSize.Bytes);
    private static readonly BlockRecord* Blocks = (BlockRecord*)NativeMemory.AlignedAlloc((FrameCount / 512) << BlockRecord.Shift, PageSize.Bytes);

    public static ulong Base => (ulong)Array;

    public static FrameRecord* FrameRecords => Frames;

    public static BlockRecord* BlockRecords => Blocks;

    /// <summary>Pages of records that were mapped since the last <see cref="Reset"/>.</summary>
    public static HashSet<ulong> MappedRecords { get; } = [];

    /// <summary>Nothing is mapped anywhere here but in the array.</summary>
    public static byte* MappedBytes(ulong address, PhysicalAddress page) => Array + page.Value;

    public static bool HasRecordPage(ulong page) => MappedRecords.Contains(page);

    public static bool TryPrepareRecords(ulong first, ulong end) => true;

    /// <summary>As the kernel's: takes a frame for each page of records, which then reads as zeros.</summary>
    public static bool TryMapRecords(ulong first, ulong end) =>
        first >= end
        || (TryMapPages((ulong)(Frames + first), (ulong)(Frames + end)) && TryMapPages((ulong)(Blocks + (first / 512)), (ulong)(Blocks + ((end - 1) / 512) + 1)));

    /// <summary>A machine whose memory is full of rubbish and whose frames are all reserved; nothing is allocated.</summary>
    public static void Reset()
    {
        MappedRecords.Clear();
        new System.Span<byte>(Array, FrameCount * PageSize.Bytes).Fill(0xA5);
        new System.Span<byte>(Frames, FrameCount << FrameRecord.Shift).Clear();
        new System.Span<byte>(Blocks, (FrameCount / 512) << BlockRecord.Shift).Clear();
        FrameDatabase.Reset();
        PageTablePool.Reset();
        FrameDatabase.SetExtent(FrameCount, FrameCount);
    }

    /// <summary>Fills all records with rubbish: what is used before it is mapped makes no sense.</summary>
    public static void PoisonRecords()
    {
        new System.Span<byte>(Frames, FrameCount << FrameRecord.Shift).Fill(0xA5);
        new System.Span<byte>(Blocks, (FrameCount / 512) << BlockRecord.Shift).Fill(0xA5);
    }

    /// <summary>The same with this many free frames from frame 512 on, and an empty kernel half for address spaces.</summary>
    public static void ResetWithFree(int frames)
    {
        Reset();
        for (int i = 0; i < frames; i++)
        {
            FrameDatabase.Donate((uint)(512 + i), FrameKind.Reserved);
        }

        ulong* kernelRoot = (ulong*)Base;
        for (int i = 0; i < 512; i++)
        {
            kernelRoot[i] = i >= 256 ? 0xABC000UL + (ulong)i : 0;
        }

        PageTablePool.UseKernelRoot(kernelRoot);
        TranslationCache.StartWith(0);
    }

    private static bool TryMapPages(ulong start, ulong end)
    {
        for (ulong page = start & ~PageSize.Mask; page < end; page += PageSize.Bytes)
        {
            if (MappedRecords.Contains(page))
            {
                continue;
            }

            if (!KernelFrames.TryTake(FrameKind.Kernel, out _))
            {
                return false;
            }

            MappedRecords.Add(page);
            new System.Span<byte>((byte*)page, PageSize.Bytes).Clear();
        }

        return true;
    }
}
