using System;
using System.Buffers.Binary;
using LiteBox.North.Processes;
using LiteBox.Platform;

namespace LiteBox.North.Futexes;

/// <summary>
/// Locks that a dying thread holds (set_robust_list(2)): the owner's bit is set and a waiter woken. The list is the program's: every step of it is a
/// claim, and its length is bounded.
/// </summary>
internal static class RobustFutexes
{
    /// <summary>ROBUST_LIST_LIMIT (include/uapi/linux/futex.h).</summary>
    private const int MaximumEntries = 2048;

    private const uint Waiters = 0x80000000;
    private const uint OwnerDied = 0x40000000;
    private const uint OwnerMask = 0x3FFFFFFF;

    /// <summary>Walks the task's list. Its memory is still the task's.</summary>
    public static void Release(Task task)
    {
        UserAddress head = task.RobustList;
        task.RobustList = default;
        if (head.IsNull || !TryReadWord(task, head, out ulong entry) || !TryReadWord(task, head + 8, out ulong offset)
            || !TryReadWord(task, head + 16, out ulong pending))
        {
            return;
        }

        for (int i = 0; i < MaximumEntries && (entry & ~1UL) != head.Value; i++)
        {
            var current = new UserAddress(entry & ~1UL);
            bool hasNext = TryReadWord(task, current, out entry);
            if (current.Value != (pending & ~1UL))
            {
                ReleaseOne(task, current + offset);
            }

            if (!hasNext)
            {
                return;
            }
        }

        if ((pending & ~1UL) != 0)
        {
            ReleaseOne(task, new UserAddress(pending & ~1UL) + offset);
        }
    }

    private static void ReleaseOne(Task task, UserAddress word)
    {
        if ((word.Value & 3) != 0 || !task.UserMemory.TryReadUInt32(word, out uint value))
        {
            return;
        }

        while ((value & OwnerMask) == (uint)task.Id)
        {
            uint expected = value;
            if (!task.UserMemory.TryCompareExchange(word, expected, (expected & Waiters) | OwnerDied, out value))
            {
                return;
            }

            if (value == expected)
            {
                if ((expected & Waiters) != 0)
                {
                    task.Kernel.Futexes.Wake(task, word, isPrivate: false, 1, uint.MaxValue);
                }

                return;
            }
        }
    }

    private static bool TryReadWord(Task task, UserAddress address, out ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bool success = task.UserMemory.TryRead(address, bytes);
        value = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return success;
    }
}
