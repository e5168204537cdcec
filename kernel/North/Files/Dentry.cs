using System;

namespace LiteBox.North.Files;

/// <summary>
/// A name in a directory and the inode it stands for. Directories have exactly one; other inodes one for each hard link. The file systems here
/// live in memory, so the names a directory holds are its contents and no cache of them. A rename moves the name, so that whoever holds it
/// (working directories, open files) sees the new path, as on Linux.
/// </summary>
internal sealed class Dentry
{
    private byte[] name;

    /// <summary>A name not yet in a directory's table; the root of a file system has no parent and the name "/".</summary>
    public Dentry(Dentry? parent, ReadOnlySpan<byte> name, Inode inode)
    {
        Parent = parent;
        this.name = name.ToArray();
        Hash = NameHash.Of(name);
        Inode = inode;
    }

    /// <summary>The directory that holds (or last held) the name; null for a file system's root.</summary>
    public Dentry? Parent { get; private set; }

    /// <summary>The bytes of the name: anything without '/' and 0.</summary>
    public ReadOnlySpan<byte> Name => name;

    /// <summary>What the name stands for.</summary>
    public Inode Inode { get; }

    /// <summary><see cref="NameHash"/> of the name.</summary>
    public uint Hash { get; private set; }

    /// <summary>True once the name was taken out of its directory (unlink, rmdir, renamed over).</summary>
    public bool IsRemoved { get; set; }

    /// <summary>True for a file made with O_TMPFILE and without O_EXCL: link(2) may give it a name.</summary>
    public bool IsLinkable { get; set; }

    /// <summary>How many mounts have this directory as their mount point.</summary>
    public int MountCount { get; set; }

    /// <summary>The next one in the same bucket of the directory's table.</summary>
    public Dentry? NextInBucket { get; set; }

    /// <summary>The neighbour that came into the directory after this one.</summary>
    public Dentry? Newer { get; set; }

    /// <summary>The neighbour that came into the directory before this one.</summary>
    public Dentry? Older { get; set; }

    /// <summary>Order of arrival in its directory: what a directory's file position is made of.</summary>
    public long Sequence { get; set; }

    /// <summary>rename(2): another name, perhaps in another directory. The dentry is in no directory's table at this moment.</summary>
    public void Rename(Dentry parent, ReadOnlySpan<byte> newName)
    {
        Parent = parent;
        name = newName.ToArray();
        Hash = NameHash.Of(newName);
    }
}

/// <summary>The hash of names in directories (FNV-1a, 32 bits), as a whole or byte by byte while a path is scanned.</summary>
internal static class NameHash
{
    /// <summary>The hash of the empty name.</summary>
    public const uint Start = 2166136261;

    /// <summary>The hash with one more byte.</summary>
    public static uint Add(uint hash, byte value) => unchecked((hash ^ value) * 16777619);

    public static uint Of(ReadOnlySpan<byte> name)
    {
        uint hash = Start;
        foreach (byte value in name)
        {
            hash = Add(hash, value);
        }

        return hash;
    }
}
