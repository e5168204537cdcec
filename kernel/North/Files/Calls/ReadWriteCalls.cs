using System;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>read(2), write(2) and their kin with one buffer.</summary>
internal static class ReadWriteCalls
{
    /// <summary>MAX_RW_COUNT (include/linux/fs.h): no call moves more.</summary>
    public const int MaximumLength = 0x7FFF_F000;

    /// <summary>Heap that a write may need: page tables of a file's cache.</summary>
    private const int WriteHeap = 8192;

    public static void AddTo(SystemCallTable table)
    {
        table.Add(SystemCallNumber.read, Read);
        table.Add(SystemCallNumber.write, Write, heapBytes: WriteHeap);
        table.Add(SystemCallNumber.pread64, ReadAt);
        table.Add(SystemCallNumber.pwrite64, WriteAt, heapBytes: WriteHeap);
        table.Add(SystemCallNumber.lseek, Seek);
    }

    /// <summary>Bounds a length to what one call moves. False: EFAULT, for a range that does not lie in the user half.</summary>
    public static bool TryBound(ulong address, ulong length, out int bounded, out Errno error)
    {
        bounded = length > MaximumLength ? MaximumLength : (int)length;
        error = Errno.EFAULT;
        return new UserAddress(address).IsRangeInUserHalf(length);
    }

    /// <summary>
    /// Makes sure that the heap can hold the page tables that a write of this length may need: the fixed reserve covers small ones only.
    /// </summary>
    public static bool TryReserveForWrite(Task task, int length) =>
        length <= 1 << 20 || task.Kernel.Machine.Heap.TryReserve(WriteHeap + (length / 256));

    private static Result Read(Task task, in SystemCallArguments arguments)
    {
        using FileUse use = FileUse.Of(task, arguments.Int0);
        if (use.File is not { IsReadable: true } file)
        {
            return Errno.EBADF;
        }

        if (!TryBound(arguments.A1, arguments.A2, out int length, out Errno error))
        {
            return error;
        }

        DataDestination destination = new(task.UserMemory, new UserAddress(arguments.A1), length);
        return file.Read(task, ref destination);
    }

    private static Result Write(Task task, in SystemCallArguments arguments)
    {
        using FileUse use = FileUse.Of(task, arguments.Int0);
        if (use.File is not { IsWritable: true } file)
        {
            return Errno.EBADF;
        }

        if (!TryBound(arguments.A1, arguments.A2, out int length, out Errno error))
        {
            return error;
        }

        if (!TryReserveForWrite(task, length))
        {
            return Errno.ENOMEM;
        }

        DataSource source = new(task.UserMemory, new UserAddress(arguments.A1), length);
        return file.Write(task, ref source);
    }

    private static Result ReadAt(Task task, in SystemCallArguments arguments)
    {
        long position = unchecked((long)arguments.A3);
        if (position < 0)
        {
            return Errno.EINVAL;
        }

        using FileUse use = FileUse.Of(task, arguments.Int0);
        if (use.File is not { } file)
        {
            return Errno.EBADF;
        }

        if (!file.IsReadable)
        {
            return Errno.EBADF;
        }

        if (!TryBound(arguments.A1, arguments.A2, out int length, out Errno error))
        {
            return error;
        }

        DataDestination destination = new(task.UserMemory, new UserAddress(arguments.A1), length);
        return file.ReadAt(task, ref destination, position);
    }

    private static Result WriteAt(Task task, in SystemCallArguments arguments)
    {
        long position = unchecked((long)arguments.A3);
        if (position < 0)
        {
            return Errno.EINVAL;
        }

        using FileUse use = FileUse.Of(task, arguments.Int0);
        if (use.File is not { IsWritable: true } file)
        {
            return Errno.EBADF;
        }

        if (!TryBound(arguments.A1, arguments.A2, out int length, out Errno error))
        {
            return error;
        }

        if (!TryReserveForWrite(task, length))
        {
            return Errno.ENOMEM;
        }

        DataSource source = new(task.UserMemory, new UserAddress(arguments.A1), length);
        return file.WriteAt(task, ref source, position);
    }

    private static Result Seek(Task task, in SystemCallArguments arguments)
    {
        using FileUse use = FileUse.Of(task, arguments.Int0);
        if (use.File is not { } file)
        {
            return Errno.EBADF;
        }

        return (uint)arguments.A2 > SeekOrigins.Hole ? Errno.EINVAL : file.Seek(unchecked((long)arguments.A1), arguments.Int2);
    }
}
