using System;
using System.Runtime.CompilerServices;
using LiteBox.Abi;
using LiteBox.North.Processes;

namespace LiteBox.North.Files;

/// <summary>What the last component of a path is.</summary>
internal enum LastComponent
{
    /// <summary>A name to look up in the parent.</summary>
    Name,

    /// <summary>The path is "/" (or slashes only): there is no parent.</summary>
    Root,

    /// <summary>".": the parent itself.</summary>
    Dot,

    /// <summary>"..".</summary>
    DotDot,
}

/// <summary>
/// Walks a path from name to name (path_resolution(7)): symbolic links, "..", mount points, search permission. It is used on the stack: first
/// <see cref="WalkToParent"/>, then what the call wants to do with the last component; or <see cref="Walk"/> for the whole.
/// </summary>
internal ref struct PathWalk
{
    /// <summary>NAME_MAX (include/uapi/linux/limits.h).</summary>
    public const int MaximumNameLength = 255;

    /// <summary>MAXSYMLINKS (include/linux/namei.h): more in one walk are ELOOP.</summary>
    private const int MaximumLinks = 40;

    private readonly Task? task;
    private readonly Credentials credentials;
    private readonly Location root;
    private Location current;
    private int linkCount;

    /// <summary>A walk on a task's behalf, which starts at <paramref name="start"/> where the path is relative.</summary>
    public PathWalk(Task task, in Location start)
    {
        this.task = task;
        credentials = task.Credentials;
        root = task.FileSystemContext.Root;
        current = start;
    }

    /// <summary>A walk of the kernel's own, from a root.</summary>
    public PathWalk(in Location root)
    {
        credentials = Credentials.Root;
        this.root = root;
        current = root;
    }

    /// <summary>Where the walk is: the parent after <see cref="WalkToParent"/>, the end after <see cref="Walk"/> or <see cref="WalkLast"/>.</summary>
    public readonly Location Current => current;

    /// <summary>The last component, after <see cref="WalkToParent"/>. It lies in the path or in a symbolic link's text.</summary>
    public ReadOnlySpan<byte> LastName { get; private set; }

    /// <summary><see cref="NameHash"/> of <see cref="LastName"/>.</summary>
    public uint LastHash { get; private set; }

    /// <summary>What the last component is.</summary>
    public LastComponent LastKind { get; private set; }

    /// <summary>True where slashes follow the last component: it must be a directory.</summary>
    public bool HasTrailingSlash { get; private set; }

    /// <summary>Finds what a path names.</summary>
    public static Errno Lookup(Task task, in Location start, ReadOnlySpan<byte> path, LookupFlags flags, out Location found)
    {
        PathWalk walk = new(task, start);
        Errno error = walk.Walk(path, flags);
        found = walk.current;
        return error;
    }

    /// <summary>Walks the whole path; <see cref="Current"/> is what it names.</summary>
    public Errno Walk(ReadOnlySpan<byte> path, LookupFlags flags)
    {
        if (path.Length == 0)
        {
            return (flags & LookupFlags.EmptyPath) != 0 ? Errno.None : Errno.ENOENT;
        }

        Errno error = WalkToParent(path);
        if (error != Errno.None)
        {
            return error;
        }

        bool mustBeDirectory = HasTrailingSlash || (flags & LookupFlags.Directory) != 0;
        error = WalkLast(HasTrailingSlash || (flags & LookupFlags.Follow) != 0);
        if (error != Errno.None)
        {
            return error;
        }

        return mustBeDirectory && !current.Inode.IsDirectory ? Errno.ENOTDIR : Errno.None;
    }

    /// <summary>
    /// Walks to the directory that holds (or would hold) the last component. That directory may be searched; the last component has
    /// not been looked up. The path is not empty.
    /// </summary>
    public Errno WalkToParent(ReadOnlySpan<byte> path)
    {
        int position = 0;
        if (path[0] == (byte)'/')
        {
            current = root;
            position = SkipSlashes(path, 0);
            if (position == path.Length)
            {
                LastKind = LastComponent.Root;
                LastName = default;
                HasTrailingSlash = false;
                return Errno.None;
            }
        }

        while (true)
        {
            if (!current.Inode.IsDirectory)
            {
                return Errno.ENOTDIR;
            }

            if (!Access.MaySearch(credentials, current.Inode))
            {
                return Errno.EACCES;
            }

            int start = position;
            uint hash = NameHash.Start;
            while (position < path.Length)
            {
                byte value = path[position];
                if (value == (byte)'/')
                {
                    break;
                }

                hash = NameHash.Add(hash, value);
                position++;
            }

            ReadOnlySpan<byte> name = path.Slice(start, position - start);
            int next = SkipSlashes(path, position);
            LastComponent kind = KindOf(name);
            if (next == path.Length)
            {
                LastKind = kind;
                LastName = name;
                LastHash = hash;
                HasTrailingSlash = next != position;
                return Errno.None;
            }

            position = next;
            Errno error = Step(kind, name, hash, follow: true);
            if (error != Errno.None)
            {
                return error;
            }
        }
    }

    /// <summary>After <see cref="WalkToParent"/>: goes on to what the last component names, through symbolic links where told so.</summary>
    public Errno WalkLast(bool follow) => Step(LastKind, LastName, LastHash, follow);

    /// <summary>
    /// After <see cref="WalkToParent"/>: looks the last component up in the parent without going there; mount points are not crossed and links not followed.
    /// </summary>
    public readonly Errno LookupLast(out Dentry? child)
    {
        child = null;
        if (LastName.Length > MaximumNameLength)
        {
            return Errno.ENAMETOOLONG;
        }

        return current.Inode.AsDirectory!.Lookup(task, current.Dentry, LastName, LastHash, out child);
    }

    /// <summary>
    /// Follows the symbolic link <paramref name="link"/> found in <see cref="Current"/> up to the parent of its last component (open with O_CREAT).
    /// With <paramref name="jumped"/> the link led to <see cref="Current"/> itself.
    /// </summary>
    public Errno FollowToParent(Inode link, out bool jumped)
    {
        Errno error = BeginLink(link, out jumped, out byte[]? text);
        return error != Errno.None || jumped ? error : WalkToParent(text);
    }

    /// <summary>Crosses what is mounted on <see cref="Current"/>.</summary>
    public void Arrive(Dentry dentry)
    {
        current = new Location(current.Mount, dentry);
        CrossMounts();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SkipSlashes(ReadOnlySpan<byte> path, int position)
    {
        while (position < path.Length && path[position] == (byte)'/')
        {
            position++;
        }

        return position;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static LastComponent KindOf(ReadOnlySpan<byte> name)
    {
        if (name[0] != (byte)'.' || name.Length > 2)
        {
            return LastComponent.Name;
        }

        if (name.Length == 1)
        {
            return LastComponent.Dot;
        }

        return name[1] == (byte)'.' ? LastComponent.DotDot : LastComponent.Name;
    }

    /// <summary>Goes from the directory where the walk is to what one component of it names.</summary>
    private Errno Step(LastComponent kind, ReadOnlySpan<byte> name, uint hash, bool follow)
    {
        if (kind != LastComponent.Name)
        {
            if (kind == LastComponent.DotDot)
            {
                GoUp();
            }

            return Errno.None;
        }

        if (name.Length > MaximumNameLength)
        {
            return Errno.ENAMETOOLONG;
        }

        Errno error = current.Inode.AsDirectory!.Lookup(task, current.Dentry, name, hash, out Dentry? child);
        if (error != Errno.None)
        {
            return error;
        }

        if (follow && child!.Inode.IsSymbolicLink)
        {
            return FollowFully(child.Inode);
        }

        current = new Location(current.Mount, child!);
        if (child!.MountCount != 0)
        {
            CrossMounts();
        }

        return Errno.None;
    }

    /// <summary>Follows a symbolic link found in the directory where the walk is, to its end.</summary>
    private Errno FollowFully(Inode link)
    {
        Errno error = BeginLink(link, out bool jumped, out byte[]? text);
        if (error != Errno.None || jumped)
        {
            return error;
        }

        ReadOnlySpan<byte> path = text;
        error = WalkToParent(path);
        if (error != Errno.None)
        {
            return error;
        }

        bool mustBeDirectory = HasTrailingSlash;
        error = Step(LastKind, LastName, LastHash, follow: true);
        if (error != Errno.None)
        {
            return error;
        }

        return mustBeDirectory && !current.Inode.IsDirectory ? Errno.ENOTDIR : Errno.None;
    }

    private Errno BeginLink(Inode link, out bool jumped, out byte[]? text)
    {
        jumped = false;
        text = null;
        if (++linkCount > MaximumLinks)
        {
            return Errno.ELOOP;
        }

        if (link.TryFollow(task, out Location target, out Errno error))
        {
            jumped = true;
            if (error == Errno.None)
            {
                current = target;
            }

            return error;
        }

        error = link.ReadLink(task, out text);
        if (error != Errno.None)
        {
            return error;
        }

        return text!.Length == 0 ? Errno.ENOENT : Errno.None;
    }

    private void GoUp()
    {
        while (true)
        {
            if (current.IsSame(root))
            {
                return;
            }

            if (current.Dentry != current.Mount.Root)
            {
                if (current.Dentry.Parent is Dentry parent)
                {
                    current = new Location(current.Mount, parent);
                    CrossMounts();
                }

                return;
            }

            if (current.Mount.Parent is null)
            {
                return;
            }

            current = new Location(current.Mount.Parent, current.Mount.MountPoint!);
        }
    }

    private void CrossMounts()
    {
        while (current.Dentry.MountCount != 0 && current.Mount.FindChild(current.Dentry) is Mount mounted)
        {
            current = new Location(mounted, mounted.Root);
        }
    }
}
