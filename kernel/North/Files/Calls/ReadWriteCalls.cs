using System.Runtime.CompilerServices;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>
/// read(2), write(2) and their kin with one buffer. They reserve no heap: what a file needs for it, it reserves itself.
/// </summary>
internal static class ReadWriteCalls
{
    /// <summary>MAX_RW_COUNT (include/linux/fs.h): no call moves more.</summary>
    public const int MaximumLength = 0x7FFF_F000;

    public static void AddTo(SystemCallTable table)
    {
        table.Add(SystemCallNumber.read, Read);
        table.Add(SystemCallNumber.write, Write);
        table.Add(SystemCallNumber.pread64, ReadAt);
        table.Add(SystemCallNumber.pwrite64, WriteAt);
        table.Add(SystemCallNumber.lseek, Seek);
    }

    /// <summary>Bounds a length to what one call moves. False: EFAULT, for a range that does not lie in the user half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryBound(ulong address, ulong length, out int bounded, out Errno error)
    {
        bounded = length > MaximumLength ? MaximumLength : (int)length;
        error = Errno.EFAULT;
        return new UserAddress(address).IsRangeInUserHalf(length);
    }

    /// <summary>Whether a range ends at a position that a file can have (rw_verify_area in fs/read_write.c). False: EINVAL.</summary>
    /// <param name="position">Where it starts, not negative.</param>
    /// <param name="length">Its length in bytes, within the user half.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsWithinFile(long position, ulong length) => length <= (ulong)(long.MaxValue - position);

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

        if (!IsWithinFile(file.Position, arguments.A2))
        {
            return Errno.EINVAL;
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

        if (!IsWithinFile(file.Position, arguments.A2))
        {
            return Errno.EINVAL;
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

        if (!IsWithinFile(position, arguments.A2))
        {
            return Errno.EINVAL;
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

        if (!IsWithinFile(position, arguments.A2))
        {
            return Errno.EINVAL;
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
