using System;
using System.Buffers.Binary;
using LiteBox.Abi;
using LiteBox.Platform;

namespace LiteBox.North.Processes;

/// <summary>Reads clone3(2)'s structure, whose size the program gives: what it left out is zero, what the kernel does not know must be.</summary>
internal static class CloneArgumentsReader
{
    /// <summary>EFAULT, or E2BIG where bytes beyond the known ones are not zero.</summary>
    public static Errno Read(Task task, UserAddress address, int size, int knownSize, out CloneArguments values)
    {
        values = default;
        Span<byte> bytes = stackalloc byte[128];
        bytes.Clear();
        if (!task.UserMemory.TryRead(address, bytes.Slice(0, Math.Min(size, knownSize))))
        {
            return Errno.EFAULT;
        }

        Span<byte> rest = stackalloc byte[64];
        for (int offset = knownSize; offset < size; offset += rest.Length)
        {
            Span<byte> part = rest.Slice(0, Math.Min(rest.Length, size - offset));
            if (!task.UserMemory.TryRead(address + (ulong)offset, part))
            {
                return Errno.EFAULT;
            }

            foreach (byte value in part)
            {
                if (value != 0)
                {
                    return Errno.E2BIG;
                }
            }
        }

        values = new CloneArguments
        {
            Flags = Word(bytes, 0),
            ProcessDescriptor = Word(bytes, 1),
            ChildId = Word(bytes, 2),
            ParentId = Word(bytes, 3),
            ExitSignal = Word(bytes, 4),
            Stack = Word(bytes, 5),
            StackSize = Word(bytes, 6),
            ThreadPointer = Word(bytes, 7),
            SetIds = Word(bytes, 8),
            SetIdCount = Word(bytes, 9),
            ControlGroup = Word(bytes, 10),
        };
        return Errno.None;
    }

    private static ulong Word(ReadOnlySpan<byte> bytes, int index) =>
        BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(index * sizeof(ulong)));
}
