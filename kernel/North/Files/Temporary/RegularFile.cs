using System;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.Signals;
using LiteBox.North.SystemCalls;

namespace LiteBox.North.Files;

/// <summary>An open regular file in memory.</summary>
internal sealed class RegularFile : OpenFile
{
    private const int KeepSize = 1; // FALLOC_FL_KEEP_SIZE
    private const int PunchHole = 2; // FALLOC_FL_PUNCH_HOLE

    private readonly TemporaryFile file;

    public RegularFile(in Location location, int flags, TemporaryFile file)
        : base(location, flags)
    {
        this.file = file;
    }

    /// <inheritdoc/>
    public override Result Read(Task task, ref DataDestination destination)
    {
        Result result = ReadAt(task, ref destination, Position);
        Position += destination.Count;
        return result;
    }

    /// <inheritdoc/>
    public override Result ReadAt(Task task, ref DataDestination destination, long position)
    {
        Errno error = file.Pages.Read(position, ref destination);
        if (file.AccessTime <= file.ModifyTime && (StatusFlags & OpenFlags.NoAccessTime) == 0 && !Location.Mount.IsReadOnly)
        {
            file.AccessTime = file.FileSystem.Now;
        }

        return destination.Count == 0 ? error : destination.Count;
    }

    /// <inheritdoc/>
    public override Result Write(Task task, ref DataSource source)
    {
        if ((StatusFlags & OpenFlags.Append) != 0)
        {
            Position = file.Pages.Size;
        }

        Result result = WriteAtPosition(task, ref source, Position);
        Position += source.Count;
        return result;
    }

    // Linux appends even here (pwrite(2), BUGS).
    /// <inheritdoc/>
    public override Result WriteAt(Task task, ref DataSource source, long position) =>
        WriteAtPosition(task, ref source, (StatusFlags & OpenFlags.Append) != 0 ? file.Pages.Size : position);

    /// <inheritdoc/>
    public override Result Seek(long offset, int whence)
    {
        long position;
        switch (whence)
        {
            case SeekOrigins.Set:
                position = offset;
                break;
            case SeekOrigins.Current:
                position = unchecked(Position + offset);
                break;
            case SeekOrigins.End:
                position = unchecked(file.Size + offset);
                break;
            case SeekOrigins.Data or SeekOrigins.Hole:
                if (offset < 0 || offset >= file.Size)
                {
                    return Errno.ENXIO;
                }

                position = file.Pages.FindNext(offset, whence == SeekOrigins.Data);
                if (position < 0)
                {
                    if (whence == SeekOrigins.Data)
                    {
                        return Errno.ENXIO;
                    }

                    position = file.Size; // the end of a file is a hole
                }

                break;
            default:
                return Errno.EINVAL;
        }

        if (position < 0)
        {
            return Errno.EINVAL;
        }

        Position = position;
        return position;
    }

    /// <inheritdoc/>
    public override Errno Allocate(int mode, long offset, long length)
    {
        if ((mode & ~(KeepSize | PunchHole)) != 0 || mode == PunchHole)
        {
            return Errno.EOPNOTSUPP;
        }

        if ((mode & PunchHole) != 0)
        {
            if ((file.Seals & (FileSeals.NoWriting | FileSeals.NoFutureWriting)) != 0)
            {
                return Errno.EPERM;
            }

            file.Pages.Punch(offset, length);
        }
        else
        {
            bool grows = (mode & KeepSize) == 0 && offset + length > file.Size;
            if (grows && (file.Seals & FileSeals.NoGrowing) != 0)
            {
                return Errno.EPERM;
            }

            Errno error = file.Pages.Allocate(offset, length);
            if (error != Errno.None)
            {
                return error;
            }

            if (grows)
            {
                file.Pages.Resize(offset + length);
            }
        }

        Touch();
        return Errno.None;
    }

    private Result WriteAtPosition(Task task, ref DataSource source, long position)
    {
        if (source.Length == 0)
        {
            return 0;
        }

        long limit = FileSizeLimit.Of(task);
        if (position >= limit)
        {
            return FileSizeLimit.Exceeded(task);
        }

        if (source.Length > limit - position)
        {
            source.Shorten((int)(limit - position));
        }

        if (file.Seals > FileSeals.NoMoreSeals && RefusesWrite(position + source.Length))
        {
            return Errno.EPERM;
        }

        // Page tables come from the heap, which must be able to give them before anything is done.
        if (!file.Pages.HasTablesFor(position, position + source.Length)
            && !task.Kernel.Machine.Heap.TryReserve(PageCache.TableHeap + (source.Length / PageCache.BytesPerHeapByte)))
        {
            return Errno.ENOMEM;
        }

        Errno error = file.Pages.Write(position, ref source);
        if (source.Count == 0)
        {
            return error;
        }

        Touch();
        if ((file.Mode & (FileMode.SetUserId | FileMode.SetGroupId)) != 0)
        {
            SetIdBits.RemoveAfterWrite(task, file);
        }

        return source.Count;
    }

    private bool RefusesWrite(long end) =>
        (file.Seals & (FileSeals.NoWriting | FileSeals.NoFutureWriting)) != 0 || ((file.Seals & FileSeals.NoGrowing) != 0 && end > file.Size);

    private void Touch()
    {
        long now = file.FileSystem.Now;
        file.ModifyTime = now;
        file.ChangeTime = now;
    }
}
