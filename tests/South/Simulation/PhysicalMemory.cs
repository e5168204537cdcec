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

    /// <summary>Record pages that were asked for since the last <see cref="Reset"/>.</summary>
    public static int RecordPages { get; private set; }

    /// <summary>Nothing is mapped anywhere here but in the array.</summary>
    public static byte* MappedBytes(ulong address, PhysicalAddress page) => Array + page.Value;

    public static bool TryMapRecordPage(ulong page)
    {
        RecordPages++;
        return true;
    }

    /// <summary>A machine whose memory is full of rubbish and whose frames are all reserved; nothing is allocated.</summary>
    public static void Reset()
    {
        RecordPages = 0;
        new System.Span<byte>(Array, FrameCount * PageSize.Bytes).Fill(0xA5);
        new System.Span<byte>(Frames, FrameCount << FrameRecord.Shift).Clear();
        new System.Span<byte>(Blocks, (FrameCount / 512) << BlockRecord.Shift).Clear();
        FrameDatabase.Reset();
        PageTablePool.Reset();
        FrameDatabase.SetExtent(FrameCount, FrameCount);
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
}
