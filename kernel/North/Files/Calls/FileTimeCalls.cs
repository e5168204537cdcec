using System;
using System.Buffers.Binary;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>utimensat(2) and its older forms.</summary>
internal static class FileTimeCalls
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const long NanosecondsPerMicrosecond = 1000;

    /// <summary>UTIME_NOW (include/linux/stat.h).</summary>
    private const long Now = 0x3FFF_FFFF;

    /// <summary>UTIME_OMIT.</summary>
    private const long Omit = 0x3FFF_FFFE;

    /// <summary>Years 1677 to 2262: what nanoseconds in 64 bits can say; others are cut to that.</summary>
    private const long MaximumSeconds = long.MaxValue / NanosecondsPerSecond;

    public static void AddTo(SystemCallTable table)
    {
        table.Add(SystemCallNumber.utimensat, SetByDescriptorAndPath);
        table.Add(SystemCallNumber.utimes, (Task task, in SystemCallArguments a) => SetMicroseconds(task, PathCall.WorkingDirectory, a.A0, a.A1));
        table.Add(SystemCallNumber.futimesat, (Task task, in SystemCallArguments a) => SetMicroseconds(task, a.Int0, a.A1, a.A2));
        table.Add(SystemCallNumber.utime, SetSeconds);
    }

    private static Result SetByDescriptorAndPath(Task task, in SystemCallArguments a)
    {
        int flags = a.Int3;
        if ((flags & ~(PathCall.NoFollow | PathCall.EmptyPath)) != 0)
        {
            return Errno.EINVAL;
        }

        FileTimes times = FileTimes.BothNow;
        if (a.A2 != 0)
        {
            Span<byte> bytes = stackalloc byte[32];
            if (!task.UserMemory.TryRead(new UserAddress(a.A2), bytes))
            {
                return Errno.EFAULT;
            }

            if (!TryDecode(bytes, out FileTime access) || !TryDecode(bytes.Slice(16), out FileTime modify))
            {
                return Errno.EINVAL;
            }

            times = new FileTimes(access, modify);
            if (access.IsOmitted && modify.IsOmitted)
            {
                return Result.Success;
            }
        }

        if (a.A1 == 0)
        {
            using FileUse use = FileUse.Of(task, a.Int0);
            return use.File is not { } file ? Errno.EBADF : flags != 0 ? Errno.EINVAL : Set(task, file.Location, times);
        }

        Errno error = PathCall.Find(task, a.Int0, a.A1, PathCall.ToLookup(flags), out Location found);
        return error != Errno.None ? error : Set(task, found, times);
    }

    private static bool TryDecode(ReadOnlySpan<byte> timespec, out FileTime time)
    {
        long seconds = BinaryPrimitives.ReadInt64LittleEndian(timespec);
        long nanoseconds = BinaryPrimitives.ReadInt64LittleEndian(timespec.Slice(8));
        time = nanoseconds switch
        {
            Now => FileTime.Now,
            Omit => FileTime.Omitted,
            _ => FileTime.At(seconds, nanoseconds),
        };
        return nanoseconds is Now or Omit || (ulong)nanoseconds < (ulong)NanosecondsPerSecond;
    }

    private static Result SetMicroseconds(Task task, int descriptor, ulong path, ulong address)
    {
        FileTimes times = FileTimes.BothNow;
        if (address != 0)
        {
            Span<byte> bytes = stackalloc byte[32];
            if (!task.UserMemory.TryRead(new UserAddress(address), bytes))
            {
                return Errno.EFAULT;
            }

            long accessMicroseconds = BinaryPrimitives.ReadInt64LittleEndian(bytes.Slice(8));
            long modifyMicroseconds = BinaryPrimitives.ReadInt64LittleEndian(bytes.Slice(24));
            if ((ulong)accessMicroseconds >= 1_000_000 || (ulong)modifyMicroseconds >= 1_000_000)
            {
                return Errno.EINVAL;
            }

            times = new FileTimes(
                FileTime.At(BinaryPrimitives.ReadInt64LittleEndian(bytes), accessMicroseconds * NanosecondsPerMicrosecond),
                FileTime.At(BinaryPrimitives.ReadInt64LittleEndian(bytes.Slice(16)), modifyMicroseconds * NanosecondsPerMicrosecond));
        }

        Errno error = PathCall.Find(task, descriptor, path, LookupFlags.Follow, out Location found);
        return error != Errno.None ? error : Set(task, found, times);
    }

    private static Result SetSeconds(Task task, in SystemCallArguments a)
    {
        FileTimes times = FileTimes.BothNow;
        if (a.A1 != 0)
        {
            Span<byte> bytes = stackalloc byte[16];
            if (!task.UserMemory.TryRead(new UserAddress(a.A1), bytes))
            {
                return Errno.EFAULT;
            }

            times = new FileTimes(
                FileTime.At(BinaryPrimitives.ReadInt64LittleEndian(bytes), 0),
                FileTime.At(BinaryPrimitives.ReadInt64LittleEndian(bytes.Slice(8)), 0));
        }

        Errno error = PathCall.Find(task, PathCall.WorkingDirectory, a.A0, LookupFlags.Follow, out Location found);
        return error != Errno.None ? error : Set(task, found, times);
    }

    /// <summary>
    /// The owner may set any times; others only both to now, and only with write permission (utimensat(2), "Permissions requirements").
    /// </summary>
    private static Result Set(Task task, in Location location, in FileTimes times)
    {
        Inode inode = location.Inode;
        if (location.Mount.IsReadOnly)
        {
            return Errno.EROFS;
        }

        if (!Access.IsOwner(task.Credentials, inode))
        {
            if (!times.AreBothNow)
            {
                return Errno.EPERM;
            }

            if (!Access.Allows(task.Credentials, inode, Access.Write))
            {
                return Errno.EACCES;
            }
        }

        Errno error = inode.BeforeAttributeChange();
        if (error != Errno.None)
        {
            return error;
        }

        long now = inode.FileSystem.Now;
        inode.AccessTime = times.Access.Resolve(now, inode.AccessTime);
        inode.ModifyTime = times.Modify.Resolve(now, inode.ModifyTime);
        inode.ChangeTime = now;
        return Result.Success;
    }

    /// <summary>One time that a program asked for.</summary>
    private readonly struct FileTime
    {
        private readonly long value;
        private readonly bool isNow;

        private FileTime(long value, bool isNow, bool isOmitted)
        {
            this.value = value;
            this.isNow = isNow;
            IsOmitted = isOmitted;
        }

        public static FileTime Now => new(0, true, false);

        public static FileTime Omitted => new(0, false, true);

        public bool IsOmitted { get; }

        public bool IsNow => isNow;

        public static FileTime At(long seconds, long nanoseconds) =>
            new((Math.Clamp(seconds, -MaximumSeconds, MaximumSeconds - 1) * NanosecondsPerSecond) + nanoseconds, false, false);

        public long Resolve(long now, long previous) => IsOmitted ? previous : isNow ? now : value;
    }

    /// <summary>Both times.</summary>
    private readonly struct FileTimes
    {
        public FileTimes(in FileTime access, in FileTime modify)
        {
            Access = access;
            Modify = modify;
        }

        public static FileTimes BothNow => new(FileTime.Now, FileTime.Now);

        public FileTime Access { get; }

        public FileTime Modify { get; }

        public bool AreBothNow => Access.IsNow && Modify.IsNow;
    }
}
