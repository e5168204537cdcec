using System;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;

namespace LiteBox.North.Files;

/// <summary>Makes the bytes of a binary attribute. Not None: what the read answers.</summary>
internal delegate Errno BlobSource(Task reader, out byte[] bytes);

/// <summary>Takes the bytes of a binary attribute.</summary>
internal delegate void BlobSink(ReadOnlySpan<byte> bytes);

/// <summary>A binary attribute of an object in configfs: made once for each open file that reads it; what is written counts when the file is closed.</summary>
internal sealed class ConfigBlob : Inode
{
    /// <summary>An attribute that can be read.</summary>
    public ConfigBlob(FileSystem fileSystem, BlobSource source)
        : base(fileSystem, FileMode.Regular | 0x124) // 0444
    {
        Source = source;
    }

    /// <summary>An attribute that can be written, up to <paramref name="limit"/> bytes.</summary>
    public ConfigBlob(FileSystem fileSystem, BlobSink sink, int limit)
        : base(fileSystem, FileMode.Regular | 0x80) // 0200
    {
        Sink = sink;
        Limit = limit;
    }

    public BlobSource? Source { get; }

    public BlobSink? Sink { get; }

    /// <summary>The most bytes that can be written.</summary>
    public int Limit { get; }

    /// <inheritdoc/>
    public override Errno Open(Task task, in Location location, int flags, out OpenFile? file)
    {
        file = ConfigAccess.IsOffered(this, flags) ? new ConfigBlobFile(location, flags, this) : null;
        return file is null ? Errno.EACCES : Errno.None;
    }

    /// <inheritdoc/>
    public override Errno Truncate(long size) => Errno.None;
}

/// <summary>An open binary attribute (fs/configfs/file.c). It has a position and no seeking.</summary>
internal sealed class ConfigBlobFile : OpenFile
{
    private readonly ConfigBlob attribute;
    private byte[]? bytes;
    private int length;

    public ConfigBlobFile(in Location location, int flags, ConfigBlob attribute)
        : base(location, flags)
    {
        this.attribute = attribute;
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
        if (bytes is null)
        {
            Errno error = attribute.Source!(task, out byte[] made);
            if (error != Errno.None)
            {
                return error;
            }

            bytes = made;
        }

        if (position >= bytes.Length)
        {
            return 0;
        }

        int count = (int)Math.Min(destination.Remaining, bytes.Length - position);
        return destination.TryWrite(new ReadOnlySpan<byte>(bytes, (int)position, count)) || destination.Count > 0 ? destination.Count : Errno.EFAULT;
    }

    /// <inheritdoc/>
    public override Result Write(Task task, ref DataSource source)
    {
        Result result = WriteAt(task, ref source, Position);
        Position += source.Count;
        return result;
    }

    /// <inheritdoc/>
    public override Result WriteAt(Task task, ref DataSource source, long position)
    {
        if (bytes is null)
        {
            if (!task.Kernel.Machine.Heap.TryReserve(attribute.Limit + 64))
            {
                return Errno.ENOMEM;
            }

            bytes = new byte[attribute.Limit];
        }

        if (position > bytes.Length - source.Length)
        {
            return Errno.EFBIG;
        }

        int end = (int)position + source.Length;
        if (!source.TryRead(bytes.AsSpan((int)position, source.Length)))
        {
            return Errno.EFAULT;
        }

        length = Math.Max(length, end);
        return source.Count;
    }

    /// <inheritdoc/>
    protected override void OnLastClose(Task? task)
    {
        if (IsWritable && bytes is not null)
        {
            attribute.Sink!(bytes.AsSpan(0, length));
        }
    }
}
