namespace LiteBox.North.Files;

/// <summary>A place in the tree of mounted file systems: a name in a file system, seen through a mount (the same name can be seen through several).</summary>
internal readonly struct Location
{
    public Location(Mount mount, Dentry dentry)
    {
        Mount = mount;
        Dentry = dentry;
    }

    public Mount Mount { get; }

    public Dentry Dentry { get; }

    /// <summary>What the name stands for.</summary>
    public Inode Inode => Dentry.Inode;

    /// <summary>Same name through the same mount.</summary>
    public bool IsSame(in Location other) => Dentry == other.Dentry && Mount == other.Mount;
}
