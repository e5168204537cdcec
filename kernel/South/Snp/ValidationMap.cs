using LiteBox.South.Memory;

namespace LiteBox.South.Snp;

/// <summary>
/// The guest's own record of which of its frames are validated (T25): all RAM but the intervals listed here, which firmware left unaccepted or the kernel
/// has given up. The host is not asked. An attack that swaps pages needs one address validated twice; whoever validates asks here first.
/// </summary>
internal sealed class ValidationMap
{
    /// <summary>Intervals at most: firmware has a few, and the kernel's shared pool is one more.</summary>
    private const int Capacity = 64;

    private readonly ulong[] starts = new ulong[Capacity];
    private readonly ulong[] ends = new ulong[Capacity];
    private int count;

    /// <summary>Frames that are not validated.</summary>
    public ulong UnvalidatedCount { get; private set; }

    /// <summary>True where all of these frames are validated.</summary>
    public bool IsValidated(ulong start, ulong end)
    {
        for (int i = 0; i < count; i++)
        {
            if (starts[i] < end && start < ends[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Notes that frames are not validated, or no more. False where one of them was not already.</summary>
    public bool TryRescind(ulong start, ulong end)
    {
        if (start >= end || !IsValidated(start, end))
        {
            return false;
        }

        UnvalidatedCount += end - start;
        for (int i = 0; i < count; i++)
        {
            if (ends[i] == start)
            {
                ends[i] = end;
                return true;
            }
        }

        Add(start, end);
        return true;
    }

    /// <summary>Notes that frames are about to be validated. False where one of them is already: then nothing is noted.</summary>
    public bool TryValidate(ulong start, ulong end)
    {
        for (int i = 0; i < count; i++)
        {
            if (start < end && starts[i] <= start && end <= ends[i])
            {
                UnvalidatedCount -= end - start;
                Cut(i, start, end);
                return true;
            }
        }

        return false;
    }

    private void Cut(int index, ulong start, ulong end)
    {
        ulong oldStart = starts[index];
        ulong oldEnd = ends[index];
        count--;
        starts[index] = starts[count];
        ends[index] = ends[count];
        if (oldStart < start)
        {
            Add(oldStart, start);
        }

        if (end < oldEnd)
        {
            Add(end, oldEnd);
        }
    }

    private void Add(ulong start, ulong end)
    {
        if (count == Capacity)
        {
            Invariant.Broken("Memory without validation lies in more places than the kernel can note.");
        }

        starts[count] = start;
        ends[count++] = end;
    }
}
