using System;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;
using LiteBox.North.Text;

namespace LiteBox.North.Files;

/// <summary>Writes the text of a generated file for <paramref name="reader"/>. Not None: what the read answers.</summary>
internal delegate Errno TextSource(Task reader, ref TextWriter text);

/// <summary>Takes what a program writes to a generated file.</summary>
internal delegate Errno TextSink(Task writer, ReadOnlySpan<byte> text);

/// <summary>A file whose text is made when it is read (/proc, /sys).</summary>
internal sealed class GeneratedText : Inode
{
    private readonly TextSource source;
    private readonly TextSink? sink;

    public GeneratedText(FileSystem fileSystem, uint permissions, TextSource source, TextSink? sink = null)
        : base(fileSystem, FileMode.Regular | permissions)
    {
        this.source = source;
        this.sink = sink;
    }

    /// <summary>st_size: 0 in /proc, a page in /sys.</summary>
    public long ShownSize { get; init; }

    /// <inheritdoc/>
    public override long Size => ShownSize;

    /// <inheritdoc/>
    public override Errno Open(Task task, in Location location, int flags, out OpenFile? file)
    {
        file = new GeneratedTextFile(location, flags, source, sink);
        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno Truncate(long size) => Errno.None; // a shell's ">" truncates, which means nothing here

    /// <inheritdoc/>
    public override Errno BeforeAttributeChange() => Errno.EPERM;
}

/// <summary>An open generated file: the text is made at the first read and again at each read from the start, so that one pass sees one state.</summary>
internal sealed class GeneratedTextFile : OpenFile
{
    private const int LongestWrite = 4096;

    /// <summary>Heap that making a text takes: a listing of a large program's memory is the longest.</summary>
    private const int TextHeap = 256 << 10;

    private readonly TextSource source;
    private readonly TextSink? sink;
    private byte[]? text;

    public GeneratedTextFile(in Location location, int flags, TextSource source, TextSink? sink)
        : base(location, flags)
    {
        this.source = source;
        this.sink = sink;
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
        if (text is null || position == 0)
        {
            if (!task.Kernel.Machine.Heap.TryReserve(TextHeap))
            {
                return Errno.ENOMEM;
            }

            TextWriter writer = new();
            Errno error = source(task, ref writer);
            if (error != Errno.None)
            {
                return error;
            }

            text = writer.ToArray();
        }

        if (position >= text.Length)
        {
            return 0;
        }

        int count = (int)Math.Min(destination.Remaining, text.Length - position);
        return destination.TryWrite(new ReadOnlySpan<byte>(text, (int)position, count)) ? count : Errno.EFAULT;
    }

    /// <inheritdoc/>
    public override Result Write(Task task, ref DataSource source)
    {
        if (sink is null)
        {
            return Errno.EIO;
        }

        if (!task.Kernel.Machine.Heap.TryReserve(TextHeap))
        {
            return Errno.ENOMEM;
        }

        byte[] bytes = new byte[Math.Min(source.Length, LongestWrite)];
        if (!source.TryRead(bytes))
        {
            return Errno.EFAULT;
        }

        Errno error = sink(task, bytes);
        return error != Errno.None ? error : bytes.Length;
    }

    /// <inheritdoc/>
    public override Result WriteAt(Task task, ref DataSource source, long position) => Write(task, ref source);

    /// <inheritdoc/>
    public override Result Seek(long offset, int whence) => SeekWithoutEnd(offset, whence);
}
