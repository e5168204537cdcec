using System.Runtime.CompilerServices;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>stat(2), statx(2), statfs(2), access(2) and their kin.</summary>
internal static class StatusCalls
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>STATX__RESERVED.</summary>
    private const uint ReservedMask = 0x8000_0000;

    /// <summary>AT_STATX_SYNC_TYPE: both bits together make no sense.</summary>
    private const int SyncTypeMask = 0x6000;

    public static void AddTo(SystemCallTable table)
    {
        table.Add(SystemCallNumber.stat, (Task task, in SystemCallArguments a) => At(task, PathCall.WorkingDirectory, a.A0, a.A1, 0));
        table.Add(SystemCallNumber.lstat, (Task task, in SystemCallArguments a) => At(task, PathCall.WorkingDirectory, a.A0, a.A1, PathCall.NoFollow));
        table.Add(SystemCallNumber.fstat, (Task task, in SystemCallArguments a) => OfDescriptor(task, a.Int0, a.A1));
        table.Add(SystemCallNumber.newfstatat, (Task task, in SystemCallArguments a) => At(task, a.Int0, a.A1, a.A2, a.Int3));
        table.Add(SystemCallNumber.statx, Extended);
        table.Add(SystemCallNumber.statfs, OfFileSystem);
        table.Add(SystemCallNumber.fstatfs, OfFileSystemByDescriptor);
        table.Add(SystemCallNumber.access, (Task task, in SystemCallArguments a) => MayAccess(task, PathCall.WorkingDirectory, a.A0, a.Int1, 0));
        table.Add(SystemCallNumber.faccessat, (Task task, in SystemCallArguments a) => MayAccess(task, a.Int0, a.A1, a.Int2, 0));
        table.Add(SystemCallNumber.faccessat2, (Task task, in SystemCallArguments a) => MayAccess(task, a.Int0, a.A1, a.Int2, a.Int3));
    }

    private static Result At(Task task, int descriptor, ulong path, ulong buffer, int flags)
    {
        const int Known = PathCall.NoFollow | PathCall.NoAutomount | PathCall.EmptyPath | SyncTypeMask;
        if ((flags & ~Known) != 0)
        {
            return Errno.EINVAL;
        }

        // glibc's fstat is this: an empty path, not worth a buffer.
        if ((flags & PathCall.EmptyPath) != 0 && descriptor >= 0 && IsEmptyString(task, path))
        {
            return OfDescriptor(task, descriptor, buffer);
        }

        Errno error = PathCall.Find(task, descriptor, path, PathCall.ToLookup(flags), out Location found);
        return error != Errno.None ? error : Store(task, found.Inode, buffer);
    }

    private static bool IsEmptyString(Task task, ulong path)
    {
        System.Span<byte> first = stackalloc byte[1];
        return task.UserMemory.TryRead(new UserAddress(path), first) && first[0] == 0;
    }

    private static Result OfDescriptor(Task task, int descriptor, ulong buffer) =>
        task.Files.TryGet(descriptor, out OpenFile? file) ? Store(task, file.Inode, buffer) : Errno.EBADF;

    private static Result Store(Task task, Inode inode, ulong buffer)
    {
        FileStatus status = default;
        status.Device = inode.FileSystem.DeviceNumber;
        status.Inode = inode.Number;
        status.LinkCount = inode.LinkCount;
        status.Mode = inode.Mode;
        status.UserId = inode.UserId;
        status.GroupId = inode.GroupId;
        status.SpecialDevice = inode.DeviceNumber;
        status.Size = inode.Size;
        status.BlockSize = inode.FileSystem.BlockSize;
        status.Blocks = inode.BlockCount;
        status.AccessSeconds = Split(inode.AccessTime, out status.AccessNanoseconds);
        status.ModifySeconds = Split(inode.ModifyTime, out status.ModifyNanoseconds);
        status.ChangeSeconds = Split(inode.ChangeTime, out status.ChangeNanoseconds);
        return new UserPointer<FileStatus>(buffer).TryWrite(task.UserMemory, status) ? Result.Success : Errno.EFAULT;
    }

    /// <summary>Seconds, rounded down, and the rest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Split(long time, out long nanoseconds)
    {
        long seconds = time / NanosecondsPerSecond;
        nanoseconds = time - (seconds * NanosecondsPerSecond);
        if (nanoseconds < 0)
        {
            seconds--;
            nanoseconds += NanosecondsPerSecond;
        }

        return seconds;
    }

    private static Result Extended(Task task, in SystemCallArguments a)
    {
        int flags = a.Int2;
        uint mask = (uint)a.A3;
        const int Known = PathCall.NoFollow | PathCall.NoAutomount | PathCall.EmptyPath | SyncTypeMask;
        if ((mask & ReservedMask) != 0 || (flags & ~Known) != 0 || (flags & SyncTypeMask) == SyncTypeMask)
        {
            return Errno.EINVAL;
        }

        Errno error = PathCall.Find(task, a.Int0, a.A1, PathCall.ToLookup(flags), out Location found);
        if (error != Errno.None)
        {
            return error;
        }

        Inode inode = found.Inode;
        ExtendedFileStatus status = default;
        status.Mask = ExtendedFileStatus.BasicMask | (mask & ExtendedFileStatus.MountIdMask);
        status.BlockSize = (uint)inode.FileSystem.BlockSize;
        status.AttributesMask = ExtendedFileStatus.MountRootAttribute;
        status.Attributes = found.Dentry == found.Mount.Root ? ExtendedFileStatus.MountRootAttribute : 0;
        status.LinkCount = inode.LinkCount;
        status.UserId = inode.UserId;
        status.GroupId = inode.GroupId;
        status.Mode = (ushort)inode.Mode;
        status.Inode = inode.Number;
        status.Size = (ulong)inode.Size;
        status.Blocks = (ulong)inode.BlockCount;
        status.AccessTime = ToTimestamp(inode.AccessTime);
        status.ChangeTime = ToTimestamp(inode.ChangeTime);
        status.ModifyTime = ToTimestamp(inode.ModifyTime);
        status.SpecialDeviceMajor = DeviceNumbers.Major(inode.DeviceNumber);
        status.SpecialDeviceMinor = DeviceNumbers.Minor(inode.DeviceNumber);
        status.DeviceMajor = DeviceNumbers.Major(inode.FileSystem.DeviceNumber);
        status.DeviceMinor = DeviceNumbers.Minor(inode.FileSystem.DeviceNumber);
        status.MountId = (mask & ExtendedFileStatus.MountIdMask) != 0 ? (ulong)found.Mount.Id : 0;
        return new UserPointer<ExtendedFileStatus>(a.A4).TryWrite(task.UserMemory, status) ? Result.Success : Errno.EFAULT;
    }

    private static ExtendedTimestamp ToTimestamp(long time)
    {
        ExtendedTimestamp timestamp = default;
        timestamp.Seconds = Split(time, out long nanoseconds);
        timestamp.Nanoseconds = (uint)nanoseconds;
        return timestamp;
    }

    private static Result OfFileSystem(Task task, in SystemCallArguments a)
    {
        Errno error = PathCall.Find(task, PathCall.WorkingDirectory, a.A0, LookupFlags.Follow, out Location found);
        return error != Errno.None ? error : Store(task, found, a.A1);
    }

    private static Result OfFileSystemByDescriptor(Task task, in SystemCallArguments a) =>
        task.Files.TryGet(a.Int0, out OpenFile? file) ? Store(task, file.Location, a.A1) : Errno.EBADF;

    private static Result Store(Task task, in Location location, ulong buffer)
    {
        const long ValidFlag = 0x20; // ST_VALID (include/linux/statfs.h)
        FileSystem fileSystem = location.Inode.FileSystem;
        FileSystemSize size = fileSystem.Size;
        FileSystemStatus status = default;
        status.Type = fileSystem.Magic;
        status.BlockSize = fileSystem.BlockSize;
        status.Blocks = size.Blocks;
        status.FreeBlocks = size.FreeBlocks;
        status.AvailableBlocks = size.FreeBlocks;
        status.Files = size.Files;
        status.FreeFiles = size.FreeFiles;
        status.NameLength = PathWalk.MaximumNameLength;
        status.FragmentSize = fileSystem.BlockSize;
        status.Flags = ValidFlag | location.Mount.StatusFlags;
        return new UserPointer<FileSystemStatus>(buffer).TryWrite(task.UserMemory, status) ? Result.Success : Errno.EFAULT;
    }

    private static Result MayAccess(Task task, int descriptor, ulong path, int mode, int flags)
    {
        const int UseEffectiveIds = PathCall.RemoveDirectory; // AT_EACCESS has the same value
        if ((mode & ~7) != 0 || (flags & ~(UseEffectiveIds | PathCall.NoFollow | PathCall.EmptyPath)) != 0)
        {
            return Errno.EINVAL;
        }

        Errno error = PathCall.Find(task, descriptor, path, PathCall.ToLookup(flags), out Location found);
        if (error != Errno.None || mode == 0)
        {
            return error;
        }

        Credentials credentials = (flags & UseEffectiveIds) != 0 ? task.Credentials : Access.ForRealUser(task.Credentials);
        return Access.Check(credentials, found, (uint)mode);
    }
}
