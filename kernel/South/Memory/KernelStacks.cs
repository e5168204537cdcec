using System.Numerics;
using LiteBox.South.Handover;

namespace LiteBox.South.Memory;

/// <summary>One kernel stack. It grows down from <see cref="Top"/>; below <see cref="Bottom"/> nothing is mapped.</summary>
internal readonly struct KernelStack
{
    /// <summary>Bytes below <see cref="Bottom"/> that belong to the stack's guard.</summary>
    public const ulong GuardSize = AddressSpaceLayout.StackOffset;

    public KernelStack(ulong bottom) => Bottom = bottom;

    /// <summary>The stack that the boot loader gave.</summary>
    public static KernelStack Boot => new(AddressSpaceLayout.Stacks + AddressSpaceLayout.StackOffset);

    /// <summary>Lowest address.</summary>
    public ulong Bottom { get; }

    /// <summary>One past the highest address.</summary>
    public ulong Top => Bottom + AddressSpaceLayout.StackSize;

    /// <summary>A stack for a new thread. False when memory has run out.</summary>
    public static bool TryAllocate(out KernelStack stack) => KernelStacks.TryTake(out stack);

    /// <summary>Gives the stack back. Nobody runs on it any more.</summary>
    public void Free() => KernelStacks.Return(this);
}

/// <summary>
/// Stacks of kernel threads: each in a stride of its own, between pages that are never mapped, so that an overflow faults instead of writing
/// to a neighbour. Stacks given back stay mapped, up to a few, for the next thread.
/// </summary>
internal static unsafe class KernelStacks
{
    /// <summary>Stacks that can exist at a time.</summary>
    public const int Capacity = 32768;

    private const int ReadyCapacity = 32;
    private const int WordCount = Capacity / 64;
    private const int PagesPerStack = (int)AddressSpaceLayout.StackSize / PageSize.Bytes;

    private static Slots slots;
    private static ReadyStacks ready;
    private static int readyCount;
    private static int hint;

    /// <summary>Frames held by stacks that no thread has.</summary>
    public static int ReadyFrameCount => readyCount * PagesPerStack;

    /// <summary>The boot loader's stack is the first one, and in use.</summary>
    // SAFETY: a constant index.
    public static void Initialize() => slots.Used[0] = 1;

    /// <summary>Takes a stack. False when memory has run out.</summary>
    // SAFETY: indices are below the capacities.
    public static bool TryTake(out KernelStack stack)
    {
        int slot;
        if (readyCount != 0)
        {
            slot = ready.Slots[--readyCount];
        }
        else if (!TryTakeSlot(out slot))
        {
            stack = default;
            return false;
        }

        stack = new KernelStack(BottomOf(slot));
        return true;
    }

    /// <summary>Gives a stack back. Nobody runs on it any more.</summary>
    // SAFETY: the stack is one that TryTake gave.
    public static void Return(KernelStack stack)
    {
        int slot = (int)((stack.Bottom - AddressSpaceLayout.Stacks) / AddressSpaceLayout.StackStride);
        if (readyCount < ReadyCapacity)
        {
            ready.Slots[readyCount++] = slot;
            return;
        }

        Unmap(slot, PagesPerStack);
    }

    /// <summary>Unmaps the stacks that no thread has. False when there was none.</summary>
    // SAFETY: as above.
    public static bool TryReclaim()
    {
        bool any = readyCount != 0;
        while (readyCount != 0)
        {
            Unmap(ready.Slots[--readyCount], PagesPerStack);
        }

        return any;
    }

    private static ulong BottomOf(int slot) =>
        AddressSpaceLayout.Stacks + ((ulong)slot * AddressSpaceLayout.StackStride) + AddressSpaceLayout.StackOffset;

    // SAFETY: as above.
    private static bool TryTakeSlot(out int slot)
    {
        slot = 0;
        for (int i = 0; i < WordCount; i++)
        {
            int word = (hint + i) % WordCount;
            if (slots.Used[word] != ulong.MaxValue)
            {
                hint = word;
                int bit = BitOperations.TrailingZeroCount(~slots.Used[word]);
                slots.Used[word] |= 1UL << bit;
                slot = (word * 64) + bit;
                return TryMap(slot);
            }
        }

        return false;
    }

    private static bool TryMap(int slot)
    {
        for (int page = 0; page < PagesPerStack; page++)
        {
            if (!FrameDatabase.TryTake(FrameKind.KernelStack, out uint number))
            {
                Unmap(slot, page);
                return false;
            }

            // No stale words for the collector to take for references. An emulator profits, too: it looks twice at each write to a page that once held
            // code, firmware's here, until that is overwritten.
            FrameDatabase.ClearBytes(number);
            ulong address = BottomOf(slot) + ((ulong)page * PageSize.Bytes);
            if (!KernelPageTable.TryMap(address, PhysicalAddress.OfFrame(number), KernelPageUse.ReadWrite))
            {
                FrameDatabase.Return(number, FrameKind.KernelStack);
                Unmap(slot, page);
                return false;
            }
        }

        return true;
    }

    // SAFETY: as above.
    private static void Unmap(int slot, int pages)
    {
        for (int page = 0; page < pages; page++)
        {
            PhysicalAddress frame = KernelPageTable.Unmap(BottomOf(slot) + ((ulong)page * PageSize.Bytes));
            FrameDatabase.Return(frame.FrameNumber, FrameKind.KernelStack);
        }

        slots.Used[slot / 64] &= ~(1UL << (slot % 64));
        hint = slot / 64 < hint ? slot / 64 : hint; // the lowest slots again: their page tables are there already
    }

    private struct Slots
    {
        public fixed ulong Used[WordCount];
    }

    private struct ReadyStacks
    {
        public fixed int Slots[ReadyCapacity];
    }
}
