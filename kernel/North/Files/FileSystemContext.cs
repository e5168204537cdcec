namespace LiteBox.North.Files;

/// <summary>
/// What a task's paths start from: root and working directory, and the umask. Tasks made with CLONE_FS share one; others have a copy.
/// </summary>
internal sealed class FileSystemContext
{
    /// <summary>Linux's first umask (INIT_FS).</summary>
    private const uint InitialUmask = 0x12; // 022 octal

    public FileSystemContext(VirtualFileSystem virtualFileSystem, in Location root)
    {
        VirtualFileSystem = virtualFileSystem;
        Root = root;
        WorkingDirectory = root;
        Umask = InitialUmask;
    }

    private FileSystemContext(FileSystemContext source)
    {
        VirtualFileSystem = source.VirtualFileSystem;
        Root = source.Root;
        WorkingDirectory = source.WorkingDirectory;
        Umask = source.Umask;
    }

    /// <summary>The tree of mounts.</summary>
    public VirtualFileSystem VirtualFileSystem { get; }

    /// <summary>Where absolute paths start (chroot(2)); <c>..</c> stops here.</summary>
    public Location Root { get; set; }

    /// <summary>Where relative paths start (chdir(2)).</summary>
    public Location WorkingDirectory { get; set; }

    /// <summary>Permission bits that new files do not get (umask(2)).</summary>
    public uint Umask { get; set; }

    /// <summary>fork(2).</summary>
    public FileSystemContext Clone() => new(this);
}
