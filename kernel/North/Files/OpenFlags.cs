namespace LiteBox.North.Files;

/// <summary>Flags of open(2) and the status flags of fcntl(2) F_GETFL (include/uapi/asm-generic/fcntl.h).</summary>
internal static class OpenFlags
{
    /// <summary>O_ACCMODE.</summary>
    public const int AccessMask = 3;

    /// <summary>O_RDONLY.</summary>
    public const int ReadOnly = 0;

    /// <summary>O_WRONLY.</summary>
    public const int WriteOnly = 1;

    /// <summary>O_RDWR.</summary>
    public const int ReadWrite = 2;

    /// <summary>Inside the kernel only (FMODE_EXEC): opened to be run, so nobody may write to it meanwhile.</summary>
    public const int Execute = 0x20;

    /// <summary>O_CREAT.</summary>
    public const int Create = 0x40;

    /// <summary>O_EXCL.</summary>
    public const int Exclusive = 0x80;

    /// <summary>O_NOCTTY.</summary>
    public const int NoControllingTerminal = 0x100;

    /// <summary>O_TRUNC.</summary>
    public const int Truncate = 0x200;

    /// <summary>O_APPEND.</summary>
    public const int Append = 0x400;

    /// <summary>O_NONBLOCK.</summary>
    public const int NonBlocking = 0x800;

    /// <summary>O_DSYNC.</summary>
    public const int DataSynchronous = 0x1000;

    /// <summary>O_ASYNC (FASYNC).</summary>
    public const int Asynchronous = 0x2000;

    /// <summary>O_DIRECT.</summary>
    public const int Direct = 0x4000;

    /// <summary>O_LARGEFILE as the kernel sets it; programs on x86-64 see 0.</summary>
    public const int LargeFile = 0x8000;

    /// <summary>O_DIRECTORY.</summary>
    public const int Directory = 0x10000;

    /// <summary>O_NOFOLLOW.</summary>
    public const int NoFollow = 0x20000;

    /// <summary>O_NOATIME.</summary>
    public const int NoAccessTime = 0x40000;

    /// <summary>O_CLOEXEC.</summary>
    public const int CloseOnExec = 0x80000;

    /// <summary>O_SYNC without O_DSYNC's bit.</summary>
    public const int Synchronous = 0x100000;

    /// <summary>O_PATH.</summary>
    public const int PathOnly = 0x200000;

    /// <summary>O_TMPFILE without O_DIRECTORY's bit.</summary>
    public const int Unnamed = 0x400000;

    /// <summary>Flags that F_GETFL does not show: they mattered at open only.</summary>
    public const int OpenOnly = Execute | Create | Exclusive | NoControllingTerminal | Truncate | CloseOnExec;

    /// <summary>What F_SETFL can change (SETFL_MASK).</summary>
    public const int Settable = Append | NonBlocking | Asynchronous | Direct | NoAccessTime;
}
