using LiteBox.North.Memory;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;
using LiteBox.Abi;

namespace LiteBox.North.Files;

/// <summary>
/// An open file description (open(2)): what descriptors point to, shared by dup and fork. Kinds of files derive from it. Counted: the last
/// <see cref="Release"/> closes it. Reads and writes may wait; a wait that a signal ends gives ERESTARTSYS when nothing was moved.
/// </summary>
internal abstract class OpenFile
{
    private int ownerCount = 1;

    /// <summary>Access mode and status flags as open(2) and fcntl(2) F_GETFL have them.</summary>
    public int StatusFlags { get; set; }

    /// <summary>The file position, in bytes.</summary>
    public long Position { get; set; }

    /// <summary>One more descriptor or mapping refers to this description.</summary>
    public void AddOwner() => ownerCount++;

    /// <summary>One descriptor less; the last one closes.</summary>
    public void Release(Task? task)
    {
        if (--ownerCount == 0)
        {
            OnLastClose(task);
        }
    }

    /// <summary>Reads at the position and moves it. The result is the number of bytes; 0 at the end.</summary>
    public virtual Result Read(Task task, ref DataDestination destination) => Errno.EINVAL;

    /// <summary>Writes at the position (or the end, with O_APPEND) and moves it.</summary>
    public virtual Result Write(Task task, ref DataSource source) => Errno.EINVAL;

    /// <summary>pread(2): reads at <paramref name="position"/> and leaves the file position alone. ESPIPE where there is none.</summary>
    public virtual Result ReadAt(Task task, ref DataDestination destination, long position) => Errno.ESPIPE;

    /// <summary>pwrite(2).</summary>
    public virtual Result WriteAt(Task task, ref DataSource source, long position) => Errno.ESPIPE;

    /// <summary>lseek(2).</summary>
    public virtual Result Seek(long offset, int whence) => Errno.ESPIPE;

    /// <summary>ioctl(2).</summary>
    public virtual Result Control(Task task, uint request, ulong argument) => Errno.ENOTTY;

    /// <summary>
    /// The poll(2) events that hold now. With <paramref name="registration"/> not null, the file also adds an entry of it to each wait queue whose
    /// waking can change the answer.
    /// </summary>
    public virtual uint Poll(PollRegistration? registration) => 0x0145; // POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM: always ready

    /// <summary>What mmap(2) maps; null: ENODEV.</summary>
    public virtual MemoryObject? MemoryObject => null;

    /// <summary>The inode behind the description, for fstat and friends.</summary>
    public abstract Inode Inode { get; }

    /// <summary>The last descriptor was closed.</summary>
    protected virtual void OnLastClose(Task? task)
    {
    }
}
