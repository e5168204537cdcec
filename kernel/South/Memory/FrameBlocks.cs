using System.Numerics;

namespace LiteBox.South.Memory;

/// <summary>
/// The free frames, block by block of 2 MiB. Two lists: blocks with some frames free, from which single frames come, and blocks
/// that are free altogether, which serve large requests and are broken only when no other block has a frame.
/// Every operation takes a bounded number of steps whatever the size of memory. Free memory itself is never touched.
/// </summary>
internal static unsafe class FrameBlocks
{
    /// <summary>The end of a list.</summary>
    private const uint None = uint.MaxValue;

    private static uint partialBlocks = None;
    private static uint freeBlocks = None;

    /// <summary>Frames free in all blocks.</summary>
    public static long FreeFrameCount { get; private set; }

    /// <summary>Blocks that are free altogether.</summary>
    public static long FreeBlockCount { get; private set; }

    /// <summary>
    /// Takes up to 64 frames: bit n of <paramref name="bits"/> stands for frame <paramref name="first"/> + n. False when there is none.
    /// </summary>
    // SAFETY: a block in a list has a record, and a free frame.
    public static bool TryTakeWord(out uint first, out ulong bits)
    {
        first = 0;
        bits = 0;
        if (partialBlocks == None && !TryBreakBlock())
        {
            return false;
        }

        uint blockNumber = partialBlocks;
        BlockRecord* block = Record(blockNumber);
        int word = BitOperations.TrailingZeroCount(block->FreeWords);
        bits = block->FreeFrames[word];
        first = (blockNumber * PageSize.FramesPerLarge) + (uint)(word * 64);
        uint count = (uint)BitOperations.PopCount(bits);
        block->FreeFrames[word] = 0;
        block->FreeWords &= ~(1u << word);
        block->FreeCount -= count;
        FreeFrameCount -= count;
        if (block->FreeCount == 0)
        {
            Unlink(ref partialBlocks, blockNumber);
        }

        return true;
    }

    /// <summary>Gives one frame back, or gives it for the first time.</summary>
    // SAFETY: the caller owns the frame, so its block has a record.
    public static void ReturnFrame(uint number)
    {
        uint blockNumber = number / PageSize.FramesPerLarge;
        uint index = number % PageSize.FramesPerLarge;
        BlockRecord* block = Record(blockNumber);
        ulong bit = 1UL << (int)(index & 63);
        if ((block->FreeFrames[index / 64] & bit) != 0)
        {
            Invariant.Broken("A frame was freed twice.");
        }

        block->FreeFrames[index / 64] |= bit;
        block->FreeWords |= 1u << (int)(index / 64);
        FreeFrameCount++;
        block->FreeCount++;
        if (block->FreeCount == 1)
        {
            Link(ref partialBlocks, blockNumber);
        }
        else if (block->FreeCount == PageSize.FramesPerLarge)
        {
            Unlink(ref partialBlocks, blockNumber);
            Link(ref freeBlocks, blockNumber);
            FreeBlockCount++;
        }
    }

    /// <summary>Gives a whole block for the first time: <see cref="ReturnFrame"/> 512 times, quicker.</summary>
    // SAFETY: as above.
    public static void DonateBlock(uint firstFrame)
    {
        uint blockNumber = firstFrame / PageSize.FramesPerLarge;
        BlockRecord* block = Record(blockNumber);
        if (block->FreeCount != 0)
        {
            Invariant.Broken("A block was freed twice.");
        }

        for (int word = 0; word < BlockRecord.WordCount; word++)
        {
            block->FreeFrames[word] = ulong.MaxValue;
        }

        block->FreeWords = (1u << BlockRecord.WordCount) - 1;
        block->FreeCount = PageSize.FramesPerLarge;
        Link(ref freeBlocks, blockNumber);
        FreeBlockCount++;
        FreeFrameCount += PageSize.FramesPerLarge;
    }

    /// <summary>Takes a whole block: 512 frames from a multiple of 512. False when there is none.</summary>
    // SAFETY: a block in the list has a record.
    public static bool TryTakeBlock(out uint firstFrame)
    {
        uint blockNumber = freeBlocks;
        firstFrame = blockNumber * PageSize.FramesPerLarge;
        if (blockNumber == None)
        {
            return false;
        }

        Unlink(ref freeBlocks, blockNumber);
        FreeBlockCount--;
        BlockRecord* block = Record(blockNumber);
        for (int word = 0; word < BlockRecord.WordCount; word++)
        {
            block->FreeFrames[word] = 0;
        }

        block->FreeWords = 0;
        block->FreeCount = 0;
        FreeFrameCount -= PageSize.FramesPerLarge;
        return true;
    }

    /// <summary>Takes one given frame, for those who need memory at an address. False where it is not free.</summary>
    // SAFETY: the caller knows that the frame is RAM, so its block has a record.
    public static bool TryTakeExactly(uint number)
    {
        uint blockNumber = number / PageSize.FramesPerLarge;
        uint index = number % PageSize.FramesPerLarge;
        BlockRecord* block = Record(blockNumber);
        ulong bit = 1UL << (int)(index & 63);
        if ((block->FreeFrames[index / 64] & bit) == 0)
        {
            return false;
        }

        if (block->FreeCount == PageSize.FramesPerLarge)
        {
            Unlink(ref freeBlocks, blockNumber);
            FreeBlockCount--;
            Link(ref partialBlocks, blockNumber);
        }

        block->FreeFrames[index / 64] &= ~bit;
        if (block->FreeFrames[index / 64] == 0)
        {
            block->FreeWords &= ~(1u << (int)(index / 64));
        }

        FreeFrameCount--;
        if (--block->FreeCount == 0)
        {
            Unlink(ref partialBlocks, blockNumber);
        }

        return true;
    }

    /// <summary>Forgets everything: for tests.</summary>
    public static void Reset()
    {
        partialBlocks = None;
        freeBlocks = None;
        FreeFrameCount = 0;
        FreeBlockCount = 0;
    }

    private static bool TryBreakBlock()
    {
        uint blockNumber = freeBlocks;
        if (blockNumber == None)
        {
            return false;
        }

        Unlink(ref freeBlocks, blockNumber);
        FreeBlockCount--;
        Link(ref partialBlocks, blockNumber);
        return true;
    }

    // SAFETY: callers name blocks that have records.
    private static BlockRecord* Record(uint blockNumber) => PhysicalMemory.BlockRecords + blockNumber;

    // SAFETY: as above; list neighbours are blocks with records.
    private static void Link(ref uint list, uint blockNumber)
    {
        BlockRecord* block = Record(blockNumber);
        block->Previous = None;
        block->Next = list;
        if (list != None)
        {
            Record(list)->Previous = blockNumber;
        }

        list = blockNumber;
    }

    // SAFETY: as above.
    private static void Unlink(ref uint list, uint blockNumber)
    {
        BlockRecord* block = Record(blockNumber);
        if (block->Previous == None)
        {
            list = block->Next;
        }
        else
        {
            Record(block->Previous)->Next = block->Next;
        }

        if (block->Next != None)
        {
            Record(block->Next)->Previous = block->Previous;
        }
    }
}
