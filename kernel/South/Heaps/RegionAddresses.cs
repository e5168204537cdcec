namespace LiteBox.South.Heaps;

/// <summary>Which parts of the heap's address range are in use: slots of 1 MiB, one bit each. Addresses are plenty; only frames are dear.</summary>
internal static unsafe class RegionAddresses
{
    /// <summary>Bytes of a slot.</summary>
    public const ulong SlotSize = 1UL << SlotShift;

    /// <summary>Slots in all: 64 GiB.</summary>
    public const int SlotCount = 65536;

    private const int SlotShift = 20;

    private static Slots slots;

    // All slots below this one are in use.
    private static int lowest;

    /// <summary>
    /// Takes the lowest neighbouring slots that are enough for so many bytes; the answer is the offset of the first in the range. False: there
    /// are none. The lowest, so that few page tables are needed.
    /// </summary>
    public static bool TryTake(ulong bytes, out ulong offset)
    {
        int count = CountFor(bytes);
        if (!TryFind(lowest, count, out int first))
        {
            offset = 0;
            return false;
        }

        Mark(first, count, true);
        lowest = first == lowest ? first + count : lowest;
        offset = (ulong)first << SlotShift;
        return true;
    }

    /// <summary>Gives the slots of a region back.</summary>
    public static void Return(ulong offset, ulong bytes)
    {
        int first = (int)(offset >> SlotShift);
        Mark(first, CountFor(bytes), false);
        lowest = first < lowest ? first : lowest;
    }

    private static int CountFor(ulong bytes) => (int)((bytes + SlotSize - 1) >> SlotShift);

    // SAFETY: slots below SlotCount only.
    private static bool TryFind(int start, int count, out int first)
    {
        int run = 0;
        for (int slot = start; slot < SlotCount; slot++)
        {
            run = (slots.Used[slot >> 6] & (1UL << (slot & 63))) == 0 ? run + 1 : 0;
            if (run == count)
            {
                first = slot - count + 1;
                return true;
            }
        }

        first = 0;
        return false;
    }

    // SAFETY: the slots were found by TryFind, or are a region's.
    private static void Mark(int first, int count, bool used)
    {
        for (int slot = first; slot < first + count; slot++)
        {
            ulong bit = 1UL << (slot & 63);
            slots.Used[slot >> 6] = used ? slots.Used[slot >> 6] | bit : slots.Used[slot >> 6] & ~bit;
        }
    }

    private struct Slots
    {
        public fixed ulong Used[SlotCount / 64];
    }
}
