using System;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>sendfile(2) and copy_file_range(2): from one file to another through a frame.</summary>
internal static class TransferCalls
{
    private const int Heap = 16 << 10;

    public static void AddTo(SystemCallTable table)
    {
        table.Add(SystemCallNumber.sendfile, Send, heapBytes: Heap);
        table.Add(SystemCallNumber.copy_file_range, CopyRange, heapBytes: Heap);
    }

    private static Result Send(Task task, in SystemCallArguments a)
    {
        using FileUse outUse = FileUse.Of(task, a.Int0);
        using FileUse inUse = FileUse.Of(task, a.Int1);
        if (inUse.File is not { IsReadable: true } source || outUse.File is not { IsWritable: true } target)
        {
            return Errno.EBADF;
        }

        long position = -1;
        if (a.A2 != 0)
        {
            if (!UserWords.TryReadInt64(task, a.A2, out position))
            {
                return Errno.EFAULT;
            }

            if (position < 0)
            {
                return Errno.EINVAL;
            }
        }

        if (source.Inode.IsDirectory || (!source.Inode.IsRegular && position < 0 && source is PipeEnd))
        {
            return Errno.EINVAL;
        }

        if ((target.StatusFlags & OpenFlags.Append) != 0)
        {
            return Errno.EINVAL;
        }

        Result result = Move(task, source, position, target, -1, a.A3);
        if (position >= 0 && !result.IsError && UserWords.WriteInt64(task, a.A2, position + result.Value).IsError)
        {
            return Errno.EFAULT;
        }

        return result;
    }

    private static Result CopyRange(Task task, in SystemCallArguments a)
    {
        using FileUse inUse = FileUse.Of(task, a.Int0);
        using FileUse outUse = FileUse.Of(task, a.Int2);
        if (a.A5 != 0)
        {
            return Errno.EINVAL;
        }

        if (inUse.File is not { } source || outUse.File is not { } target)
        {
            return Errno.EBADF;
        }

        long from = -1;
        long to = -1;
        if ((a.A1 != 0 && !UserWords.TryReadInt64(task, a.A1, out from)) || (a.A3 != 0 && !UserWords.TryReadInt64(task, a.A3, out to)))
        {
            return Errno.EFAULT;
        }

        if (source.Inode.IsDirectory || target.Inode.IsDirectory)
        {
            return Errno.EISDIR;
        }

        if (!source.Inode.IsRegular || !target.Inode.IsRegular)
        {
            return Errno.EINVAL;
        }

        if (!source.IsReadable || !target.IsWritable || (target.StatusFlags & OpenFlags.Append) != 0)
        {
            return Errno.EBADF;
        }

        if ((a.A1 != 0 && from < 0) || (a.A3 != 0 && to < 0))
        {
            return Errno.EINVAL;
        }

        if (source.Inode.FileSystem != target.Inode.FileSystem)
        {
            return Errno.EXDEV;
        }

        long start = a.A1 != 0 ? from : source.Position;
        long targetStart = a.A3 != 0 ? to : target.Position;
        ulong length = Math.Min(a.A4, ReadWriteCalls.MaximumLength);
        bool overlaps = source.Inode == target.Inode && start < targetStart + (long)length && targetStart < start + (long)length;
        if (overlaps)
        {
            return Errno.EINVAL;
        }

        Result result = Move(task, source, from, target, to, length);
        if (result.IsError)
        {
            return result;
        }

        bool isStored = (a.A1 == 0 || !UserWords.WriteInt64(task, a.A1, from + result.Value).IsError)
            && (a.A3 == 0 || !UserWords.WriteInt64(task, a.A3, to + result.Value).IsError);
        return isStored ? result : Errno.EFAULT;
    }

    /// <summary>
    /// Moves bytes until the length, the end of the source, or an error that comes after the first bytes. Position -1: the file's own, which moves by
    /// what was written.
    /// </summary>
    private static Result Move(Task task, OpenFile source, long from, OpenFile target, long to, ulong length)
    {
        FrameAllocator frames = task.Kernel.Machine.Frames;
        if (!frames.TryAllocate(FrameContents.Undefined, out Frame frame))
        {
            return Errno.ENOMEM;
        }

        long moved = 0;
        long left = (long)Math.Min(length, ReadWriteCalls.MaximumLength);
        Errno error = Errno.None;
        while (left > 0)
        {
            Span<byte> buffer = frames.Bytes(frame).Slice(0, (int)Math.Min(left, UserAddress.PageSize));
            DataDestination destination = new(buffer);
            Result read = from < 0 ? source.Read(task, ref destination) : source.ReadAt(task, ref destination, from + moved);
            if (read.Value <= 0)
            {
                error = read.Error;
                break;
            }

            int count = (int)read.Value;
            DataSource data = new(buffer.Slice(0, count));
            Result written = to < 0 ? target.Write(task, ref data) : target.WriteAt(task, ref data, to + moved);
            int writtenCount = written.IsError ? 0 : (int)written.Value;
            if (from < 0 && writtenCount < count)
            {
                source.Seek(writtenCount - count, SeekOrigins.Current);
            }

            moved += writtenCount;
            left -= writtenCount;
            if (writtenCount < count)
            {
                error = written.Error;
                break;
            }

            if (count < buffer.Length && !source.Inode.IsRegular)
            {
                break; // a device gave what it has now
            }

            if (task.HasDeliverableSignal)
            {
                break;
            }
        }

        frames.Release(frame);
        return moved > 0 ? moved : error;
    }
}
