using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>One open description of a pipe or FIFO: it reads, writes, or both.</summary>
internal sealed class PipeEnd : OpenFile
{
    private const uint BytesToRead = 0x541B; // FIONREAD

    private readonly bool reads;
    private readonly bool writes;
    private readonly int writerOpeningsAtOpen;

    /// <summary>Joins the pipe. <paramref name="writerOpeningsAtOpen"/>: a hang-up is only what comes after it.</summary>
    public PipeEnd(in Location location, int flags, Pipe pipe, int writerOpeningsAtOpen)
        : base(location, flags)
    {
        Pipe = pipe;
        this.writerOpeningsAtOpen = writerOpeningsAtOpen;
        reads = (flags & OpenFlags.AccessMask) != OpenFlags.WriteOnly;
        writes = (flags & OpenFlags.AccessMask) != OpenFlags.ReadOnly;
        if (reads)
        {
            pipe.AddReader();
        }

        if (writes)
        {
            pipe.AddWriter();
        }
    }

    public Pipe Pipe { get; }

    /// <inheritdoc/>
    public override Result Read(Task task, ref DataDestination destination) => Pipe.Read(task, ref destination, IsNonBlocking);

    /// <inheritdoc/>
    public override Result Write(Task task, ref DataSource source) => Pipe.Write(task, ref source, IsNonBlocking);

    /// <inheritdoc/>
    public override Result Control(Task task, uint request, ulong argument) => request == BytesToRead
        ? UserWords.WriteInt32(task, argument, Pipe.Count)
        : Errno.ENOTTY;

    /// <inheritdoc/>
    public override uint Poll(PollRegistration? registration)
    {
        if (registration is not null)
        {
            if (reads)
            {
                registration.Add(Pipe.ReadReady);
            }

            if (writes)
            {
                registration.Add(Pipe.WriteReady);
            }
        }

        return Pipe.Poll(reads, writes, writerOpeningsAtOpen);
    }

    /// <inheritdoc/>
    protected override void OnLastClose(Task? task)
    {
        if (reads)
        {
            Pipe.RemoveReader();
        }

        if (writes)
        {
            Pipe.RemoveWriter();
        }
    }
}
