using System;
using LiteBox.Abi;
using LiteBox.North.Memory;
using LiteBox.North.Processes;
using LiteBox.North.Randomness;
using LiteBox.North.SystemCalls;

namespace LiteBox.North.Files;

/// <summary>An open device without a position of its own: seeking succeeds and stays at 0 (Linux's null_lseek).</summary>
internal abstract class StreamDeviceFile : OpenFile
{
    protected StreamDeviceFile(in Location location, int flags)
        : base(location, flags)
    {
    }

    /// <inheritdoc/>
    public override Result Seek(long offset, int whence) => 0;

    /// <inheritdoc/>
    public override Result ReadAt(Task task, ref DataDestination destination, long position) => Read(task, ref destination);

    /// <inheritdoc/>
    public override Result WriteAt(Task task, ref DataSource source, long position) => Write(task, ref source);
}

/// <summary>/dev/null: empty, and takes everything.</summary>
internal sealed class NullFile : StreamDeviceFile
{
    public NullFile(in Location location, int flags)
        : base(location, flags)
    {
    }

    /// <inheritdoc/>
    public override Result Read(Task task, ref DataDestination destination) => 0;

    /// <inheritdoc/>
    public override Result Write(Task task, ref DataSource source) => source.Length;
}

/// <summary>/dev/zero: endless zeros. A mapping of it is anonymous memory.</summary>
internal sealed class ZeroFile : StreamDeviceFile
{
    public ZeroFile(in Location location, int flags)
        : base(location, flags)
    {
    }

    /// <inheritdoc/>
    public override MemoryObject MemoryObject =>
        new SharedAnonymousMemory(Inode.FileSystem.Machine.Frames, long.MaxValue);

    /// <inheritdoc/>
    public override Result Read(Task task, ref DataDestination destination)
    {
        if (!destination.TryWriteZeros(destination.Remaining))
        {
            return destination.Count > 0 ? destination.Count : Errno.EFAULT;
        }

        return destination.Count;
    }

    /// <inheritdoc/>
    public override Result Write(Task task, ref DataSource source) => source.Length;
}

/// <summary>/dev/full: endless zeros, and never room (full(4)).</summary>
internal sealed class FullFile : StreamDeviceFile
{
    public FullFile(in Location location, int flags)
        : base(location, flags)
    {
    }

    /// <inheritdoc/>
    public override Result Read(Task task, ref DataDestination destination)
    {
        if (!destination.TryWriteZeros(destination.Remaining))
        {
            return destination.Count > 0 ? destination.Count : Errno.EFAULT;
        }

        return destination.Count;
    }

    /// <inheritdoc/>
    public override Result Write(Task task, ref DataSource source) => Errno.ENOSPC;
}

/// <summary>/dev/random and /dev/urandom: the same (random(4)).</summary>
internal sealed class RandomFile : StreamDeviceFile
{
    private const uint GetEntropyCount = 0x80045200; // RNDGETENTCNT

    private readonly RandomGenerator generator;

    public RandomFile(in Location location, int flags, RandomGenerator generator)
        : base(location, flags)
    {
        this.generator = generator;
    }

    /// <inheritdoc/>
    public override Result Read(Task task, ref DataDestination destination) => RandomCalls.Copy(generator, task, ref destination);

    /// <inheritdoc/>
    public override Result Write(Task task, ref DataSource source)
    {
        Span<byte> piece = stackalloc byte[256];
        while (source.Remaining > 0)
        {
            Span<byte> part = piece.Slice(0, Math.Min(piece.Length, source.Remaining));
            if (!source.TryRead(part))
            {
                return source.Count > 0 ? source.Count : Errno.EFAULT;
            }

            generator.Mix(part);
        }

        return source.Count;
    }

    /// <inheritdoc/>
    public override Result Control(Task task, uint request, ulong argument) =>
        request == GetEntropyCount ? UserWords.WriteInt32(task, argument, 256) : Errno.EINVAL;
}

/// <summary>The devices of major number 1 (Documentation/admin-guide/devices.txt), each made by its minor number.</summary>
internal sealed class MemoryDevice : CharacterDevice
{
    /// <summary>MEM_MAJOR.</summary>
    public const uint Major = 1;

    public const uint Null = 3;
    public const uint Zero = 5;
    public const uint Full = 7;
    public const uint Random = 8;
    public const uint UnlimitedRandom = 9;

    private readonly uint minor;

    public MemoryDevice(uint minor) => this.minor = minor;

    /// <inheritdoc/>
    public override Errno Open(Task task, in Location location, int flags, out OpenFile? file)
    {
        file = minor switch
        {
            Null => new NullFile(location, flags),
            Zero => new ZeroFile(location, flags),
            Full => new FullFile(location, flags),
            _ => new RandomFile(location, flags, location.Inode.FileSystem.VirtualFileSystem.Kernel.Random),
        };
        return Errno.None;
    }
}
