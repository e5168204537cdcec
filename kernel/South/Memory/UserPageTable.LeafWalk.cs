using System;
using System.Numerics;
using LiteBox.Platform;

namespace LiteBox.South.Memory;

internal sealed unsafe partial class UserPageTable
{
    /// <summary>Goes through what is mapped in a range: leaf table by leaf table, and within one entry by entry, passing over what is empty.</summary>
    private ref struct LeafWalk
    {
        private readonly UserPageTable owner;
        private readonly ulong end;
        private ulong next;
        private ulong groups;
        private ulong firstIndex;
        private ulong endIndex;
        private ulong index;
        private ulong groupEnd;

        public LeafWalk(UserPageTable owner, UserAddress start, ulong pageCount)
        {
            CheckRange(start, pageCount);
            this.owner = owner;
            next = start.Value;
            end = start.Value + (pageCount << PageSize.Shift);
        }

        /// <summary>The leaf table at hand.</summary>
        public ulong* Leaf { get; private set; }

        /// <summary>First address that the leaf table maps, in the range or not.</summary>
        public ulong Region { get; private set; }

        /// <summary>Goes to the next leaf table that exists. False at the end of the range.</summary>
        // SAFETY: the table is one of the owner's.
        public bool TryNext()
        {
            while (next < end)
            {
                ulong* leaf = owner.FindLeaf(next);
                if (leaf is not null)
                {
                    ulong start = next;
                    next = (next | PageSize.LargeMask) + 1;
                    Begin(leaf, start, Math.Min(next, end));
                    return true;
                }

                next = owner.PassAbsent(next);
            }

            return false;
        }

        /// <summary>Goes to the next entry of the leaf table that is not zero. False at the end of its part of the range.</summary>
        // SAFETY: indices stay below 512.
        public bool TryNextEntry(out ulong entryIndex)
        {
            while (true)
            {
                while (index < groupEnd)
                {
                    entryIndex = index++;
                    if (Leaf[entryIndex] != 0)
                    {
                        return true;
                    }
                }

                if (groups == 0)
                {
                    entryIndex = 0;
                    return false;
                }

                ulong group = (ulong)BitOperations.TrailingZeroCount(groups);
                groups &= groups - 1;
                index = Math.Max(group * 8, firstIndex);
                groupEnd = Math.Min((group * 8) + 8, endIndex);
            }
        }

        // SAFETY: as above.
        private void Begin(ulong* leaf, ulong start, ulong stop)
        {
            Leaf = leaf;
            Region = start & ~PageSize.LargeMask;
            firstIndex = (start - Region) >> PageSize.Shift;
            endIndex = (stop - Region) >> PageSize.Shift;
            ulong from = ulong.MaxValue << (int)(firstIndex >> 3);
            ulong to = ulong.MaxValue >> (int)(63 - ((endIndex - 1) >> 3));
            groups = RecordOf(leaf)->EntryGroups & from & to;
            index = 0;
            groupEnd = 0;
        }
    }

    /// <summary>Collects which translations went stale: a few are flushed one by one, more of them all at once.</summary>
    private ref struct StaleTranslations
    {
        /// <summary>From here on a whole flush is cheaper.</summary>
        private const int FlushAllFrom = 32;

        private readonly bool isCurrent;
        private int count;

        public StaleTranslations(UserPageTable table) => isCurrent = table.IsCurrent;

        /// <summary>A present entry changed.</summary>
        public void Add(ulong address)
        {
            if (isCurrent && ++count < FlushAllFrom)
            {
                TranslationCache.Invalidate(address);
            }
        }

        /// <summary>Any number of present entries changed.</summary>
        public void AddAll() => count = FlushAllFrom;

        /// <summary>To be called at the end.</summary>
        public readonly void Flush()
        {
            if (isCurrent && count >= FlushAllFrom)
            {
                TranslationCache.InvalidateAll();
            }
        }
    }
}
