using System;
using LiteBox.Abi;
using LiteBox.North.Processes;

namespace LiteBox.North.Files;

/// <summary>Makes the text of a generated symbolic link; null: ENOENT.</summary>
internal delegate byte[]? LinkTextSource(Task? reader);

/// <summary>Finds the place that a generated link leads to, whatever its text says.</summary>
internal delegate Errno LinkTargetSource(Task reader, out Location target);

/// <summary>A symbolic link that the kernel makes up: by text (/proc/self), or by a place (/proc/PID/exe).</summary>
internal sealed class GeneratedLink : Inode
{
    private readonly LinkTextSource? textSource;
    private readonly LinkTargetSource? targetSource;

    /// <summary>A link that leads where its text says.</summary>
    public GeneratedLink(FileSystem fileSystem, LinkTextSource textSource)
        : base(fileSystem, FileMode.SymbolicLink | FileMode.AccessMask)
    {
        this.textSource = textSource;
    }

    /// <summary>A link that leads to a place; its text describes the place.</summary>
    public GeneratedLink(FileSystem fileSystem, LinkTargetSource targetSource, uint permissions = FileMode.AccessMask)
        : base(fileSystem, FileMode.SymbolicLink | permissions)
    {
        this.targetSource = targetSource;
    }

    /// <inheritdoc/>
    public override long Size => targetSource is null ? 0 : 64; // what Linux says of links in /proc/PID/fd

    /// <inheritdoc/>
    public override Errno ReadLink(Task? task, out byte[]? target)
    {
        if (textSource is not null)
        {
            target = textSource(task);
            return target is null ? Errno.ENOENT : Errno.None;
        }

        target = null;
        if (task is null)
        {
            return Errno.ENOENT;
        }

        Errno error = targetSource!(task, out Location place);
        if (error == Errno.None)
        {
            target = LocationText.Describe(place, task.FileSystemContext.Root);
        }

        return error;
    }

    /// <inheritdoc/>
    public override bool TryFollow(Task? task, out Location target, out Errno error)
    {
        target = default;
        error = Errno.None;
        if (targetSource is null)
        {
            return false;
        }

        error = task is null ? Errno.ENOENT : targetSource(task, out target);
        return true;
    }
}
