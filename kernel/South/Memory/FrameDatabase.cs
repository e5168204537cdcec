using System.Numerics;
using System.Runtime.CompilerServices;

namespace LiteBox.South.Memory;

/// <summary>
/// Every frame's record, and the frames that are free: the one place where memory changes its kind. The frames freed last are kept on a
/// stack in front of <see cref="FrameBlocks"/>, so that taking and freeing a frame costs a few instructions.
/// </summary>
internal static unsafe class FrameDatabase
{
    /// <summary>Frames that the stack holds at most.</summary>
    private const int StackCapacity = 256;

    private static RecentFrames recent;
    private static int recentCount;
    private static KindCounts counts;

    /// <summary>Frames that can be taken now.</summary>
    public static long FreeCount => FrameBlocks.FreeFrameCount + recentCount + DormantMemory.FrameCount + PageTablePool.Count + KernelStacks.ReadyFrameCount;

    /// <summary>Frames that are used so. Free frames and reserved ones are not counted here.</summary>
    // SAFETY: a kind is an index below KindCount.
    public static long CountOf(FrameKind kind) => counts.Frames[(int)kind];

    /// <summary>Frames of RAM, in use or not.</summary>
    public static long TotalCount { get; private set; }

    /// <summary>One past the number of the highest frame of RAM.</summary>
    public static uint EndNumber { get; private set; }

    /// <summary>The record of a frame that is known to be RAM.</summary>
    // SAFETY: records of RAM are mapped.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FrameRecord* Record(uint number) => PhysicalMemory.FrameRecords + number;

    /// <summary>The frame's bytes.</summary>
    // SAFETY: the direct map covers all RAM.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Bytes(uint number) => (byte*)(PhysicalMemory.Base + ((ulong)number << PageSize.Shift));

    /// <summary>Fills the frame with zeros.</summary>
    // SAFETY: the caller owns the frame.
    public static void ClearBytes(uint number) => PageContents.Clear(Bytes(number));

    /// <summary>Takes a free frame for a purpose. Data frames begin with one owner. Its contents are whatever they were. False: no memory.</summary>
    // SAFETY: only free frames, which are RAM, are on the stack and in the blocks.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryTake(FrameKind kind, out uint number)
    {
        if (recentCount == 0 && !TryRefill())
        {
            number = 0;
            return false;
        }

        number = recent.Numbers[--recentCount];
        FrameRecord* record = Record(number);
        if (record->Kind != FrameKind.Free)
        {
            Invariant.Broken("A frame that is in use was handed out.");
        }

        record->Kind = kind;
        record->Owners = kind == FrameKind.Data ? 1u : 0u;
        counts.Frames[(int)kind]++;
        return true;
    }

    /// <summary>Gives back a frame that has no owners left.</summary>
    // SAFETY: the caller owned the frame; its kind is checked, so that a second time stops.
    public static void Return(uint number, FrameKind kind)
    {
        FrameRecord* record = Record(number);
        if (record->Kind != kind || record->Owners != 0)
        {
            Invariant.Broken("A frame was freed that is not what its owner thinks.");
        }

        record->Kind = FrameKind.Free;
        counts.Frames[(int)kind]--;
        if (recentCount < StackCapacity)
        {
            recent.Numbers[recentCount++] = number;
        }
        else
        {
            FrameBlocks.ReturnFrame(number);
        }
    }

    /// <summary>Takes 512 frames from a multiple of 512. False: no such block.</summary>
    // SAFETY: as in TryTake.
    public static bool TryTakeBlock(FrameKind kind, out uint firstFrame)
    {
        if (!FrameBlocks.TryTakeBlock(out firstFrame))
        {
            Drain();
            while (!FrameBlocks.TryTakeBlock(out firstFrame))
            {
                if (!DormantMemory.TryWake())
                {
                    return false;
                }
            }
        }

        for (uint i = 0; i < PageSize.FramesPerLarge; i++)
        {
            Record(firstFrame + i)->Kind = kind;
        }

        counts.Frames[(int)kind] += PageSize.FramesPerLarge;

        return true;
    }

    /// <summary>Gives a whole block back.</summary>
    public static void ReturnBlock(uint firstFrame, FrameKind kind)
    {
        for (uint i = 0; i < PageSize.FramesPerLarge; i++)
        {
            Return(firstFrame + i, kind);
        }
    }

    /// <summary>Adds an owner to a data frame.</summary>
    // SAFETY: the number is checked to be RAM by the kind of its record.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddOwner(uint number)
    {
        FrameRecord* record = Record(number);
        if (record->Kind != FrameKind.Data)
        {
            Invariant.Broken("North named a frame that holds no data.");
        }

        record->Owners++;
    }

    /// <summary>Takes an owner from a data frame; the last one frees it.</summary>
    // SAFETY: as above; a data frame has at least one owner.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Release(uint number)
    {
        FrameRecord* record = Record(number);
        if (record->Kind != FrameKind.Data)
        {
            Invariant.Broken("North released a frame that holds no data.");
        }

        if (--record->Owners == 0)
        {
            Return(number, FrameKind.Data);
        }
    }

    /// <summary>Makes RAM that was reserved, or the kernel's, free.</summary>
    // SAFETY: the memory map says that it is RAM; its records are mapped.
    public static void Donate(uint number, FrameKind from)
    {
        FrameRecord* record = Record(number);
        if (record->Kind != from)
        {
            Invariant.Broken("Memory was given up that is not what its owner thinks.");
        }

        record->Kind = FrameKind.Free;
        counts.Frames[(int)from]--;
        FrameBlocks.ReturnFrame(number);
    }

    /// <summary>Gives a block of RAM for the first time.</summary>
    // SAFETY: as above.
    private static void DonateBlock(uint firstFrame)
    {
        FrameRecord* record = Record(firstFrame);
        for (FrameRecord* end = record + PageSize.FramesPerLarge; record != end; record++)
        {
            record->Kind = FrameKind.Free;
        }

        FrameBlocks.DonateBlock(firstFrame);
    }

    /// <summary>Gives frames that were never free, whole blocks at once where there are any.</summary>
    public static void DonateRange(ulong start, ulong end)
    {
        const ulong BlockMask = PageSize.FramesPerLarge - 1;
        ulong frame = start;
        while (frame < end)
        {
            if ((frame & BlockMask) == 0 && end - frame > BlockMask)
            {
                DonateBlock((uint)frame);
                frame += PageSize.FramesPerLarge;
            }
            else
            {
                Donate((uint)frame, FrameKind.Reserved);
                frame++;
            }
        }
    }

    /// <summary>Takes one given frame. False where it is not free.</summary>
    // SAFETY: the caller knows that it is RAM.
    public static bool TryTakeExactly(uint number, FrameKind kind)
    {
        Drain();
        bool success = FrameBlocks.TryTakeExactly(number);
        if (success)
        {
            Mark(number, kind);
        }

        return success;
    }

    /// <summary>Says what a frame of RAM that was never free is used for.</summary>
    // SAFETY: as above.
    public static void Mark(uint number, FrameKind kind)
    {
        FrameRecord* record = Record(number);
        counts.Frames[(int)record->Kind]--;
        counts.Frames[(int)kind]++;
        record->Kind = kind;
    }

    /// <summary>Says how much RAM there is, and one past the number of its last frame.</summary>
    public static void SetExtent(long frames, uint endNumber)
    {
        TotalCount = frames;
        EndNumber = endNumber;
    }

    /// <summary>Forgets everything: for tests.</summary>
    public static void Reset()
    {
        FrameBlocks.Reset();
        DormantMemory.Reset();
        recentCount = 0;
        counts = default;
        TotalCount = 0;
        EndNumber = 0;
    }

    /// <summary>
    /// Puts some frames on the empty stack: the free ones of one word of one block, or of one that sleeps, or else what others keep in reserve.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryRefill()
    {
        if (!FrameBlocks.TryTakeWord(out uint number, out ulong bits) && !(DormantMemory.TryWake() && FrameBlocks.TryTakeWord(out number, out bits)))
        {
            return PageTablePool.TryReclaim() || KernelStacks.TryReclaim();
        }

        // Backwards, so that frames are handed out in ascending order.
        for (; bits != 0; recentCount++)
        {
            int bit = 63 - BitOperations.LeadingZeroCount(bits);
            bits &= ~(1UL << bit);
            recent.Numbers[recentCount] = number + (uint)bit;
        }

        return true;
    }

    /// <summary>Moves all frames from the stack into their blocks.</summary>
    private static void Drain()
    {
        while (recentCount != 0)
        {
            FrameBlocks.ReturnFrame(recent.Numbers[--recentCount]);
        }
    }

    private struct KindCounts
    {
        public fixed long Frames[FrameRecord.KindCount];
    }

    private struct RecentFrames
    {
        public fixed uint Numbers[StackCapacity];
    }
}
