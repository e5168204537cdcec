using System;
using LiteBox.North.Text;

namespace LiteBox.North.Files;

/// <summary>Places as text: what getcwd(2), /proc/PID/fd and /proc/PID/maps show.</summary>
internal static class LocationText
{
    private static ReadOnlySpan<byte> UnreachableMark => "(unreachable)"u8;

    /// <summary>
    /// Writes the path of a place, as seen from <paramref name="root"/>, at the end of the buffer. False: it does not fit. What lies
    /// outside the root begins with "(unreachable)", as on Linux.
    /// </summary>
    public static bool TryWrite(scoped in Location location, scoped in Location root, Span<byte> buffer, out ReadOnlySpan<byte> path)
    {
        path = default;
        int start = buffer.Length;
        Location current = location;
        while (!current.IsSame(root))
        {
            if (current.Dentry == current.Mount.Root)
            {
                if (current.Mount.Parent is null)
                {
                    if (current.Mount.Id != 0 && !IsInTree(current))
                    {
                        if (start < UnreachableMark.Length)
                        {
                            return false;
                        }

                        start -= UnreachableMark.Length;
                        UnreachableMark.CopyTo(buffer.Slice(start));
                        path = buffer.Slice(start);
                        return true;
                    }

                    break;
                }

                current = new Location(current.Mount.Parent, current.Mount.MountPoint!);
                continue;
            }

            Dentry? parent = current.Dentry.Parent;
            if (parent is null)
            {
                break;
            }

            ReadOnlySpan<byte> name = current.Dentry.Name;
            if (name.Length + 1 > start)
            {
                return false;
            }

            start -= name.Length;
            name.CopyTo(buffer.Slice(start));
            buffer[--start] = (byte)'/';
            current = new Location(current.Mount, parent);
        }

        if (start == buffer.Length)
        {
            if (start == 0)
            {
                return false;
            }

            buffer[--start] = (byte)'/';
        }

        path = buffer.Slice(start);
        return true;
    }

    /// <summary>
    /// The text of a place for /proc: the path, "pipe:[7]" and the like for files without one, " (deleted)" behind names that are gone. The result is new.
    /// </summary>
    public static byte[] Describe(in Location location, in Location root)
    {
        if (location.Dentry.Parent is null && location.Inode is AnonymousInode inode)
        {
            return DescribeAnonymous(location.Dentry.Name, inode.Number);
        }

        Span<byte> buffer = new byte[PathName.MaximumLength];
        if (!TryWrite(location, root, buffer, out ReadOnlySpan<byte> path))
        {
            return [];
        }

        if (!location.Dentry.IsRemoved)
        {
            return path.ToArray();
        }

        ReadOnlySpan<byte> mark = " (deleted)"u8;
        byte[] marked = new byte[path.Length + mark.Length];
        path.CopyTo(marked);
        mark.CopyTo(marked.AsSpan(path.Length));
        return marked;
    }

    // A name that ends in a colon gets the inode's number: "pipe:" is shown as "pipe:[7]". Others, "anon_inode:[eventfd]", stand as they are.
    private static byte[] DescribeAnonymous(ReadOnlySpan<byte> name, ulong number)
    {
        if (name[^1] != (byte)':')
        {
            return name.ToArray();
        }

        Span<byte> text = stackalloc byte[64];
        name.CopyTo(text);
        int length = name.Length;
        text[length++] = (byte)'[';
        int digits = DecimalText.Write(text.Slice(length), number);
        length += digits;
        text[length++] = (byte)']';
        return text.Slice(0, length).ToArray();
    }

    private static bool IsInTree(in Location location) => location.Mount == location.Inode.FileSystem.VirtualFileSystem.Root;
}
