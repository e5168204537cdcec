using System;
using System.Buffers.Binary;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>Single numbers to and from the program's memory.</summary>
internal static class UserWords
{
    /// <summary>Stores a C int. 0 or EFAULT.</summary>
    public static Result WriteInt32(Task task, ulong address, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return task.UserMemory.TryWrite(new UserAddress(address), bytes) ? Result.Success : Errno.EFAULT;
    }

    /// <summary>Loads a C int. False: EFAULT.</summary>
    public static bool TryReadInt32(Task task, ulong address, out int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        bool isRead = task.UserMemory.TryRead(new UserAddress(address), bytes);
        value = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        return isRead;
    }

    /// <summary>Stores a C long. 0 or EFAULT.</summary>
    public static Result WriteInt64(Task task, ulong address, long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return task.UserMemory.TryWrite(new UserAddress(address), bytes) ? Result.Success : Errno.EFAULT;
    }

    /// <summary>Loads a C long. False: EFAULT.</summary>
    public static bool TryReadInt64(Task task, ulong address, out long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        bool isRead = task.UserMemory.TryRead(new UserAddress(address), bytes);
        value = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        return isRead;
    }
}
