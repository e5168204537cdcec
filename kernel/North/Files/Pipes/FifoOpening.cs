using LiteBox.Abi;
using LiteBox.North.Processes;

namespace LiteBox.North.Files;

/// <summary>open(2) of a named pipe (fifo(7)): each side waits for the other.</summary>
internal static class FifoOpening
{
    public static Errno Open(Task task, in Location location, int flags, Pipe pipe, out OpenFile? file)
    {
        file = null;
        bool isNonBlocking = (flags & OpenFlags.NonBlocking) != 0;
        int mode = flags & OpenFlags.AccessMask;
        if (mode == OpenFlags.WriteOnly && isNonBlocking && pipe.ReaderCount == 0)
        {
            return Errno.ENXIO;
        }

        int writerOpenings = pipe.WriterOpenings;
        int readerOpenings = pipe.ReaderOpenings;
        PipeEnd end = new(location, flags, pipe, writerOpenings);
        while (mode != OpenFlags.ReadWrite && !isNonBlocking)
        {
            bool isMet = mode == OpenFlags.ReadOnly
                ? pipe.WriterCount > 0 || pipe.WriterOpenings != writerOpenings
                : pipe.ReaderCount > 0 || pipe.ReaderOpenings != readerOpenings;
            if (isMet)
            {
                break;
            }

            Errno error = task.Wait(mode == OpenFlags.ReadOnly ? pipe.ReadReady : pipe.WriteReady);
            if (error != Errno.None)
            {
                end.Release(task);
                return error;
            }
        }

        file = end;
        return Errno.None;
    }
}
