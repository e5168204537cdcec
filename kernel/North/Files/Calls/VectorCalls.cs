using System;
using System.Buffers.Binary;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>readv(2), writev(2) and their kin: several buffers in one call.</summary>
internal static class VectorCalls
{
    /// <summary>UIO_MAXIOV.</summary>
    private const int MaximumCount = 1024;

    /// <summary>As many vectors are kept on the stack.</summary>
    private const int SmallCount = 16;

    /// <summary>RWF_NOWAIT and the other flags of preadv2(2) that this kernel has nothing to do for: HIPRI, DSYNC, SYNC.</summary>
    private const ulong HarmlessFlags = 0x1 | 0x2 | 0x4;

    /// <summary>RWF_APPEND.</summary>
    private const ulong AppendFlag = 0x10;

    /// <summary>RWF_NOWAIT.</summary>
    private const ulong NoWaitFlag = 0x8;

    private const int Heap = 32 << 10;

    public static void AddTo(SystemCallTable table)
    {
        table.Add(SystemCallNumber.readv, (Task task, in SystemCallArguments a) => Read(task, a.Int0, a.A1, a.A2, -1), heapBytes: Heap);
        table.Add(SystemCallNumber.writev, (Task task, in SystemCallArguments a) => Write(task, a.Int0, a.A1, a.A2, -1, false), heapBytes: Heap);
        table.Add(SystemCallNumber.preadv, ReadAt, heapBytes: Heap);
        table.Add(SystemCallNumber.pwritev, WriteAt, heapBytes: Heap);
        table.Add(SystemCallNumber.preadv2, ReadAtWithFlags, SystemCallSupport.Partial, Heap, "RWF_NOWAIT: EOPNOTSUPP");
        table.Add(SystemCallNumber.pwritev2, WriteAtWithFlags, SystemCallSupport.Partial, Heap, "RWF_NOWAIT: EOPNOTSUPP");
    }

    private static Result ReadAt(Task task, in SystemCallArguments a) =>
        (long)a.A3 < 0 ? Errno.EINVAL : Read(task, a.Int0, a.A1, a.A2, (long)a.A3);

    private static Result WriteAt(Task task, in SystemCallArguments a) =>
        (long)a.A3 < 0 ? Errno.EINVAL : Write(task, a.Int0, a.A1, a.A2, (long)a.A3, false);

    private static Result ReadAtWithFlags(Task task, in SystemCallArguments a)
    {
        if ((a.A5 & ~HarmlessFlags) != 0)
        {
            return Errno.EOPNOTSUPP;
        }

        long position = (long)a.A3;
        return position < -1 ? Errno.EINVAL : Read(task, a.Int0, a.A1, a.A2, position);
    }

    private static Result WriteAtWithFlags(Task task, in SystemCallArguments a)
    {
        if ((a.A5 & ~(HarmlessFlags | AppendFlag)) != 0 || (a.A5 & NoWaitFlag) != 0)
        {
            return Errno.EOPNOTSUPP;
        }

        long position = (long)a.A3;
        return position < -1 ? Errno.EINVAL : Write(task, a.Int0, a.A1, a.A2, position, (a.A5 & AppendFlag) != 0);
    }

    // Position -1: the file's own.
    private static Result Read(Task task, int descriptor, ulong vectors, ulong count, long position)
    {
        using FileUse use = FileUse.Of(task, descriptor);
        if (use.File is not { IsReadable: true } file)
        {
            return Errno.EBADF;
        }

        if (count > MaximumCount)
        {
            return Errno.EINVAL;
        }

        Span<byte> buffer = count <= SmallCount ? stackalloc byte[SmallCount * UserVectors.Size] : new byte[(int)count * UserVectors.Size];
        buffer = buffer.Slice(0, (int)count * UserVectors.Size);
        Errno error = TryImport(task, vectors, buffer, out int length);
        if (error != Errno.None)
        {
            return error;
        }

        if (!ReadWriteCalls.IsWithinFile(position < 0 ? file.Position : position, (ulong)length))
        {
            return Errno.EINVAL;
        }

        DataDestination destination = new(task.UserMemory, buffer, length);
        return position < 0 ? file.Read(task, ref destination) : file.ReadAt(task, ref destination, position);
    }

    private static Result Write(Task task, int descriptor, ulong vectors, ulong count, long position, bool appends)
    {
        using FileUse use = FileUse.Of(task, descriptor);
        if (use.File is not { IsWritable: true } file)
        {
            return Errno.EBADF;
        }

        if (count > MaximumCount)
        {
            return Errno.EINVAL;
        }

        Span<byte> buffer = count <= SmallCount ? stackalloc byte[SmallCount * UserVectors.Size] : new byte[(int)count * UserVectors.Size];
        buffer = buffer.Slice(0, (int)count * UserVectors.Size);
        Errno error = TryImport(task, vectors, buffer, out int length);
        if (error != Errno.None)
        {
            return error;
        }

        if (!ReadWriteCalls.IsWithinFile(position < 0 ? file.Position : position, (ulong)length))
        {
            return Errno.EINVAL;
        }

        DataSource source = new(task.UserMemory, buffer, length);
        if (appends)
        {
            return file.WriteAt(task, ref source, file.Inode.Size);
        }

        return position < 0 ? file.Write(task, ref source) : file.WriteAt(task, ref source, position);
    }

    /// <summary>Copies the vectors in, once, and checks each (import_iovec): EFAULT, EINVAL; the sum is cut at the most that a call moves.</summary>
    private static Errno TryImport(Task task, ulong address, Span<byte> vectors, out int total)
    {
        total = 0;
        if (!task.UserMemory.TryRead(new UserAddress(address), vectors))
        {
            return Errno.EFAULT;
        }

        for (int i = 0; i < vectors.Length; i += UserVectors.Size)
        {
            UserAddress start = new(BinaryPrimitives.ReadUInt64LittleEndian(vectors.Slice(i)));
            ulong length = BinaryPrimitives.ReadUInt64LittleEndian(vectors.Slice(i + 8));
            if (length > long.MaxValue)
            {
                return Errno.EINVAL;
            }

            if (!start.IsRangeInUserHalf(length))
            {
                return Errno.EFAULT;
            }

            int room = ReadWriteCalls.MaximumLength - total;
            total += length > (ulong)room ? room : (int)length;
        }

        return Errno.None;
    }
}
