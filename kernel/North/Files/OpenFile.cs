using System.Runtime.CompilerServices;
using LiteBox.Abi;
using LiteBox.North.Memory;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;

namespace LiteBox.North.Files;

/// <summary>
/// An open file description (open(2)): what descriptors point to, shared by dup and fork. Kinds of files derive from it. Counted: the last
/// <see cref="Release"/> closes it. Reads and writes may wait; a wait that a signal ends gives ERESTARTSYS when nothing was moved.
/// The access mode is checked by the system call, not here.
/// </summary>
internal abstract class OpenFile
{
    private readonly bool isExecuted;
    private int ownerCount = 1;

    /// <summary>A description of the inode at <paramref name="location"/>; <paramref name="flags"/> are open(2)'s.</summary>
    protected OpenFile(in Location location, int flags)
    {
        Location = location;
        Inode = location.Dentry.Inode;
        StatusFlags = flags & ~OpenFlags.OpenOnly;
        isExecuted = (flags & OpenFlags.Execute) != 0;
        Inode.Hold();
        CountUse(1);
    }

    /// <summary>Where it was found; a pipe or another file without a name has a place of its own outside the tree.</summary>
    public Location Location { get; }

    /// <summary>The inode behind the description.</summary>
    public Inode Inode { get; }

    /// <summary>Access mode and status flags as open(2) and fcntl(2) F_GETFL have them.</summary>
    public int StatusFlags { get; set; }

    /// <summary>The file position, in bytes.</summary>
    public long Position { get; set; }

    /// <summary>True where read(2) is allowed.</summary>
    public bool IsReadable
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (StatusFlags & (OpenFlags.WriteOnly | OpenFlags.PathOnly)) == 0;
    }

    /// <summary>True where write(2) is allowed.</summary>
    public bool IsWritable
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ((StatusFlags + 1) & OpenFlags.ReadWrite) != 0; // 1 and 2, not 0 and 3
    }

    /// <summary>True with O_NONBLOCK.</summary>
    public bool IsNonBlocking => (StatusFlags & OpenFlags.NonBlocking) != 0;

    /// <summary>True for O_PATH: a place and no more.</summary>
    public virtual bool IsPathOnly => false;

    /// <summary>One more descriptor or mapping refers to this description.</summary>
    public void AddOwner() => ownerCount++;

    /// <summary>One descriptor less; the last one closes.</summary>
    public void Release(Task? task)
    {
        if (--ownerCount == 0)
        {
            FileLocks.ReleaseOwnedBy(this, this);
            OnLastClose(task);
            CountUse(-1);
            Inode.Unhold();
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

    /// <summary>lseek(2) of a file that has no size: from its beginning, or from where it is.</summary>
    protected Result SeekWithoutEnd(long offset, int whence)
    {
        long position = whence switch
        {
            SeekOrigins.Set => offset,
            SeekOrigins.Current => Position + offset,
            _ => -1,
        };
        if (position < 0)
        {
            return Errno.EINVAL;
        }

        Position = position;
        return position;
    }

    /// <summary>ioctl(2).</summary>
    public virtual Result Control(Task task, uint request, ulong argument) => Errno.ENOTTY;

    /// <summary>
    /// The poll(2) events that hold now. With <paramref name="registration"/> not null, the file also adds an entry of it to each wait queue whose
    /// waking can change the answer.
    /// </summary>
    public virtual uint Poll(PollRegistration? registration) => PollEvents.AlwaysReady;

    /// <summary>getdents64(2): lists names from the position on.</summary>
    public virtual Errno List(Task task, ref DirectoryWriter writer) => Errno.ENOTDIR;

    /// <summary>What mmap(2) maps; null: ENODEV.</summary>
    public virtual MemoryObject? MemoryObject => Inode.MemoryObject;

    /// <summary>fallocate(2) with its mode flags.</summary>
    public virtual Errno Allocate(int mode, long offset, long length) => Errno.ENODEV;

    /// <summary>The last descriptor was closed.</summary>
    protected virtual void OnLastClose(Task? task)
    {
    }

    // A file is run or written, and not both (open(2), ETXTBSY).
    private void CountUse(int change)
    {
        if (isExecuted)
        {
            Inode.ExecutorCount += change;
        }
        else if (IsWritable)
        {
            Inode.WriterCount += change;
        }
    }
}
