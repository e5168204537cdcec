using System;
using System.Buffers.Binary;
using LiteBox.North.Processes;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>Writes directory entries to a program's buffer in the layout of getdents64(2) or getdents(2).</summary>
internal ref struct DirectoryWriter
{
    /// <summary>Header (19 bytes), name of up to 255 bytes, zero, alignment.</summary>
    private const int LongestEntry = 280;

    private readonly UserMemory memory;
    private readonly UserAddress address;
    private readonly int length;
    private readonly bool hasOldLayout;

    public DirectoryWriter(UserMemory memory, UserAddress address, int length, bool hasOldLayout)
    {
        this.memory = memory;
        this.address = address;
        this.length = length;
        this.hasOldLayout = hasOldLayout;
    }

    /// <summary>Bytes written so far.</summary>
    public int Count { get; private set; }

    /// <summary>True once the buffer could not be written: EFAULT.</summary>
    public bool HasFaulted { get; private set; }

    /// <summary>True when an entry did not fit.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Adds one entry; <paramref name="nextPosition"/> is the directory position behind it. False: full or faulted.</summary>
    public bool TryAdd(scoped ReadOnlySpan<byte> name, ulong inodeNumber, uint mode, long nextPosition)
    {
        // struct linux_dirent64: ino, off, reclen, type, name. struct linux_dirent: ino, off, reclen, name, and the type in the last byte.
        int headerLength = hasOldLayout ? 18 : 19;
        int extra = hasOldLayout ? 2 : 1;
        int entryLength = (headerLength + name.Length + extra + 7) & ~7;
        if (entryLength > length - Count)
        {
            IsFull = true;
            return false;
        }

        Span<byte> entry = stackalloc byte[LongestEntry];
        entry = entry.Slice(0, entryLength);
        entry.Clear();
        byte type = (byte)(mode >> 12);
        BinaryPrimitives.WriteUInt64LittleEndian(entry, inodeNumber);
        BinaryPrimitives.WriteInt64LittleEndian(entry.Slice(8), nextPosition);
        BinaryPrimitives.WriteUInt16LittleEndian(entry.Slice(16), (ushort)entryLength);
        if (hasOldLayout)
        {
            entry[entryLength - 1] = type;
        }
        else
        {
            entry[18] = type;
        }

        name.CopyTo(entry.Slice(headerLength));
        if (!memory.TryWrite(address + (ulong)Count, entry))
        {
            HasFaulted = true;
            return false;
        }

        Count += entryLength;
        return true;
    }
}
